import {
  checkFacts,
  lazyFacts,
  naturalResidual,
  withFacts,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { solveWithAsync } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import type { Measure } from '@stillpoint/tracking';
import { theoryOf } from '../theory.js';
import { thinned } from '../thinned.js';
import { gameOf } from './game-source.js';
import type { Arrow, FieldTrial, GameTrial, TrialEvent } from './trial.js';

type Tell = (event: TrialEvent) => void;

/**
 * Milliseconds between reports. A step that takes longer is reported as soon as it is made: it may be the
 * last.
 */
const REPORT_MS = 100;

const finite = (x: number | undefined): Measure => (x !== undefined && Number.isFinite(x) ? x : null);

/**
 * Runs one trial on a game in this process, in slices, so that it hears when it is to stop. Seconds exclude
 * measuring.
 */
export async function runGameTrial(
  { game: source, method: spec, start: from, calls, steps, tolerance }: GameTrial,
  tell: Tell,
  signal?: AbortSignal,
  given?: Game,
): Promise<void> {
  const game = given ?? (await gameOf(source));
  const start = Float64Array.from(from);
  const path = thinned<readonly [number, number]>();
  const curve = thinned<{ calls: number; residual: number }>();
  // without a stated L no theorem holds, whatever stands for it here
  const stated = withFacts(game.facts ?? {}, lazyFacts({ lipschitz: () => game.facts?.lipschitz ?? 1 }));
  const theory = theoryOf(game, methodFrom(spec, stated), start);
  const scratch: Vector = new Float64Array(game.dim);
  const begun = performance.now();
  let [measuring, reported] = [0, begun];
  let last = { steps: 0, oracleCalls: 0 };
  let residual: Measure = null;
  const seconds = (): number => (performance.now() - begun - measuring) / 1000;
  const visited = (): (readonly [number, number])[] =>
    path.entries().filter((point) => point.every(Number.isFinite));
  const progress = (): void => {
    const fraction = calls === undefined ? last.steps / (steps ?? Infinity) : last.oracleCalls / calls;
    tell({ kind: 'progress', fraction, ...last, seconds: seconds() });
    tell({ kind: 'course', course: { residual, distance: null, path: visited(), curve: curve.entries() } });
    reported = performance.now();
  };
  try {
    checkFacts(game, start);
    const result = await solveWithAsync(game, (facts) => methodFrom(spec, facts), {
      ...(calls === undefined ? {} : { calls }),
      ...(steps === undefined ? {} : { steps }),
      ...(signal ? { signal } : {}),
      start,
      tolerance,
      observe({ state, ledger, calls }) {
        const t = performance.now();
        last = { steps: ledger.steps, oracleCalls: calls };
        if (game.dim === 2) path.add([state.z[0] ?? NaN, state.z[1] ?? NaN]);
        residual = finite(naturalResidual(game, state.z, scratch));
        if (residual !== null) curve.add({ calls: last.oracleCalls, residual });
        theory.look(state);
        if (t - reported > REPORT_MS) progress();
        measuring += performance.now() - t;
      },
    });
    const spent = seconds();
    const { status, message } = result;
    tell({
      kind: 'course',
      course: {
        residual: finite(result.residual),
        distance: finite(result.distance),
        path: visited(),
        curve: curve.entries(),
        theory: theory.told(status),
      },
    });
    tell({
      kind: 'end',
      status,
      message,
      steps: result.steps,
      oracleCalls: result.oracleCalls,
      seconds: spent,
    });
  } catch (error) {
    progress();
    throw error;
  }
}

/** Milliseconds for all arrows of a field: a picture is not worth more. */
const FIELD_MS = 2000;

/** −F on a grid, as far as it is defined, and as far as two seconds go. */
export async function runFieldTrial(
  { game: source, x, y, side }: FieldTrial,
  tell: Tell,
  signal?: AbortSignal,
  given?: Game,
): Promise<void> {
  const game = given ?? (await gameOf(source));
  const out: Vector = new Float64Array(2);
  const arrows: Arrow[] = [];
  const begun = performance.now();
  const at = ([from, to]: readonly [number, number], i: number): number =>
    from + ((to - from) * (i + 0.5)) / side;
  for (let k = 0; k < side * side && performance.now() - begun < FIELD_MS && !signal?.aborted; k++) {
    const [ax, ay] = [at(x, k % side), at(y, Math.floor(k / side))];
    try {
      game.operator(Float64Array.of(ax, ay), out);
    } catch {
      continue; // a user's game need not be defined all over the window
    }
    const [u, v] = [-(out[0] ?? NaN), -(out[1] ?? NaN)];
    if (Number.isFinite(u) && Number.isFinite(v)) arrows.push({ x: ax, y: ay, u, v });
  }
  tell({ kind: 'arrows', arrows });
  tell({
    kind: 'end',
    status: 'budget',
    message: '',
    steps: 0,
    oracleCalls: 0,
    seconds: (performance.now() - begun) / 1000,
  });
}

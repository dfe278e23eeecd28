import {
  distance,
  emptyLedger,
  naturalResidual,
  shortened,
  withLipschitz,
  type Facts,
  type Game,
  type Ledger,
  type Method,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { pricing, solveWithAsync, train, type Progress } from '@stillpoint/optimizers';
import type { Ended } from '@stillpoint/optimizers/drivers';
import type { Arrow, Measure } from '@stillpoint/tracking';
import { stopwatch } from '../stopwatch.js';
import { theoryOf, type Theory } from '../theory.js';
import { thinned } from '../thinned.js';
import { drawnBy, gameOf, type Played } from './game-source.js';
import { briefly } from './identity.js';
import { keptWhile } from './keeper.js';
import { messagesIn } from './messages-in.js';
import { buildOf } from './method-source.js';
import { figuresOf, withWarnings } from './warnings.js';
import type { Given } from './run.js';
import { reporting, type At, type TrialFolder } from './trial-folder.js';
import type { Course, FieldTrial, GameTrial, TrialEvent } from './trial.js';

type Report = (event: TrialEvent) => void;

/**
 * Milliseconds between reports. A step that takes longer is reported as soon as it ends, since it may be the
 * last.
 */
const REPORT_MS = 100;

const finite = (x: number | undefined): Measure => (x !== undefined && Number.isFinite(x) ? x : null);

/** Measures a run on a game while it goes on. `observe` is called at the start and after every step. */
interface CourseWatch {
  /** A step that is not after the one before begins the run again, as with half the step size. */
  observe(state: State, at: At): void;
  /** What was measured so far, with what theory says of it. */
  course(theory?: Theory): Course;
  /** The rows of a run directory: some steps, evenly spread, with what was measured there. */
  rows(): readonly { readonly at: At; readonly values: Course['values'] }[];
}

function courseOf(game: Game): CourseWatch {
  interface Point {
    readonly at: At;
    readonly residual: number;
    readonly away: Measure;
  }
  let path = thinned<readonly [number, number]>();
  let points = thinned<Point>();
  let step = -1;
  const scratch: Vector = new Float64Array(game.dim);
  const solution = game.facts?.solution;
  const awayFrom = (z: Vector): Measure => (solution ? finite(distance(z, solution)) : null);
  let values: Course['values'] = { residual: null, distance: null };
  return {
    observe({ z }, at) {
      if (at.step <= step) [path, points] = [thinned(), thinned()];
      ({ step } = at);
      if (game.dim === 2) path.add([z[0]!, z[1]!]);
      const residual = finite(naturalResidual(game, z, scratch));
      const away = awayFrom(z);
      values = { residual, distance: away };
      if (residual !== null) points.add({ at, residual, away });
    },
    rows: () =>
      points.entries().map(({ at, residual, away }) => ({
        at,
        values: solution ? { residual, distance: away } : { residual },
      })),
    course(theory) {
      const kept = points.entries();
      const x = kept.map(({ at }) => at.calls);
      const way = path.entries().filter((point) => point.every(Number.isFinite));
      return {
        values,
        series: {
          residual: { x, y: kept.map(({ residual }) => residual) },
          ...(solution ? { distance: { x, y: kept.map(({ away }) => away) } } : {}),
          ...(game.dim === 2 ? { path: { x: way.map(([at]) => at), y: way.map(([, at]) => at) } } : {}),
          ...theory?.series,
        },
        claims: theory === undefined ? [] : [theory.claim],
      };
    },
  };
}

/** The trial in its run directory. */
const configOf = ({ game, method, seed, start, calls, steps, tolerance }: GameTrial): object => ({
  game: shortened('spec' in game ? game.spec : game.name),
  method: typeof method === 'string' ? method : null,
  seed,
  start,
  calls: calls ?? null,
  steps: steps ?? null,
  tolerance,
});

/**
 * Runs one trial on a game in this process and lets messages in between steps, so that it can be stopped. A
 * sampled game is measured on the game of its mean. A trial that keeps a folder writes its end there: what is
 * interrupted is run again from its start.
 */
export async function runGameTrial(
  trial: GameTrial,
  report: Report,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  const played = given.game ?? (await gameOf(trial.game));
  const { game, sampled } = played;
  await keptWhile(
    trial,
    report,
    () => ({
      config: configOf(trial),
      environment: { node: process.version },
      identity: briefly(sampled ?? game),
    }),
    (folder) => solved(trial, played, report, folder, signal, given),
  );
}

async function solved(
  { method, seed, start: from, calls, steps, tolerance }: GameTrial,
  { game, sampled }: Played,
  pass: Report,
  folder: TrialFolder | undefined,
  signal: AbortSignal | undefined,
  given: Given,
): Promise<void> {
  const build = await buildOf(method, given.methods);
  const start = Float64Array.from(from);
  const watch = courseOf(game);
  const clock = stopwatch();
  const price = pricing(sampled ?? game);
  // if no L is stated no theorem holds, whatever replaces it here
  const stated = withLipschitz(game.facts ?? {}, () => 1);
  const theory = sampled === undefined ? theoryOf(game, build(stated), start) : undefined;
  let reported = performance.now();
  let ledger: Ledger = emptyLedger(game.players.length);
  const made = (): { readonly ledger: Ledger; readonly calls: number; readonly seconds: number } => ({
    ledger,
    calls: price(ledger),
    seconds: clock.seconds(),
  });
  const at = (): At => ({ step: ledger.steps, calls: price(ledger), seconds: clock.seconds() });
  const kept = reporting(folder, pass, at);
  const progress = (): void => {
    const used = calls === undefined ? ledger.steps / (steps ?? Infinity) : price(ledger) / calls;
    pass({ kind: 'progress', fraction: Math.min(1, used), ...made() });
    pass({ kind: 'course', course: watch.course() }); // replaced by the next, so that it is not kept
    reported = performance.now();
  };
  const observe = ({ state, ledger: asked, calls: spent }: Progress<State>): void => {
    ledger = structuredClone(asked); // the run changes it later
    watch.observe(state, { step: ledger.steps, calls: spent, seconds: clock.seconds() });
    theory?.observe(state);
    if (performance.now() - reported > REPORT_MS) progress();
  };
  const budget = {
    ...(calls === undefined ? {} : { calls }),
    ...(steps === undefined ? {} : { steps }),
    ...(signal ? { signal } : {}),
    start,
  };
  const timed = (facts: Facts): Method<State> => clock.time(build(facts));
  const end = (result: Omit<Ended<State>, 'judged'>): void => {
    ({ ledger } = result);
    const { status } = result;
    if (status === 'stopped') kept.release();
    kept.report({ kind: 'course', course: watch.course(theory?.result(status)) });
    if (status !== 'stopped') for (const row of watch.rows()) folder?.values(row.at, row.values);
    const message = withWarnings({ ...result, warnings: [...result.warnings, ...kept.lost()] });
    kept.report({ kind: 'end', status, message, ...figuresOf(result), ...made() });
    kept.end(result.checkpoint, null);
  };
  try {
    if (sampled === undefined) {
      const result = await solveWithAsync(game, timed, {
        ...budget,
        seed: seed ?? 0,
        tolerance,
        observe,
      });
      end(result);
    } else {
      let waited = performance.now();
      const result = await train(drawnBy(sampled, seed ?? 1), timed(stated), {
        ...budget,
        seed: seed ?? 0,
        async observe(run) {
          observe(run);
          if (performance.now() - waited < REPORT_MS) return;
          await messagesIn();
          waited = performance.now();
        },
      });
      end(result);
    }
  } catch (error) {
    progress();
    throw error;
  }
}

/** Milliseconds that the arrows of a field may take. */
const FIELD_MS = 2000;

/** Computes −F on a grid, wherever F is finite, for at most two seconds. */
export async function runFieldTrial(
  { game: source, x, y, side }: FieldTrial,
  report: Report,
  signal?: AbortSignal,
  given: Given = {},
): Promise<void> {
  const { game } = given.game ?? (await gameOf(source));
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
      continue; // a user's F need not be defined everywhere in the window
    }
    const [u, v] = [-out[0]!, -out[1]!];
    if (Number.isFinite(u) && Number.isFinite(v)) arrows.push({ x: ax, y: ay, u, v });
  }
  report({ kind: 'arrows', arrows });
  report({
    kind: 'end',
    status: 'budget',
    message: '',
    ledger: emptyLedger(game.players.length),
    calls: 0,
    seconds: (performance.now() - begun) / 1000,
  });
}

import {
  InputError,
  checkFacts,
  distance,
  isFiniteVector,
  shown,
  type Asking,
  type Checkpoint,
  type Counts,
  type Game,
  type Method,
  type Query,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { affords, budgetWatch, noCounts, oracleCalls } from './counts.js';
import { checkRun } from './door.js';
import { nonFiniteEntry } from './finite.js';
import { FIRST_STEPS, TOLERANCE, judgeOf, type Judgement } from './judge.js';
import { checkStart, oracleFor } from './oracle.js';
import { beginning, clone, type ResumeOptions } from './resume.js';
import { spaceFor } from './space.js';

/**
 * How a run ended: within the tolerance; where rounding hides whether it is; at the end of its budget; far
 * away; with a point, gradient or moment that is not finite; or by a signal.
 */
export type Status = 'converged' | 'rounding' | 'budget' | 'diverged' | 'non-finite' | 'stopped';

/** Options of {@link solve}. */
export interface SolveOptions<S extends State> extends ResumeOptions<S> {
  /** Default: the game's own start. */
  readonly start?: Vector;
  /** Method steps. Given without a tolerance, exactly so many are made; default 100,000. */
  readonly steps?: number;
  /** Budget of oracle calls; a step that would exceed it is undone. */
  readonly calls?: number;
  /**
   * Stop as converged where the residual is at most this share of the size of F, which is the largest at the
   * start and after the first four steps (F as far as it can move z, so that units and constants added on
   * simplices do not matter); and where the game has a gap, that, too. Default: 1e-8, looked at after each
   * step, or only at the end where steps or calls are given.
   */
  readonly tolerance?: number;
  /** Sees the state after each step, and at the start. It must not change it. */
  readonly observe?: (state: S, counts: Counts) => void;
}

/** Where a run of {@link solve} ended, and all that is needed to go on. */
export interface Solution<S extends State> {
  readonly status: Status;
  /** The status in words. */
  readonly message: string;
  readonly steps: number;
  readonly oracleCalls: number;
  readonly z: Vector;
  /**
   * Natural residual ‖z − J(z − γF(z))‖/γ at z, ‖F(z)‖ without constraints; its own calls of F are not
   * counted.
   */
  readonly residual: number;
  /** The residual at which the run counts as converged, in the unit of F. */
  readonly threshold: number;
  /** The game's gap at z, where it has one. */
  readonly gap?: number;
  /** ‖z − z*‖ where the game states a solution. */
  readonly distance?: number;
  /** Everything needed to go on. */
  readonly checkpoint: Checkpoint<S>;
}

/** Runs one step to its end. */
function answer(asking: Asking, tell: (query: Query) => Vector): void {
  for (let turn = asking.next(); !turn.done;) turn = asking.next(tell(turn.value));
}
/** Runs one step; false if the budget ended inside it (the state is then to be thrown away). */
function answerWithin(
  asking: Asking,
  tell: (query: Query) => Vector,
  counts: Counts,
  calls: number,
): boolean {
  for (let turn = asking.next(); !turn.done;) {
    const query = turn.value;
    if (!isFree(query) && !affords(counts, calls, ArrayBuffer.isView(query) ? undefined : query.player)) {
      asking.return();
      return false;
    }
    turn = asking.next(tell(query));
  }
  return true;
}
/** Whether a query costs no oracle call: losses, and products with the Jacobian. */
export function isFree(query: Query): boolean {
  return !ArrayBuffer.isView(query) && (query.losses === true || query.along !== undefined);
}

/** The method's states, one per step, for as long as they are asked for. The same object each time. */
export function* iterate<S extends State>(
  game: Game,
  method: Method<S>,
  start?: Vector,
): Generator<S, never, void> {
  checkRun('iterate', game, method, { start });
  const z0 = start ?? startOf(game);
  checkStart(game.name, game.dim, z0);
  const space = spaceFor(game, z0);
  const counts = noCounts(game.players.length);
  const state = method.init(space, z0);
  const step = method.begin(space);
  const tell = oracleFor(game, space, counts);
  for (;;) {
    answer(step(state), tell);
    yield state;
  }
}

/** The game's own start in float64. @throws InputError if it has none. */
export function startOf(game: Pick<Game, 'name' | 'start' | 'dim'>): Vector {
  if (game === null || typeof game !== 'object')
    throw new InputError(`startOf takes a game; found ${shown(game)}`);
  if (game.start === undefined)
    throw new InputError(`${game.name} states no start; give one of ${game.dim} numbers`);
  return Float64Array.from(game.start);
}

/**
 * Runs a method on a deterministic game until it converges, diverges or has used its budget.
 * @throws InputError for a bad start, an unfit checkpoint, or F not finite at the start.
 */
export function solve<S extends State>(
  game: Game,
  method: Method<S>,
  options: SolveOptions<S> = {},
): Solution<S> {
  const turn = solving(game, method, options).next();
  if (!turn.done) throw new Error('a run without pauses has paused');
  return turn.value;
}

/**
 * `solve` as a generator: it yields after each step at which `pause` returns true, and ends as `stopped`
 * where `true` is sent back. One generator for the whole run, none around a step: it costs no more than the
 * loop alone.
 */
export function* solving<S extends State>(
  game: Game,
  method: Method<S>,
  options: SolveOptions<S>,
  pause?: () => boolean,
): Generator<void, Solution<S>, boolean | undefined> {
  checkRun('solve', game, method, options);
  const { start = startOf(game), steps = 100_000, calls = Infinity, observe, from } = options;
  const limited = options.steps !== undefined || options.calls !== undefined;
  const { tolerance = TOLERANCE } = options;
  const watched = options.tolerance !== undefined || !limited;
  const limit = options.calls !== undefined && options.steps === undefined ? Infinity : steps;
  checkStart(game.name, game.dim, start);
  const space = spaceFor(game, start);
  const { buffers, ...begun } = beginning(game, method, space, start, options);
  let { state, counts } = begun;
  const broken = nonFiniteEntry(state);
  if (broken !== undefined)
    throw new InputError(
      `this checkpoint is of a run that overflowed within ${counts.steps} steps: ${broken} is not finite; go back to an earlier one`,
    );
  const step = method.begin(space);
  const tell = oracleFor(game, space, counts);
  if (from === undefined) checkFacts(game, start);
  const judge = judgeOf(game, start, tolerance, from?.stopping);
  let judged = judge.look(state.z, counts.steps);
  if (!judge.finite())
    throw new InputError(
      `F of ${game.name} is not finite at ${from === undefined ? 'the start' : 'the checkpoint\u2019s z'} [${Array.from(state.z.subarray(0, 8)).join(',')}]`,
    );
  observe?.(state, counts);

  const end = (ended: Status): Solution<S> => {
    if (lookedAt !== counts.steps) judged = judge.look(state.z, counts.steps);
    const overflow = nonFiniteEntry(state) ?? (Number.isNaN(judged.residual) ? 'F(z)' : undefined);
    const status =
      overflow !== undefined
        ? ('non-finite' as const)
        : ended === 'budget'
          ? (judged.verdict ?? ended)
          : ended;
    const { solution } = game.facts ?? {};
    // out of the run's memory, which is larger and ends with the run
    const kept = clone({ state, counts, buffers });
    const still =
      from === undefined &&
      counts.steps > 0 &&
      status === 'budget' &&
      start.every((x, i) => x === state.z[i]);
    const words = {
      judged,
      first: judge.scale().first,
      threshold: judge.threshold(),
      rounding: judge.rounding(),
      steps: counts.steps,
      watched,
      overflow,
      still,
      float32: state.z instanceof Float32Array,
    };
    return {
      status,
      message: inWords(status, words),
      steps: counts.steps,
      oracleCalls: oracleCalls(counts),
      z: kept.state.z,
      residual: judged.residual,
      threshold: judge.threshold(),
      ...(judged.gap === undefined ? {} : { gap: judged.gap }),
      ...(solution ? { distance: distance(state.z, solution) } : {}),
      checkpoint: {
        game: game.name,
        method: method.name,
        options: method.options,
        ...kept,
        stopping: judge.scale(),
      },
    };
  };

  let lookedAt = counts.steps;
  const mayEnd = budgetWatch(calls, method.mostCalls);
  for (;;) {
    if (watched || counts.steps <= FIRST_STEPS) {
      if (lookedAt !== counts.steps) judged = judge.look(state.z, (lookedAt = counts.steps));
      if (watched && judged.verdict !== undefined) return end(judged.verdict);
    }
    if (counts.steps >= limit) return end('budget');
    if (calls === Infinity) answer(step(state), tell);
    else {
      const before = oracleCalls(counts);
      if (before >= calls) return end('budget');
      const kept = mayEnd.inNext(before) ? clone({ state, counts }) : undefined;
      if (kept === undefined) answer(step(state), tell);
      else if (!answerWithin(step(state), tell, counts, calls)) {
        ({ state, counts } = kept);
        return end('budget');
      }
      mayEnd.saw(oracleCalls(counts) - before);
    }
    counts.steps++;
    observe?.(state, counts);
    if (!isFiniteVector(state.z)) return end('non-finite');
    if (pause?.() && (yield)) return end('stopped');
  }
}

interface Words {
  readonly judged: Judgement;
  readonly first: number;
  readonly threshold: number;
  readonly rounding: number;
  readonly steps: number;
  readonly watched: boolean;
  readonly overflow: string | undefined;
  readonly still: boolean;
  readonly float32: boolean;
}

function inWords(
  status: Status,
  { judged: { residual }, first, threshold, rounding, steps, watched, overflow, still, float32 }: Words,
): string {
  const made = `${steps} step${steps === 1 ? '' : 's'}`;
  const now = `the residual went from ${short(first)} to ${short(residual)}`;
  if (status === 'converged')
    return `Converged in ${made}: the residual is ${short(residual)}, within the tolerance ${short(threshold)}.`;
  if (status === 'rounding')
    return `Reached the precision of ${float32 ? 'float32' : 'float64'} in ${made}: the residual is ${short(residual)}, of which rounding leaves up to ${short(rounding)}; the tolerance ${short(threshold)} cannot be told apart from it.`;
  if (status === 'diverged') return `Diverged: ${now} in ${made}.`;
  if (status === 'stopped') return `Stopped after ${made}: ${now}.`;
  if (status === 'non-finite')
    return `Overflowed: ${overflow ?? 'a point'} is no longer finite after ${made}. Try a smaller step size or another method.`;
  const rest = still
    ? ' z is where it began: the step is too short to change it, or the method does not change z.'
    : '';
  return (
    (watched
      ? `Did not converge in ${made}: ${now}, the tolerance is ${short(threshold)}.`
      : `Made the ${made} asked for: ${now}.`) + rest
  );
}
const short = (x: number): string => String(Number(x.toPrecision(3)));

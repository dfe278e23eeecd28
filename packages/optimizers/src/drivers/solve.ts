import { InputError, distance, isFiniteVector, naturalResidual, type Asking, type Checkpoint, type Counts, type Game, type Method, type Query, type State, type Vector } from '@stillpoint/operators';
import { affords, budgetWatch, noCounts, oracleCalls } from './counts.js';
import { checkRun } from './door.js';
import { checkStart, oracleFor } from './oracle.js';
import { beginning, clone, type ResumeOptions } from './resume.js';
import { spaceFor } from './space.js';

/** How a run ended: within the tolerance, at the end of its budget, far away, or at a point that is not finite. */
export type Status = 'converged' | 'budget' | 'diverged' | 'non-finite';

/** Options of {@link solve}. */
export interface SolveOptions<S extends State> extends ResumeOptions<S> {
  /** Default: the game's own start. */
  readonly start?: Vector;
  /** Method steps. Given alone, exactly so many are made; default 100,000. */
  readonly steps?: number;
  /** Budget of oracle calls; a step that would exceed it is undone . */
  readonly calls?: number;
  /** Residual at which to stop as converged; default 1e-8, or none if steps or calls are given. */
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
  /** Natural residual ‖z − J_A(z − F(z))‖ at z; its own oracle calls are not counted. */
  readonly residual: number;
  /** ‖z − z*‖ where the game states a solution. */
  readonly distance?: number;
  /** Everything needed to go on. */
  readonly checkpoint: Checkpoint<S>;
}

/** A residual this many times the first one will not come back: the run is called diverged. */
const DIVERGED = 1e12;

/** Runs one step to its end. */
function answer(asking: Asking, tell: (query: Query) => Vector): void {
  for (let turn = asking.next(); !turn.done;) turn = asking.next(tell(turn.value));
}
/** Runs one step; false if the budget ended inside it (the state is then to be thrown away). */
function answerWithin(asking: Asking, tell: (query: Query) => Vector, counts: Counts, calls: number): boolean {
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
  if (game.start === undefined) throw new InputError(`${game.name} states no start; give one of ${game.dim} numbers`);
  return Float64Array.from(game.start);
}

/**
 * Runs a method on a deterministic game until it converges, diverges or has used its budget.
 * @throws InputError for a bad start, an unfit checkpoint, or F not finite at the start.
 */
export function solve<S extends State>(game: Game, method: Method<S>, options: SolveOptions<S> = {}): Solution<S> {
  checkRun('solve', game, method, options);
  const { start = startOf(game), steps = 100_000, calls = Infinity, observe } = options;
  const limited = options.steps !== undefined || options.calls !== undefined;
  const tolerance = options.tolerance ?? (limited ? undefined : 1e-8);
  const limit = options.calls !== undefined && options.steps === undefined ? Infinity : steps;
  checkStart(game.name, game.dim, start);
  const space = spaceFor(game, start);
  const { buffers, ...begun } = beginning(game, method, space, start, options);
  let { state, counts } = begun;
  const step = method.begin(space);
  const tell = oracleFor(game, space, counts);
  const probe = space.vector();
  const first = naturalResidual(game, state.z, probe);
  if (!isFiniteVector(probe)) throw new InputError(`F of ${game.name} is not finite at the start [${Array.from(state.z.subarray(0, 8)).join(',')}]`);
  observe?.(state, counts);

  const end = (status: Status, last?: number): Solution<S> => {
    const residual = last ?? naturalResidual(game, state.z, probe);
    if (status === 'budget' && (Number.isNaN(residual) || !Object.values(method.points?.(state) ?? {}).every(isFiniteVector))) status = 'non-finite';
    const { solution } = game.facts ?? {};
    const kept = clone({ state, counts, buffers }); // out of the run's memory, which is larger and ends with the run
    return {
      status, message: inWords(status, { tolerance, residual, first, steps: counts.steps }), steps: counts.steps, oracleCalls: oracleCalls(counts), z: kept.state.z, residual,
      ...(solution ? { distance: distance(state.z, solution) } : {}),
      checkpoint: { game: game.name, method: method.name, options: method.options, ...kept },
    };
  };

  const mayEnd = budgetWatch(calls, method.mostCalls);
  for (;;) {
    if (tolerance !== undefined) {
      const residual = counts.steps === 0 ? first : naturalResidual(game, state.z, probe);
      if (residual <= tolerance) return end('converged', residual);
      if (residual > DIVERGED * (1 + first)) return end('diverged', residual);
    }
    if (counts.steps >= limit) return end('budget');
    if (calls === Infinity) answer(step(state), tell);
    else {
      const before = oracleCalls(counts);
      if (before >= calls) return end('budget');
      const copy = mayEnd.inNext(before) ? clone({ state, counts }) : undefined;
      if (copy === undefined) answer(step(state), tell);
      else if (!answerWithin(step(state), tell, counts, calls)) {
        ({ state, counts } = copy);
        return end('budget');
      }
      mayEnd.saw(oracleCalls(counts) - before);
    }
    counts.steps++;
    observe?.(state, counts);
    if (!isFiniteVector(state.z)) return end('non-finite', NaN);
  }
}

function inWords(status: Status, { tolerance, residual, first, steps }: { readonly tolerance: number | undefined; readonly residual: number; readonly first: number; readonly steps: number }): string {
  const made = `${steps} step${steps === 1 ? '' : 's'}`;
  const now = `the residual went from ${short(first)} to ${short(residual)}`;
  if (status === 'converged') return `Converged in ${made}: the residual is ${short(residual)}, within the tolerance ${short(tolerance ?? 0)}.`;
  if (status === 'diverged') return `Diverged: ${now} in ${made}.`;
  if (status === 'non-finite') return `Overflowed: z, F or a point behind z is no longer finite after ${made}. Try a smaller step size or another method.`;
  return tolerance === undefined ? `Made the ${made} asked for: ${now}.` : `Did not converge in ${made}: ${now}, the tolerance is ${short(tolerance)}.`;
}
const short = (x: number): string => String(Number(x.toPrecision(3)));

import {
  InputError,
  copy,
  isFiniteVector,
  scale,
  waxpy,
  type Ask,
  type Checkpoint,
  type Context,
  type Counts,
  type Drawn,
  type Method,
  type Query,
  type Space,
  type State,
  type StochasticGame,
  type Vector,
} from '@stillpoint/operators';
import { affords, budgetWatch, countGradient, nextDraw, oracleCalls } from './counts.js';
import { checkRun } from './door.js';
import { nonFiniteEntry } from './finite.js';
import { checkStart, differencing, zeroSumSecond } from './oracle.js';
import { beginning, clone, type ResumeOptions } from './resume.js';
import { isFree, startOf } from './solve.js';
import { spaceFor } from './space.js';

/** What an observer sees after each step; it must not change any of it. */
export interface Progress<S extends State> {
  readonly state: S;
  readonly counts: Counts;
  /** Each player's loss at the last point where its gradient was asked for. NaN before. */
  readonly losses: Vector;
  /** A copy of everything needed to go on. */
  checkpoint(): Checkpoint<S>;
}

/** Options of {@link train}. */
export interface TrainOptions<S extends State> extends ResumeOptions<S> {
  /** Default: the game's own start, in float64. */
  readonly start?: Vector;
  /** Method steps to make in all, a resumed run's earlier ones included. */
  readonly steps?: number;
  /** Budget of oracle calls in all; a step that would exceed it is undone. */
  readonly calls?: number;
  /** Called at the start and after each step. */
  readonly observe?: (progress: Progress<S>) => void | Promise<void>;
  /** Ends the run after the step under way. */
  readonly signal?: AbortSignal;
}

/** Where a run of {@link train} ended, and all that is needed to go on. */
export interface Training<S extends State> {
  readonly status: 'budget' | 'non-finite' | 'stopped';
  /** The status in words. */
  readonly message: string;
  readonly oracleCalls: number;
  readonly z: Vector;
  /** Everything needed to go on. After `non-finite` it is poisoned; go back to an earlier one. */
  readonly checkpoint: Checkpoint<S>;
}

/** Answers the questions about a stochastic game, counting them and drawing samples by the counters. */
function oracle<Sample>(
  game: StochasticGame<Sample>,
  space: Space,
  counts: Counts,
  context: Context,
): (query: Query) => Vector | Promise<Vector> {
  const out = space.vector();
  let products: { readonly points: ReturnType<typeof differencing>; readonly other: Vector } | undefined;
  let values: Vector | undefined;
  const held = new Map<number, Sample>();
  const drawnAgain = (drawn: Drawn, worker: number): Sample => {
    if (!('term' in drawn)) return game.draw(drawn.call, drawn.player ?? undefined, worker);
    if (!game.term) throw new InputError(`${game.name} is no finite sum: it has no term ${drawn.term}`);
    return game.term(drawn.term);
  };
  const sampleOf = ({ sample, player, worker = 0 }: Partial<Ask>): Sample => {
    const before = counts.last[worker] ?? null;
    if (sample === 'same') {
      if (before === null)
        throw new InputError(
          `the method asks ${game.name} with the same sample, but worker ${worker} has drawn none yet`,
        );
      // not held: this run goes on from a checkpoint
      const again = held.get(worker) ?? drawnAgain(before, worker);
      held.set(worker, again);
      return again;
    }
    const drawn: Drawn =
      typeof sample === 'object'
        ? { term: sample.term }
        : { call: nextDraw(counts, player, worker), player: player ?? null };
    const fresh = drawnAgain(drawn, worker);
    held.set(worker, fresh);
    while (counts.last.length < worker) counts.last.push(null);
    counts.last[worker] = drawn;
    return fresh;
  };
  const product = async (query: Ask, along: Vector): Promise<Vector> => {
    counts.products++;
    const sample = sampleOf(query);
    if (game.jacobianVector) {
      await game.jacobianVector(query.at, along, out, query.transposed ?? false, sample);
      return out;
    }
    const { points, other } = (products ??= { points: differencing(space), other: space.vector() });
    const flipped = query.transposed ? zeroSumSecond(game) : undefined; // Jᵀv = S J S v with S = diag(I, −I)
    copy(other, along);
    if (flipped) scale(other, -1, flipped.start, flipped.end);
    const { plus, minus, factor } = points(query.at, other);
    await game.operator(plus, out, sample, query.player, context);
    await game.operator(minus, other, sample, query.player, context);
    waxpy(out, out, -1, other);
    scale(out, factor);
    if (flipped) scale(out, -1, flipped.start, flipped.end);
    return out;
  };
  return (query) => {
    const ask: Partial<Ask> = ArrayBuffer.isView(query) ? {} : query;
    const at = ArrayBuffer.isView(query) ? query : query.at;
    if (ask.along !== undefined && !ArrayBuffer.isView(query)) return product(query, ask.along);
    if (ask.losses) {
      if (!game.losses) throw new InputError(`${game.name} tells no losses`);
      counts.losses++;
      const told = (values ??= space.vector(game.players.length));
      const wait = game.losses(at, told, sampleOf(ask));
      return wait ? wait.then(() => told) : told;
    }
    countGradient(counts, ask.player);
    const wait = game.operator(at, out, sampleOf(ask), ask.player, context);
    return wait ? wait.then(() => out) : out;
  };
}

/**
 * Trains: runs a method on a stochastic game until its budget of steps or oracle calls is used.
 * @throws InputError for a bad start, an unfit checkpoint or a budget that is missing.
 */
export async function train<Sample, S extends State>(
  game: StochasticGame<Sample>,
  method: Method<S>,
  options: TrainOptions<S>,
): Promise<Training<S>> {
  checkRun('train', game, method, options);
  const { start = startOf(game), steps = Infinity, calls = Infinity, observe, signal } = options;
  if (steps === Infinity && calls === Infinity) throw new InputError('train needs a budget: steps or calls');
  checkStart(game.name, game.dim, start);
  const space = spaceFor(game, start);
  const begun = beginning(game, method, space, start, options);
  const { buffers } = begun;
  let { state, counts } = begun;
  const broken = nonFiniteEntry(state);
  if (broken !== undefined)
    throw new InputError(
      `this checkpoint is of a run that overflowed within ${counts.steps} steps: ${broken} is not finite; go back to an earlier one`,
    );
  const losses = space.vector(game.players.length).fill(NaN);
  const step = method.begin(space);
  const tell = oracle(game, space, counts, { buffers, losses });
  const checkpoint = (): Checkpoint<S> => ({
    game: game.name,
    method: method.name,
    options: method.options,
    state: clone(state),
    counts: clone(counts),
    buffers: clone(buffers),
  });
  const progress = (): Progress<S> => ({ state, counts, losses, checkpoint });
  const end = (ended: Training<S>['status'], words: string): Training<S> => {
    const last = checkpoint();
    const overflow = nonFiniteEntry(last.state);
    const still =
      options.from === undefined && counts.steps > 0 && start.every((x, i) => x === last.state.z[i])
        ? ' z is where it began: the step is too short to change it, or the method does not change z.'
        : '';
    const [status, message] =
      overflow === undefined
        ? [ended, words + still]
        : ['non-finite' as const, `Overflowed: ${overflow} is no longer finite after ${counts.steps} steps.`];
    return { status, message, oracleCalls: oracleCalls(counts), z: last.state.z, checkpoint: last };
  };

  /** A pass over all parameters costs more than a look at the losses, which are the first to overflow. */
  const overflowed = (made: number): boolean =>
    ((made % 16 === 0 || game.dim < 4096 || !isFiniteVector(losses)) && !isFiniteVector(state.z)) ||
    (made % 64 === 0 && !Object.values(method.points?.(state) ?? {}).every(isFiniteVector));

  await observe?.(progress());
  const mayEnd = budgetWatch(calls, method.mostCalls);
  for (;;) {
    const before = oracleCalls(counts);
    if (signal?.aborted) return end('stopped', `Stopped after ${counts.steps} steps.`);
    if (counts.steps >= steps || before >= calls)
      return end('budget', `Made ${counts.steps} steps with ${before} oracle calls.`);
    const copy = mayEnd.inNext(before) ? clone({ state, counts }) : undefined;
    const asking = step(state);
    let complete = true;
    for (let turn = asking.next(); !turn.done;) {
      const query = turn.value;
      if (
        copy !== undefined &&
        !isFree(query) &&
        !affords(counts, calls, ArrayBuffer.isView(query) ? undefined : query.player)
      ) {
        asking.return();
        complete = false;
        break;
      }
      const told = tell(query);
      turn = asking.next(told instanceof Promise ? await told : told);
    }
    if (!complete && copy !== undefined) {
      ({ state, counts } = copy);
      return end(
        'budget',
        `Made ${counts.steps} steps with ${oracleCalls(counts)} oracle calls; the next step would exceed ${calls}.`,
      );
    }
    counts.steps++;
    mayEnd.saw(oracleCalls(counts) - before);
    const seen = observe?.(progress());
    if (seen instanceof Promise) await seen;
    if (overflowed(counts.steps))
      return end(
        'non-finite',
        `Overflowed: a point of the method is no longer finite after ${counts.steps} steps.`,
      );
  }
}

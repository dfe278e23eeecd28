import {
  InputError,
  isFiniteVector,
  type Asking,
  type Buffers,
  type Checkpoint,
  type Ledger,
  type Method,
  type MethodEnd,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { OVER, advance, ask, resumed, type Got, type Running } from './asking.js';
import { budgetWatch, pricing } from './budget.js';
import { nonFiniteEntry } from './finite.js';
import { FIRST_STEPS, TOLERANCE, judgeOf, type Judge, type Judgement } from './judge.js';
import { newOracleRecord, oracleFor, type Oracle } from './oracle.js';
import { beginning, clone, type ResumeOptions } from './resume.js';
import { spaceFor } from './space.js';
import { checkStart, startFrom } from './start.js';
import { inWords, madeInWords, notesInWords } from './words.js';

/**
 * How a run ended. `converged`: within the tolerance. `ended`: by the method’s own stopping rule. `rounding`:
 * rounding hides whether it is. `budget`: at the end of its budget. `diverged`: with a huge residual, or at a
 * point that shows that the problem has no solution of the method’s kind. `non-finite`: with a point,
 * gradient or moment that is not finite. `stopped`: by a signal.
 */
export type Status = 'converged' | 'ended' | 'rounding' | 'budget' | 'diverged' | 'non-finite' | 'stopped';

/** Whether a run came to its tolerance, or as near as rounding allows. */
export const hasConverged = (status: Status): boolean => status === 'converged' || status === 'rounding';

/** What an observer sees at the start and after each step; it must not change any of it. */
export interface Progress<S extends State> {
  readonly state: S;
  readonly ledger: Ledger;
  /** The ledger in calls. */
  readonly calls: number;
  /**
   * Each player's loss at the last point where its gradient was asked for; NaN if the operator does not
   * compute it.
   */
  readonly losses: Vector;
  /** What the problem remembers after this step. */
  readonly buffers: Buffers;
  /** A copy of everything needed to continue. */
  checkpoint(): Checkpoint<S>;
}

/** Options of a run that all drivers share. */
export interface RunOptions<S extends State> extends ResumeOptions<S> {
  /** Default: the problem's own start, in float64. */
  readonly start?: Vector;
  /** Seed of the method's random numbers. A continued run keeps the seed of its checkpoint. Default: 0. */
  readonly seed?: number;
  /** Budget of steps, including those that a resumed run made before its checkpoint. */
  readonly steps?: number;
  /**
   * Budget of oracle calls, including those that a resumed run made before its checkpoint. A step that would
   * exceed it is undone. See `pricesOf`.
   */
  readonly calls?: number;
  /**
   * The run ends as converged when the residual is at most this share of the size of F. This size is the
   * largest at the start and after the first four steps, of the part of F that can move z, so that units and
   * constants added on simplices do not matter. If the problem has a gap, the same must hold for the gap.
   * Both are computed with the full operator, which is not counted as the method's cost. A method that has a
   * stopping rule of its own does not end by it.
   */
  readonly tolerance?: number;
}

/** What a driver adds to a run. */
export interface Driver<S extends State> {
  /** Whether the run is judged by its residual, at least at its end. */
  readonly judged: boolean;
  /** Whether it ends as soon as it has converged. */
  readonly watched: boolean;
  readonly observe?: ((progress: Progress<S>) => void | Promise<void>) | undefined;
  /** Called before each step: true ends the run. */
  readonly stop?: (() => boolean) | undefined;
  /** Called after each step: a promise pauses the run. */
  readonly pause?: (() => Promise<void> | undefined) | undefined;
  readonly worker?: number;
}

/** How a run ended, and everything needed to continue it. */
export interface Ended<S extends State> {
  readonly status: Status;
  /** The status in words. */
  readonly message: string;
  readonly steps: number;
  /** What the method asked for. */
  readonly ledger: Ledger;
  /** The ledger in calls. */
  readonly calls: number;
  readonly z: Vector;
  /** Present if the run was judged. */
  readonly judged?: {
    readonly residual: number;
    readonly threshold: number;
    readonly gap?: number;
    readonly ledger: Ledger;
  };
  /**
   * What to know of this run besides how it ended: that it continued from a checkpoint of another engine or
   * another problem, or how many times an inner solver ran out of iterations. Empty if there is nothing to
   * report.
   */
  readonly warnings: readonly string[];
  /** What the method counted: how many times a clip engaged, the norm before it. */
  readonly figures?: { readonly [name: string]: number };
  /** Everything needed to continue. After `non-finite` it is unusable: continue from an earlier one. */
  readonly checkpoint: Checkpoint<S>;
}

/**
 * The step loop of all drivers: makes steps of a method until it has converged, diverged or used its budget.
 * It yields only promises to wait for.
 */
export function* running<S extends State>(
  problem: Problem,
  method: Method<S>,
  options: RunOptions<S>,
  { judged: isJudged, watched: watching, observe, stop, pause, worker = 0 }: Driver<S>,
): Running<Ended<S>> {
  const {
    start = startFrom(problem, options.from),
    steps: limit = Infinity,
    calls = Infinity,
    tolerance = TOLERANCE,
    from,
  } = options;
  checkStart(problem.name, problem.dim, start);
  /** A method that has a stopping rule of its own does not end where its residual is small. */
  const watched = watching && method.ended === undefined;
  const seed = from?.seed ?? options.seed ?? 0;
  const noted = new Map(Object.entries(from?.notes ?? {}));
  const note = (what: string): void => void noted.set(what, (noted.get(what) ?? 0) + 1);
  const space = spaceFor(problem, start, { seed, worker, note });
  const begun = beginning(problem, method, space, start, options);
  let { state } = begun;
  const { record } = begun;
  const broken = nonFiniteEntry(state, problem);
  if (broken !== undefined)
    throw new InputError(
      `this checkpoint is of a run that overflowed within ${record.ledger.steps} steps: ${broken} is not finite; expected an earlier checkpoint`,
    );
  const sampled = problem.draw !== undefined;
  const losses = space.vector(problem.players.length).fill(NaN);
  const lastPoint = problem.advance && space.copy(start);
  const budget = { limit: Infinity };
  const oracle = oracleFor(problem, space, record, {
    worker,
    budget,
    ...(sampled && { losses }),
    ...(lastPoint && { lastPoint }),
  });
  const price = pricing(problem);
  const step = method.begin(space);

  const checkpoint = (judge?: Judge): Checkpoint<S> => ({
    game: problem.name,
    ...(problem.identity === undefined ? {} : { identity: problem.identity }),
    ...(problem.engine === undefined ? {} : { engine: problem.engine }),
    ...(begun.accepted.length === 0 ? {} : { acceptedIdentity: begun.accepted }),
    method: method.name,
    options: method.options,
    seed,
    ...clone({ state, ...record }), // copied out of the run's memory, which is larger and ends with the run
    ...(judge ? { stopping: judge.scale() } : {}),
    ...(noted.size === 0 ? {} : { notes: Object.fromEntries(noted) }),
  });
  const progress = (): Progress<S> => ({
    state,
    ledger: record.ledger,
    calls: price(record.ledger),
    losses,
    buffers: record.buffers,
    checkpoint: () => checkpoint(),
  });

  const judge = isJudged ? judgeOf(problem, start, tolerance, from?.stopping) : undefined;
  const judging = { ...newOracleRecord(problem, space), buffers: record.buffers };
  const judgeOracle = judge && oracleFor(problem, space, judging);
  let judged: Judgement | undefined;
  let lookedAt = -1;
  /** Judges z, unless that was done after this step already. */
  function* look(): Running<Judgement | undefined> {
    if (judge === undefined || judgeOracle === undefined || lookedAt === record.ledger.steps) return judged;
    lookedAt = record.ledger.steps;
    const found = yield* ask(judge.look(state.z, lookedAt), judgeOracle);
    return (judged = found === OVER ? undefined : found);
  }
  yield* look();
  if (judge !== undefined && !judge.finite())
    throw new InputError(
      `F of ${problem.name} is not finite at ${from === undefined ? 'the start' : 'the checkpoint\u2019s z'} [${Array.from(state.z.subarray(0, 8)).join(',')}]`,
    );
  const first = observe?.(progress());
  if (first instanceof Promise) yield first;

  function* end(ended: Status, overBudget = false, own?: MethodEnd): Running<Ended<S>> {
    yield* look();
    const { ledger } = record;
    const overflow =
      nonFiniteEntry(state, problem) ?? (judged && Number.isNaN(judged.residual) ? 'F(z)' : undefined);
    const status =
      overflow !== undefined
        ? 'non-finite'
        : ended === 'budget' && !((method.sampler || method.ended) && judged?.verdict !== 'diverged')
          ? (judged?.verdict ?? ended)
          : ended;
    const still =
      from === undefined &&
      ledger.steps > 0 &&
      status === 'budget' &&
      start.every((x, i) => x === state.z[i]) &&
      // lookahead moves z at some of its steps only, its other point at every one
      Object.values(method.points?.(state) ?? {}).every((point) => start.every((x, i) => x === point[i]));
    const last = checkpoint(judge);
    const figures = method.figures?.(state);
    const spent = price(ledger);
    const message =
      judge === undefined || judged === undefined
        ? madeInWords(status, { steps: ledger.steps, spent, calls, overBudget, overflow, still, own })
        : inWords(status, {
            judged,
            first: judge.scale().first,
            threshold: judge.threshold(),
            rounding: judge.rounding(),
            steps: ledger.steps,
            watched,
            sampler: method.sampler === true,
            overflow,
            still,
            own,
            float32: state.z instanceof Float32Array,
          });
    return {
      status,
      message,
      steps: ledger.steps,
      ledger: last.ledger,
      calls: spent,
      z: last.state.z,
      ...(judge && judged
        ? {
            judged: {
              residual: judged.residual,
              threshold: judge.threshold(),
              ...(judged.gap === undefined ? {} : { gap: judged.gap }),
              ledger: judging.ledger,
            },
          }
        : {}),
      warnings: [
        ...begun.warnings,
        ...begun.accepted.map((part) => `the checkpoint differs in ${part}, which was accepted`),
        ...notesInWords(noted, ledger.steps),
      ],
      ...(figures && Object.keys(figures).length > 0 && { figures }),
      checkpoint: last,
    };
  }

  /** A pass over all parameters costs more than a check of the losses, which are the first to overflow. */
  const small = problem.dim < 4096;
  const overflowed = (made: number): boolean =>
    ((made % 16 === 0 || small || !isFiniteVector(losses)) && !isFiniteVector(state.z)) ||
    (sampled && made % 64 === 0 && !Object.values(method.points?.(state) ?? {}).every(isFiniteVector));

  /** Whether nothing must be done between steps except counting them and checking that z is finite. */
  const unseen =
    !watched &&
    !method.ended &&
    !observe &&
    !stop &&
    !pause &&
    calls === Infinity &&
    !sampled &&
    !lastPoint &&
    small;
  const watch = budgetWatch(calls, method.uneven === true);
  let spent = price(record.ledger);
  for (;;) {
    const { ledger } = record;
    if (judge !== undefined && lookedAt !== ledger.steps && (watched || ledger.steps <= FIRST_STEPS))
      yield* look();
    if (watched && judged?.verdict !== undefined && lookedAt === ledger.steps)
      return yield* end(judged.verdict);
    const own = method.ended?.(state);
    if (own !== undefined) return yield* end(own.status, false, own);
    if (stop?.()) return yield* end('stopped');
    if (ledger.steps >= limit || spent >= calls - 2 ** -20) return yield* end('budget');
    const kept = calls !== Infinity && watch.inNext(spent) ? clone({ state, ...record }) : undefined;
    if (calls !== Infinity) budget.limit = kept === undefined ? Infinity : calls;
    const through = unseen && ledger.steps > FIRST_STEPS ? limit : ledger.steps + 1;
    const cut = stepping(step, state, oracle, ledger, through);
    let now: Got<void> = cut?.now;
    while (cut !== undefined && now instanceof Promise) now = yield* resumed(cut.asking, oracle, now);
    if (cut !== undefined && now === OVER) {
      cut.asking.return();
      if (kept !== undefined) {
        ({ state } = kept);
        ({ ledger: record.ledger, draws: record.draws, last: record.last, buffers: record.buffers } = kept);
      }
      return yield* end('budget', true);
    }
    if (cut !== undefined) ledger.steps++;
    if (calls !== Infinity) {
      const before = spent;
      spent = price(ledger);
      watch.saw(spent - before);
    }
    if (lastPoint) {
      const moved = problem.advance?.(lastPoint, record.buffers);
      if (moved) yield moved;
    }
    if (observe !== undefined) {
      const seen = observe(progress());
      if (seen instanceof Promise) yield seen;
    }
    if (overflowed(ledger.steps)) return yield* end('non-finite');
    const rest = pause?.();
    if (rest) yield rest;
  }
}

/** Where a step was interrupted, by a promise or by the budget. */
interface Cut {
  readonly asking: Asking;
  readonly now: Got<void>;
}

/**
 * Makes steps until `through` steps are counted, z is not finite or a step is interrupted, which is then not
 * counted. It is a function of its own, since the same loop in the generator above is a tenth slower on games
 * of two numbers.
 */
function stepping<S extends State>(
  step: (state: S) => Asking,
  state: S,
  oracle: Oracle,
  ledger: Ledger,
  through: number,
): Cut | undefined {
  do {
    const asking = step(state);
    const now = advance(asking, oracle);
    if (now !== undefined) return { asking, now };
    ledger.steps++;
  } while (ledger.steps < through && isFiniteVector(state.z));
  return undefined;
}

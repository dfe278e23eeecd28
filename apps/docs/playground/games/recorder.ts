import {
  InputError,
  distance,
  isFiniteVector,
  messageOf,
  naturalResidual,
  type Asking,
  type Game,
  type Method,
  type Question,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { newOracleRecord, oracleFor, pricing, spaceFor } from '@stillpoint/optimizers/drivers';

/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/** One question of a method. */
export interface AskedAt {
  readonly want: Exclude<Question, Vector>['want'];
  readonly at: Point;
  /** The index of the player whose gradient alone was asked for. */
  readonly player?: number;
  /** The direction of a product. */
  readonly along?: Point;
  /** What the run has spent, in calls, this question included. */
  readonly calls: number;
}

/** Where a method was after a step. */
export interface Made {
  readonly z: Point;
  /** What the run had spent, in calls. */
  readonly calls: number;
  /** The natural residual at z. It is not counted among the calls. */
  readonly residual: number;
  /** The distance to the solution that the game states; absent if it states none. */
  readonly distance?: number;
}

/** A run that can be continued question by question. */
export interface Recorder {
  readonly questions: readonly AskedAt[];
  /** The start, then one entry for each step. */
  readonly steps: readonly Made[];
  /** Why it does not go on, in words; undefined while it does. */
  ended(): string | undefined;
  /** Asks until this many calls are spent or the run has ended. */
  until(calls: number): void;
  /** What will be spent after the first question beyond `calls`; undefined if there is none. */
  next(calls: number): number | undefined;
}

/** Sums of thirds differ by rounding: up to this difference, two numbers of calls are the same. */
export const SAME = 2 ** -20;
/** A method that has made this many steps without a question will ask no more. */
const SILENT = 1000;

const pointOf = (z: Vector): Point => [z[0]!, z[1]!];

function askedAt(question: Question, calls: number): AskedAt {
  if (ArrayBuffer.isView(question)) return { want: 'gradient', at: pointOf(question), calls };
  return {
    want: question.want,
    at: pointOf(question.at),
    ...('player' in question && question.player !== undefined ? { player: question.player } : {}),
    ...('along' in question && question.along.length === 2 ? { along: pointOf(question.along) } : {}),
    calls,
  };
}

/**
 * Runs a method on a game of two numbers and records each question: the steps and the calls are those of
 * `solve` with the same start, bit for bit.
 * @throws InputError if the game is not of two numbers or lacks what the method needs.
 */
export function recorder(game: Game, method: Method<State>, start: Point): Recorder {
  if (game.dim !== 2)
    throw new InputError(`${game.name} has ${game.dim} numbers; the plane shows games of 2`);
  const z0 = Float64Array.from(start);
  const space = spaceFor(game, z0);
  const state = method.init(space, z0);
  const step = method.begin(space);
  const record = newOracleRecord(game, space);
  const oracle = oracleFor(game, space, record);
  const price = pricing(game);
  const scratch = new Float64Array(2);
  const solution = game.facts?.solution;

  const questions: AskedAt[] = [];
  const made = (): Made => {
    const z = pointOf(state.z);
    return {
      z,
      calls: price(record.ledger),
      residual: naturalResidual(game, Float64Array.from(z), scratch),
      ...(solution && { distance: distance(Float64Array.from(z), solution) }),
    };
  };
  const steps: Made[] = [made()];
  let end: string | undefined;
  let asking: Asking = step(state);
  let turn: IteratorResult<Question, void> | undefined;

  /** Completes steps until the method asks, or the run ends. */
  const toQuestion = (): Question | undefined => {
    for (let silent = 0; end === undefined; silent++) {
      turn ??= asking.next();
      if (!turn.done) return turn.value;
      record.ledger.steps++;
      steps.push(made());
      const own = method.ended?.(state);
      if (own !== undefined) end = own.message;
      else if (!isFiniteVector(state.z)) end = 'its point is no longer finite';
      else if (silent === SILENT) end = 'it asks nothing more';
      [asking, turn] = [step(state), undefined];
    }
    return undefined;
  };
  const ask = (): void => {
    try {
      const question = toQuestion();
      if (question === undefined) return;
      const at = askedAt(question, 0);
      const answer = oracle(question);
      if (!ArrayBuffer.isView(answer)) throw new InputError(`${game.name} is asynchronous`);
      questions.push({ ...at, calls: price(record.ledger) });
      turn = asking.next(answer);
      if (turn.done) toQuestion(); // so that a step is complete as soon as its last question is answered
    } catch (error) {
      end = messageOf(error);
    }
  };
  const spent = (): number => questions.at(-1)?.calls ?? 0;
  return {
    questions,
    steps,
    ended: () => end,
    until(calls) {
      while (end === undefined && spent() < calls - SAME) ask();
    },
    next(calls) {
      while (end === undefined && spent() <= calls + SAME) ask();
      return questions.find((question) => question.calls > calls + SAME)?.calls;
    },
  };
}

/** How many of them had happened when this many calls were spent. They are in the order of their calls. */
export function countAt(events: readonly { readonly calls: number }[], calls: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.calls <= calls + SAME) low = middle + 1;
    else high = middle;
  }
  return low;
}

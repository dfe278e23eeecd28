import type { Asking, Question, Vector } from '@stillpoint/operators';
import type { Oracle } from './oracle.js';

/** Stands where the end of the budget interrupted something that asks. */
export const OVER: unique symbol = Symbol('the budget would be exceeded');

/** Where something that asks has got to: its value, a promise to wait for, or the end of the budget. */
type Got<R> = R | Promise<Vector> | typeof OVER;

/** The one loop: asks until the end (its value), a promise to wait for, or the end of the budget. */
export function advance<R>(asking: Asking<R>, oracle: Oracle, answer?: Vector): Got<R> {
  return proceed(asking, oracle, answer === undefined ? asking.next() : asking.next(answer));
}
/** An error of the oracle is thrown where the question was asked. */
function proceed<R>(asking: Asking<R>, oracle: Oracle, first: IteratorResult<Question, R>): Got<R> {
  let turn = first;
  while (!turn.done) {
    let next: ReturnType<Oracle>;
    try {
      next = oracle(turn.value);
    } catch (error) {
      turn = asking.throw(error);
      continue;
    }
    if (!ArrayBuffer.isView(next)) return next ?? OVER;
    turn = asking.next(next);
  }
  return turn.value;
}

/**
 * A run yields only what must be waited for, so that one text serves synchronous and asynchronous problems.
 */
export type Running<R> = Generator<Promise<unknown>, R, void>;

/** `await` of a run: `const x = yield* wait(promise)`. */
export function* wait<T>(promise: Promise<T>): Running<T> {
  let box: { readonly value: T } | undefined;
  yield promise.then((value) => void (box = { value }));
  if (box === undefined) throw new Error('a run was resumed before its promise was settled');
  return box.value;
}

/** A probe, a step or a search to its end, its answers awaited where need be. */
export function* ask<R>(asking: Asking<R>, oracle: Oracle): Running<R | typeof OVER> {
  let now = advance(asking, oracle);
  while (now instanceof Promise) now = yield* resumed(asking, oracle, now);
  return now;
}
/** Waits for an answer, and goes on with it. */
export function* resumed<R>(asking: Asking<R>, oracle: Oracle, pending: Promise<Vector>): Running<Got<R>> {
  let answer: Vector;
  try {
    answer = yield* wait(pending);
  } catch (error) {
    return proceed(asking, oracle, asking.throw(error));
  }
  return advance(asking, oracle, answer);
}

/** Runs at once where nothing must be waited for; otherwise returns a promise. */
export function settle<R>(run: Running<R>): R | Promise<R> {
  const turn = run.next();
  return turn.done ? turn.value : onwards(run, turn.value);
}
async function onwards<R>(run: Running<R>, first: Promise<unknown>): Promise<R> {
  for (let pending = first; ;) {
    let turn: IteratorResult<Promise<unknown>, R>;
    try {
      await pending;
      turn = run.next();
    } catch (error) {
      turn = run.throw(error);
    }
    if (turn.done) return turn.value;
    pending = turn.value;
  }
}

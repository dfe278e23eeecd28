import type { Asking, Vector } from '@stillpoint/operators';
import type { Answer, Oracle } from './oracle.js';

/** Stands where the end of the budget interrupted something that asks. */
export const OVER: unique symbol = Symbol('the budget would be exceeded');

/** Where something that asks has got to: its value, a promise to wait for, or the end of the budget. */
export type Got<R> = R | Promise<Answer> | typeof OVER;

/** The one loop: asks until the end (its value), a promise to wait for, or the end of the budget. */
export function advance<R>(asking: Asking<R>, oracle: Oracle, answer?: Vector): Got<R> {
  let turn = answer === undefined ? asking.next() : asking.next(answer);
  while (!turn.done) {
    const next = oracle(turn.value);
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

/** Waits for an answer, and goes on with it. */
export function* resumed<R>(asking: Asking<R>, oracle: Oracle, pending: Promise<Answer>): Running<Got<R>> {
  const answer = yield* wait(pending);
  return answer === undefined ? OVER : advance(asking, oracle, answer);
}

/**
 * A probe to its end, its answers awaited where need be. An error of the oracle is thrown where it was asked.
 */
export function* ask<R>(asking: Asking<R>, oracle: Oracle): Running<R | typeof OVER> {
  let turn = asking.next();
  while (!turn.done) {
    let next: Vector | undefined;
    try {
      const answer = oracle(turn.value);
      next = answer instanceof Promise ? yield* wait(answer) : answer;
    } catch (error) {
      turn = asking.throw(error);
      continue;
    }
    if (next === undefined) return OVER;
    turn = asking.next(next);
  }
  return turn.value;
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

import type { Asking, Vector } from '@stillpoint/operators';
import type { Answer, Oracle } from './oracle.js';

/** The outcome of an asking generator that the end of the budget interrupted. */
export const OVER: unique symbol = Symbol('the budget would be exceeded');

/**
 * How far an asking generator has been advanced: to its value, a promise to wait for, or the end of the
 * budget.
 */
export type Got<R> = R | Promise<Answer> | typeof OVER;

/**
 * Passes questions to the oracle until the generator returns its value, an answer is a promise, or the budget
 * ends.
 */
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
 * A run as a generator. It yields only promises to wait for, so that the same code serves synchronous and
 * asynchronous problems.
 */
export type Running<R> = Generator<Promise<unknown>, R, void>;

/** `await` of a run: `const x = yield* wait(promise)`. */
export function* wait<T>(promise: Promise<T>): Running<T> {
  let box: { readonly value: T } | undefined;
  yield promise.then((value) => void (box = { value }));
  if (box === undefined) throw new Error('a run was resumed before its promise was settled');
  return box.value;
}

/** Waits for an answer, then advances with it. */
export function* resumed<R>(asking: Asking<R>, oracle: Oracle, pending: Promise<Answer>): Running<Got<R>> {
  const answer = yield* wait(pending);
  return answer === undefined ? OVER : advance(asking, oracle, answer);
}

/**
 * Runs a probe to its end and waits for answers that are promises. An error of the oracle is thrown at the
 * question that caused it.
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

/** Runs to the end at once if there is nothing to wait for; otherwise returns a promise. */
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

import * as tf from '@tensorflow/tfjs-core';
import { alongRow, type LossOf } from './products.js';

type T = tf.Tensor;

/** How an inner problem is replaced: by T steps of gradient descent of length η. */
export interface InnerSteps {
  /** T, the number of steps. */
  readonly steps: number;
  /** η. */
  readonly stepSize: number;
}

/**
 * T steps of gradient descent as a function that can be differentiated any number of times,
 *   y₀ = start,  y_{t+1} = y_t − η∇f(y_t),
 * where f may depend on tensors outside: `tf.grad` of what is computed from y_T goes back through every step
 * (reverse mode, whose memory grows with T), with second derivatives of f. A step costs a gradient of f, and
 * about twice as much again to differentiate it once.
 *
 * Sources: Franceschi, Donini, Frasconi, Pontil, "Forward and reverse gradient-based hyperparameter
 * optimization", 2017, arXiv 1703.01785; for unrolled GANs Metz, Poole, Pfau, Sohl-Dickstein 2017, arXiv
 * 1611.02163.
 */
export function innerSteps(loss: (y: T) => tf.Scalar, start: T, { steps, stepSize }: InnerSteps): T {
  // A copy: if the start were a tensor that f, by way of tensors outside, depends on, as the trajectory of an
  // outer step does that began at the same start, its gradient would be that of both.
  let y = tf.clone(start);
  for (let t = 0; t < steps; t++) y = tf.sub(y, tf.mul(stepSize, tf.grad(loss)(y)));
  return y;
}

/**
 * The same steps with their derivatives along given directions of the tensors outside (forward mode, whose
 * memory does not grow with T):
 *   ẏ₀ = 0,  ẏ_{t+1} = ẏ_t − η(∇²_yy f·ẏ_t + ∇²_yx f·ẋ),  at (x, y_t).
 * @param loss f as a function of x₁, …, x_k and y, in this order.
 * @param at x₁, …, x_k.
 * @param directions ẋ₁, …, ẋ_k, for each direction; a step costs one product with the Hessian for each.
 */
export function innerStepsAlong(
  loss: LossOf,
  at: readonly T[],
  start: T,
  directions: readonly (readonly T[])[],
  { steps, stepSize }: InnerSteps,
): { readonly y: T; readonly along: readonly T[] } {
  let y = tf.clone(start);
  let along: readonly T[] = directions.map(() => tf.zerosLike(y));
  for (let t = 0; t < steps; t++) {
    const here = [...at, y];
    along = along.map((own, j) =>
      tf.sub(own, tf.mul(stepSize, alongRow(loss, at.length, here, [...directions[j]!, own]))),
    );
    y = tf.sub(y, tf.mul(stepSize, tf.grad((own) => loss([...at, own]))(y)));
  }
  return { y, along };
}

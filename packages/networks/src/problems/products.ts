import * as tf from '@tensorflow/tfjs-core';

type T = tf.Tensor;
/** A player's loss as a function of every player's flat parameters, in the order of the players. */
export type LossOf = (parameters: readonly T[]) => tf.Scalar;

const dot = (a: T, b: T): T => tf.sum(tf.mul(a, b));
const sum = (terms: readonly T[]): tf.Scalar => tf.sum(tf.stack([...terms]));
const replaced = (list: readonly T[], at: number, by: T): readonly T[] =>
  list.map((entry, i) => (i === at ? by : entry));
/**
 * y + Σ 0·x, so that a gradient is 0 where y does not depend on an x, and not an error of tfjs. The sum of
 * zeros is dropped from the graph, since only gradients of y are read.
 */
export const tied = (y: tf.Scalar, xs: readonly T[]): tf.Scalar =>
  sum([y, ...xs.map((x) => tf.sum(tf.mul(x, 0)))]);

/** The gradient of ℓ in each of its arguments; 0 in one on which it does not depend. */
export function slopesOf(loss: LossOf, at: readonly T[]): readonly T[] {
  // Copies: if one of these tensors was computed from another, the gradient in that one is not to go by way
  // of the first.
  return tf.grads((...all: T[]) => tied(loss(all), all))(at.map((x) => tf.clone(x)));
}

/** ∇ₚ⟨∇ℓ, v⟩, rows p of the Hessian of ℓ times v: the derivative of ∇ₚℓ along v. */
export function alongRow(loss: LossOf, p: number, at: readonly T[], v: readonly T[]): T {
  return tf.grad((own) =>
    tied(sum(slopesOf(loss, replaced(at, p, own)).map((slope, q) => dot(slope, v[q]!))), [own]),
  )(at[p]!);
}

/**
 * J·v for F = (∇₁ℓ₁, ∇₂ℓ₂, …), exactly: row p is ∇ₚ⟨∇ℓₚ, v⟩, the Hessian of ℓₚ times v, of which player p's
 * part is kept. `at` and `v` hold one flat vector per player; the result is stacked.
 */
export function product(losses: readonly LossOf[], at: readonly T[], v: readonly T[]): T {
  return tf.concat(losses.map((loss, p) => alongRow(loss, p, at, v)));
}

/** Jᵀ·v, exactly: the gradient of ⟨F(z), v⟩ with respect to all players' parameters. */
export function transposedProduct(losses: readonly LossOf[], at: readonly T[], v: readonly T[]): T {
  const along = (...all: T[]): tf.Scalar =>
    tied(
      sum(
        losses.map((loss, p) =>
          dot(tf.grad((own) => tied(loss(replaced(all, p, own)), [own]))(all[p]!), v[p]!),
        ),
      ),
      all,
    );
  return tf.concat(tf.grads(along)([...at]));
}

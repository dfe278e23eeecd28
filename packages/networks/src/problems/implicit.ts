import * as tf from '@tensorflow/tfjs-core';
import { completed, type Levels } from './levels.js';
import type { Slope } from './of-losses.js';
import { alongRow, slopesOf } from './products.js';

type T = tf.Tensor;
const dot = (a: T, b: T): T => tf.sum(tf.mul(a, b));

/** A gradient by implicit differentiation. */
export interface ImplicitSlope extends Slope {
  /** ‖Hq − ∇_y f‖ as a share of ‖∇_y f‖, of one more product. */
  readonly residual: () => T;
}

/**
 * f(x, y) of two levels and its gradient where y is the solution of the lower level for x, from ∇_y g(x, y)
 * = 0:
 *   ∇_x f − ∇²_xy g·q,   Hq = ∇_y f,   H = ∇²_yy g at (x, y),
 * by `products` steps of conjugate gradients from q = 0, each a product with H (Hestenes, Stiefel 1952). As
 * many as y has entries are exact but for rounding; fewer do where the spectrum of H is clustered. Needs a
 * strongly convex g. y is where the descent ended: how it got there is not differentiated.
 *
 * Source: Fabian Pedregosa, "Hyperparameter optimization with approximate gradient", 2016, arXiv 1602.02355.
 */
export function implicitSlope(levels: Levels, x: T, products: number): ImplicitSlope {
  const [f, g] = [levels.losses[0]!, levels.losses[1]!];
  const at = completed(levels, [x]);
  const [byX, b] = slopesOf(f, at);
  const zero = tf.zerosLike(x);
  const H = (v: T): T => alongRow(g, 1, at, [zero, v]);
  let [q, r, d] = [tf.zerosLike(b!), b!, b!];
  let ρ = dot(r, r);
  for (let k = 0; k < products; k++) {
    const Hd = H(d);
    const α = tf.divNoNan(ρ, dot(d, Hd)); // 0 once r is 0
    q = tf.add(q, tf.mul(α, d));
    r = tf.sub(r, tf.mul(α, Hd));
    const next = dot(r, r);
    d = tf.add(r, tf.mul(tf.divNoNan(next, ρ), d));
    ρ = next;
  }
  const grad = tf.sub(byX!, alongRow(g, 0, at, [zero, q]));
  const residual = (): T => tf.divNoNan(tf.norm(tf.sub(H(q), b!)), tf.norm(b!));
  return { value: f(at), grad, residual };
}

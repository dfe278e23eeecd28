import * as tf from '@tensorflow/tfjs-core';
import type { Context } from '../network.js';

const EPSILON = 1e-5;

/**
 * Batch normalisation of h [batch, …, channels]: (h − μ)/√(σ² + 1e-5) · scale + offset, scale and offset
 * [channels], with μ and σ² over all axes but the last, of the batch itself or as given. `layer` counts from
 * 0 within a network. Ioffe, Szegedy 2015, arXiv 1502.03167.
 */
export function batchNorm(
  h: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  layer: number,
  { given, used }: Context,
): tf.Tensor {
  const axes = h.shape.slice(0, -1).map((_, i) => i);
  const fixed = given?.[layer];
  const mean = fixed?.mean ?? tf.mean(h, axes, true);
  const centred = tf.sub(h, mean);
  const variance = fixed?.variance ?? tf.mean(tf.square(centred), axes, true);
  used?.(layer, { mean: tf.reshape(mean, [-1]), variance: tf.reshape(variance, [-1]) });
  // The two factors per channel are multiplied first: one product over the batch instead of two.
  return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, EPSILON)), scale)), offset);
}

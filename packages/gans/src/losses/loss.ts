import type * as tf from '@tensorflow/tfjs-core';

/** A GAN's losses from the discriminator's logits; each player minimises its own. */
export interface GanLoss {
  /** As a spec, options and all: part of the game's name, so that a checkpoint of another loss is refused. */
  readonly name: string;
  readonly reference: string;
  /** Scalar, from logits [batch, 1] on real and on generated examples. */
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** Scalar, from logits [batch, 1] on generated examples. */
  readonly generator: (fake: tf.Tensor) => tf.Scalar;
}

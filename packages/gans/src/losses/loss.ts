import type * as tf from '@tensorflow/tfjs-core';
import type { Data } from '@stillpoint/operators';

/** A GAN's losses from the discriminator's logits; each player minimises its own. */
export interface GanLoss {
  /** As a spec, options and all: part of the game's name. */
  readonly name: string;
  /**
   * Plain data that decides whether a checkpoint trained with this loss fits. Default: the name and a hash of
   * both functions' source. Whoever copies a loss and changes a function must leave it out.
   */
  readonly identity?: Data;
  readonly reference: string;
  /** Scalar, from logits [batch, 1] on real and on generated examples. */
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** Scalar, from logits [batch, 1] on generated examples. */
  readonly generator: (fake: tf.Tensor) => tf.Scalar;
}

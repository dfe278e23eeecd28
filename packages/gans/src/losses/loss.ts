import type * as tf from '@tensorflow/tfjs-core';
import type { Data } from '@stillpoint/operators';

/** The losses of D and of G, computed from the discriminator's logits. Each player minimises its own. */
export interface GanLoss {
  /** The loss's spec with all options; part of the game's name. */
  readonly name: string;
  /**
   * Plain data that decides whether a checkpoint trained with this loss fits. Default: the name and a hash of
   * both functions' source. If you copy a loss and change a function, leave it out.
   */
  readonly identity?: Data;
  readonly reference: string;
  /** D's loss, a scalar, from the logits [batch, 1] of real and of generated examples. */
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** G's loss, a scalar, from the logits [batch, 1] of generated examples. */
  readonly generator: (fake: tf.Tensor) => tf.Scalar;
}

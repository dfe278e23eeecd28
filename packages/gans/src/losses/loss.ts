import type * as tf from '@tensorflow/tfjs-core';
import type { Data } from '@stillpoint/operators';
import type { Sees } from './sees.js';

/**
 * The losses of D and of G. Each player minimises its own. Both may read what `sees` offers; what neither
 * reads is not drawn and not computed.
 */
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
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor, sees: Sees) => tf.Scalar;
  /** G's loss, a scalar, from the logits [batch, 1] of generated examples. */
  readonly generator: (fake: tf.Tensor, sees: Sees) => tf.Scalar;
  /**
   * Whether it reads D's outputs as logits, which have no limits: a D that ends in a sigmoid or tanh then
   * gets a warning. Default false: a loss of your own may read probabilities.
   */
  readonly logits?: boolean;
  /**
   * Whether D's loss has no lower bound while nothing limits D's slope. A game without a penalty of the
   * slope, spectral norm or a constraint of D then carries a warning. Default false.
   */
  readonly unbounded?: boolean;
  /**
   * Whether the i-th generated example is compared with the i-th real one. Both then have the same label, if
   * there are labels. Default false: generated labels are drawn uniformly.
   */
  readonly paired?: boolean;
  /** Whether D returns one logit and a logit for each class. Default false: one logit. */
  readonly classifies?: boolean;
  /** The decay of the moving averages of D's logits, if the loss reads them. */
  readonly decay?: number;
  /**
   * How many gradient steps D is ahead where G's loss is computed, as `unrolled` does. Default: at D as it
   * is.
   */
  readonly unroll?: Unroll;
}

/** Gradient steps of D that G's loss looks ahead. */
export interface Unroll {
  readonly steps: number;
  readonly stepSize: number;
}

/** A loss that sees nothing but the logits. */
export interface LogitLoss extends GanLoss {
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  readonly generator: (fake: tf.Tensor) => tf.Scalar;
}

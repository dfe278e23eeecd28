import type * as tf from '@tensorflow/tfjs-core';
import type { Data } from '@stillpoint/operators';
import type { GanLoss } from '../losses/loss.js';
import type { Sees } from '../losses/sees.js';

/** A term that is added to a loss: to D's, to G's or to both. Its weight is part of it. */
export interface Penalty extends Pick<GanLoss, 'classifies' | 'decay'> {
  /** Its spec with all options. */
  readonly name: string;
  /**
   * Plain data that decides whether a checkpoint fits. Default: the name and a hash of its functions' source.
   */
  readonly identity?: Data;
  readonly reference: string;
  /** What is added to D's loss, a scalar. */
  readonly discriminator?: (sees: Sees) => tf.Scalar;
  /** What is added to G's loss, a scalar. */
  readonly generator?: (sees: Sees) => tf.Scalar;
  /** Whether it limits D's slope, which the Wasserstein loss needs. Default false. */
  readonly slope?: boolean;
}

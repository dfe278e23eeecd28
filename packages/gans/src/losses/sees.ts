import type * as tf from '@tensorflow/tfjs-core';

/** Something for real and for generated examples. */
export interface Both {
  readonly real: tf.Tensor;
  readonly generated: tf.Tensor;
}

/**
 * What a loss may read. Each part is drawn and computed only if a loss reads it. D and G are functions at the
 * parameters of the question, so they may be differentiated: `tf.grad((x) => tf.sum(D(x)))(real)` is D's
 * slope at each real example if no logit depends on the other examples.
 */
export interface Sees {
  /**
   * D's logits [n, 1] for examples x [n, inputs]. A D with classes gets one-hot labels [n, classes]: the real
   * examples' by default, the generated examples', or others.
   */
  readonly D: (x: tf.Tensor, labels?: keyof Both | tf.Tensor) => tf.Tensor;
  /** Examples [n, outputs] from noise [n, inputs]. Labels as in D; default: the generated examples'. */
  readonly G: (noise: tf.Tensor, labels?: keyof Both | tf.Tensor) => tf.Tensor;
  /** Real examples [batch, inputs]. */
  readonly real: tf.Tensor;
  /** Generated examples [batch, inputs]. */
  readonly generated: tf.Tensor;
  /** The noise from which G made them. */
  readonly noise: tf.Tensor;
  /** D's logits [batch, 1] for these examples. */
  readonly logits: Both;
  /** The class logits [batch, classes] of a D that classifies. */
  readonly classLogits: Both;
  /** One-hot labels [batch, classes]: those of the real examples, and those for which G generated. */
  readonly labels: Both;
  /**
   * Uniform random numbers in [0, 1), [batch, columns], fresh in each sample. Each call within a loss returns
   * numbers of its own.
   */
  readonly uniform: (columns: number) => tf.Tensor;
  /**
   * Moving averages of D's mean logit, scalars, over the steps before this one; 0 at the first step. The loss
   * states their `decay`.
   */
  readonly averages: Both;
}

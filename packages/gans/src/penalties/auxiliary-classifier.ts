import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError } from '@stillpoint/operators';
import type { Penalty } from './penalty.js';

/** E −log softmax(logits)[label]. */
const crossEntropy = (logits: tf.Tensor, labels: tf.Tensor): tf.Scalar => {
  // the largest logit is subtracted first, so that no exponential overflows
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  const total = tf.log(tf.sum(tf.exp(shifted), -1));
  return tf.mean(tf.sub(total, tf.sum(tf.mul(labels, shifted), -1)));
};

/** Options of {@link auxiliaryClassifier}. */
export interface AuxiliaryClassifierOptions {
  /** What the cross-entropies are multiplied by; default 1. */
  readonly weight?: number;
}

/**
 * The auxiliary classifier of ACGAN. D returns a logit and one logit per class, and both players want the
 * classes to be recognised:  L_D + weight · (H(x) + H(G(z))),  L_G + weight · H(G(z)),  H the cross-entropy
 * of the class logits against the labels, those that G was given for generated examples. Needs data with
 * labels and a D with 1 + classes outputs. Source: Odena, Olah, Shlens 2017, arXiv 1610.09585.
 * @throws InputError for a weight that is not > 0.
 */
export function auxiliaryClassifier({ weight = 1 }: AuxiliaryClassifierOptions = {}): Penalty {
  if (!(Number.isFinite(weight) && weight > 0))
    throw new InputError(`auxiliary-classifier: weight is ${weight}; expected a number > 0`);
  const options = { weight };
  return {
    name: formatSpec({ name: 'auxiliary-classifier', inner: [], options }),
    identity: { kind: 'penalty', name: 'auxiliary-classifier', options },
    reference: 'Odena, Olah, Shlens 2017, arXiv 1610.09585',
    classifies: true,
    discriminator: ({ classLogits, labels }) =>
      tf.mul(
        weight,
        tf.add(
          crossEntropy(classLogits.real, labels.real),
          crossEntropy(classLogits.generated, labels.generated),
        ),
      ),
    generator: ({ classLogits, labels }) =>
      tf.mul(weight, crossEntropy(classLogits.generated, labels.generated)),
  };
}

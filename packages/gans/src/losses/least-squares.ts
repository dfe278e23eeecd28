import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError } from '@stillpoint/operators';
import type { LogitLoss } from './loss.js';

/** The labels of the least-squares loss: the values that D's output is fitted to. */
export interface LeastSquaresOptions {
  /** Label of real examples in D's loss, b; default 1. */
  readonly real?: number;
  /** Label of generated examples in D's loss, a; default 0. */
  readonly fake?: number;
  /** Label of generated examples in G's loss, c; default 1. */
  readonly generator?: number;
}

/**
 * The least-squares loss:  L_D = ½ E (D(x) − b)² + ½ E (D(G(z)) − a)²,  L_G = ½ E (D(G(z)) − c)², with the
 * paper's halves, as in TF-GAN and torchgan. Not zero-sum: D and G both minimise a square of the same output.
 * The paper has two choices of labels: a = 0, b = c = 1, the default, and a = −1, b = 1, c = 0, with which G
 * minimises the Pearson χ² divergence (b − c = 1, b − a = 2). Source: Mao et al. 2017, arXiv 1611.04076.
 * @throws InputError for labels that are not finite, and if a = b.
 */
export function leastSquares({
  real: b = 1,
  fake: a = 0,
  generator: c = 1,
}: LeastSquaresOptions = {}): LogitLoss {
  const options = { real: b, fake: a, generator: c };
  for (const [name, label] of Object.entries(options))
    if (!Number.isFinite(label))
      throw new InputError(`least-squares: ${name} is ${label}; expected a finite number`);
  if (a === b)
    throw new InputError(
      `least-squares: real and fake are both ${a}; expected two different labels, such as 1 and 0`,
    );
  const half = (logits: tf.Tensor, label: number): tf.Scalar =>
    tf.mul(0.5, tf.mean(tf.square(tf.sub(logits, label))));
  return {
    name: formatSpec({ name: 'least-squares', inner: [], options }),
    identity: { kind: 'loss', name: 'least-squares', options },
    reference: 'Mao et al. 2017, arXiv 1611.04076',
    discriminator: (real, fake) => tf.add(half(real, b), half(fake, a)),
    generator: (fake) => half(fake, c),
  };
}

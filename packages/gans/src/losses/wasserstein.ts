import * as tf from '@tensorflow/tfjs-core';
import type { LogitLoss } from './loss.js';

/**
 * The Wasserstein loss:  L_D = E D(G(z)) − E D(x),  L_G = −E D(G(z)). Zero-sum: L_D + L_G = −E D(x) does not
 * depend on G's parameters. −min L_D is the distance W₁ only if D is restricted to 1-Lipschitz functions;
 * without a gradient penalty, spectral norm or clipped weights L_D has no lower bound, and the game carries a
 * warning. Source: Arjovsky,
 * Chintala, Bottou 2017, arXiv 1701.07875.
 */
export const wasserstein: LogitLoss = {
  name: 'wasserstein',
  identity: { kind: 'loss', name: 'wasserstein', options: {} },
  reference: 'Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875',
  logits: true,
  discriminator: (real, fake) => tf.sub(tf.mean(fake), tf.mean(real)),
  generator: (fake) => tf.neg(tf.mean(fake)),
  unbounded: true,
};

import * as tf from '@tensorflow/tfjs-core';
import type { GanLoss } from './loss.js';

/**
 * The Wasserstein loss:  L_D = E D(G(z)) − E D(x),  L_G = −E D(G(z)).
 * Zero-sum: L_D + L_G = −E D(x) has no parameter of G. It means a distance, W₁ = −min L_D, only over
 * 1-Lipschitz D: without a gradient penalty, spectral norm or clipped weights L_D has no lower bound.
 * Source: Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875.
 */
export const wasserstein: GanLoss = {
  name: 'wasserstein',
  identity: { kind: 'loss', name: 'wasserstein', options: {} },
  reference: 'Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875',
  discriminator: (real, fake) => tf.sub(tf.mean(fake), tf.mean(real)),
  generator: (fake) => tf.neg(tf.mean(fake)),
};

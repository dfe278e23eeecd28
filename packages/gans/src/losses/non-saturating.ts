import * as tf from '@tensorflow/tfjs-core';
import type { LogitLoss } from './loss.js';

/**
 * The non-saturating loss:  L_D = E softplus(−D(x)) + E softplus(D(G(z))),  L_G = E softplus(−D(G(z))). Not
 * zero-sum: G maximises E log σ(D(G(z))), where the minimax loss minimises E log(1 − σ(D(G(z)))). Source:
 * Goodfellow et al. 2014, arXiv 1406.2661.
 */
export const nonSaturating: LogitLoss = {
  name: 'non-saturating',
  identity: { kind: 'loss', name: 'non-saturating', options: {} },
  reference: 'Goodfellow et al. 2014, arXiv 1406.2661',
  logits: true,
  discriminator: (real, fake) => tf.add(tf.mean(tf.softplus(tf.neg(real))), tf.mean(tf.softplus(fake))),
  generator: (fake) => tf.mean(tf.softplus(tf.neg(fake))),
};

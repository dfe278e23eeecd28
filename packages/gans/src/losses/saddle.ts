import * as tf from '@tensorflow/tfjs-core';
import type { LogitLoss } from './loss.js';

/**
 * The minimax loss of the saddle point problem:  L_D = E softplus(−D(x)) + E softplus(D(G(z))),  L_G = −E
 * softplus(D(G(z))) = E log(1 − σ(D(G(z)))). Zero-sum: L_D + L_G = E softplus(−D(x)) does not depend on G's
 * parameters, so G's gradient is that of −L_D. G learns little while D recognises generated examples with
 * certainty: the derivative in their logit is −σ(D(G(z))) → 0. (TF-GAN's `minimax_generator_loss` is smaller
 * by the constant softplus(−1) = 0.31326.) Source: Goodfellow et al. 2014, arXiv 1406.2661, equation 1.
 */
export const saddle: LogitLoss = {
  name: 'saddle',
  identity: { kind: 'loss', name: 'saddle', options: {} },
  reference: 'Goodfellow et al. 2014, arXiv 1406.2661',
  logits: true,
  discriminator: (real, fake) => tf.add(tf.mean(tf.softplus(tf.neg(real))), tf.mean(tf.softplus(fake))),
  generator: (fake) => tf.neg(tf.mean(tf.softplus(fake))),
};

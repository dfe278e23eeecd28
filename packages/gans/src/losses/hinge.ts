import * as tf from '@tensorflow/tfjs-core';
import type { LogitLoss } from './loss.js';

/**
 * The hinge loss:  L_D = E max(0, 1 − D(x)) + E max(0, 1 + D(G(z))),  L_G = −E D(G(z)). Not zero-sum: a
 * generated example whose logit is below −1 adds nothing to L_D, but G's gradient there is not 0. D learns
 * only from examples within the margin. Source: Lim, Ye 2017, arXiv 1705.02894; as used by Miyato et al.
 * 2018, arXiv 1802.05957.
 */
export const hinge: LogitLoss = {
  name: 'hinge',
  identity: { kind: 'loss', name: 'hinge', options: {} },
  reference: 'Lim, Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957',
  logits: true,
  discriminator: (real, fake) => tf.add(tf.mean(tf.relu(tf.sub(1, real))), tf.mean(tf.relu(tf.add(1, fake)))),
  generator: (fake) => tf.neg(tf.mean(fake)),
};

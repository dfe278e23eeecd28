import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError } from '@stillpoint/operators';
import type { LogitLoss } from './loss.js';
import { nonSaturating } from './non-saturating.js';
import { saddle } from './saddle.js';

/**
 * One-sided label smoothing of the cross-entropy losses: D learns the label 1 − s for real examples instead
 * of 1, which adds s·E D(x) to L_D, since −(1 − s) log σ(D) − s log(1 − σ(D)) = softplus(−D) + s·D. G's loss
 * stays. Source: Salimans et al. 2016, arXiv 1606.03498. (TF-GAN's `label_smoothing` is 2s: it smooths
 * towards ½.)
 * @throws InputError for another loss, and for s outside [0, 1).
 */
export function smoothed(loss: LogitLoss, smoothing: number): LogitLoss {
  if (loss !== nonSaturating && loss !== saddle)
    throw new InputError(`smoothed: ${loss.name} has no label to smooth; expected nonSaturating or saddle`);
  if (!(smoothing >= 0 && smoothing < 1))
    throw new InputError(`${loss.name}: smoothing is ${smoothing}; expected a number >= 0 and < 1`);
  if (smoothing === 0) return loss;
  return {
    ...loss,
    name: formatSpec({ name: loss.name, inner: [], options: { smoothing } }),
    identity: { kind: 'loss', name: loss.name, options: { smoothing } },
    reference: `${loss.reference}; Salimans et al. 2016, arXiv 1606.03498`,
    discriminator: (real, fake) => tf.add(loss.discriminator(real, fake), tf.mul(smoothing, tf.mean(real))),
  };
}

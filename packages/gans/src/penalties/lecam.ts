import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError } from '@stillpoint/operators';
import type { Penalty } from './penalty.js';

/** Options of {@link lecam}. */
export interface LecamOptions {
  /** What the penalty is multiplied by; default 0.3. */
  readonly weight?: number;
  /** Decay of the moving averages; default 0.99. */
  readonly decay?: number;
}

/**
 * LeCam regularisation:  weight · (E max(0, D(x) − α_G)² + E max(0, α_R − D(G(z)))²),  α_R and α_G moving
 * averages of D's mean logit on real and on generated examples. The maxima are those of the authors' code;
 * the paper has none. At the first step both averages are 0.
 *
 * The averages are buffers of the game: each step moves them by (1 − decay) towards the means on a batch of
 * their own, and in the first 1/(1 − decay) steps by 1/step, so that they do not depend on a start. In the
 * authors' code they move at every evaluation of D, on its batch. Source: Tseng et al. 2021, arXiv
 * 2104.03310.
 * @throws InputError for a weight that is not > 0, and for a decay outside [0, 1).
 */
export function lecam({ weight = 0.3, decay = 0.99 }: LecamOptions = {}): Penalty {
  if (!(Number.isFinite(weight) && weight > 0))
    throw new InputError(`lecam: weight is ${weight}; expected a number > 0`);
  if (!(decay >= 0 && decay < 1))
    throw new InputError(`lecam: decay is ${decay}; expected a number >= 0 and < 1`);
  const options = { weight, decay };
  const square = (t: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.relu(t)));
  return {
    name: formatSpec({ name: 'lecam', inner: [], options }),
    identity: { kind: 'penalty', name: 'lecam', options },
    reference: 'Tseng et al. 2021, arXiv 2104.03310',
    decay,
    discriminator: ({ logits, averages }) =>
      tf.mul(
        weight,
        tf.add(
          square(tf.sub(logits.real, averages.generated)),
          square(tf.sub(averages.real, logits.generated)),
        ),
      ),
  };
}

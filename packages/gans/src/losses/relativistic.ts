import * as tf from '@tensorflow/tfjs-core';
import { formatSpec, InputError, shown } from '@stillpoint/operators';
import type { GanLoss } from './loss.js';

/** The function f of a relativistic loss: softplus(t), max(0, 1 + t) or (1 + t)². */
export type RelativisticFunction = 'softplus' | 'hinge' | 'least-squares';

const functions: { readonly [name in RelativisticFunction]: (t: tf.Tensor) => tf.Tensor } = {
  softplus: (t) => tf.softplus(t),
  hinge: (t) => tf.relu(tf.add(1, t)),
  'least-squares': (t) => tf.square(tf.add(1, t)),
};

/** Every function of a relativistic loss. */
export const relativisticFunctions: readonly RelativisticFunction[] = ['softplus', 'hinge', 'least-squares'];

/** Options of {@link relativistic} and {@link relativisticAverage}. */
export interface RelativisticOptions {
  /** Default softplus. */
  readonly function?: RelativisticFunction;
}

const REFERENCE = 'Jolicoeur-Martineau 2018, arXiv 1807.00734';

/** Checks the function's name. */
function meanOf(owner: string, name: RelativisticFunction): (t: tf.Tensor) => tf.Scalar {
  if (!Object.hasOwn(functions, name))
    throw new InputError(
      `${owner}: function is ${shown(name)}; expected one of ${relativisticFunctions.join(', ')}`,
    );
  return (t) => tf.mean(functions[name](t));
}

/**
 * The relativistic paired loss:  L_D = E f(D(G(z)) − D(x)),  L_G = E f(D(x) − D(G(z))), the i-th generated
 * example against the i-th real one. G's gradient depends on real examples, so its sample holds some. Not
 * zero-sum: L_D + L_G = E f(t) + f(−t) with t = D(G(z)) − D(x). With R1 and R2 it is R3GAN's loss. Source:
 * Jolicoeur-Martineau 2018, arXiv 1807.00734, there with softplus: RSGAN.
 * @throws InputError for an unknown function.
 */
export function relativistic({ function: name = 'softplus' }: RelativisticOptions = {}): GanLoss {
  const f = meanOf('relativistic', name);
  return {
    name: formatSpec({ name: 'relativistic', inner: [], options: { function: name } }),
    identity: { kind: 'loss', name: 'relativistic', options: { function: name } },
    reference: REFERENCE,
    logits: true,
    paired: true,
    discriminator: (real, fake) => f(tf.sub(fake, real)),
    generator: (fake, { logits }) => f(tf.sub(logits.real, fake)),
  };
}

/**
 * The relativistic average loss, each example against the mean logit of the others:
 *   L_D = E f(D̄_G − D(x)) + E f(D(G(z)) − D̄),  L_G = E f(D(x) − D̄_G) + E f(D̄ − D(G(z))),
 * with D̄ = E D(x) and D̄_G = E D(G(z)) over the batch. With softplus RaSGAN, with hinge RaHinge, with
 * least-squares RaLSGAN, as in the paper without halves. Source: Jolicoeur-Martineau 2018, arXiv 1807.00734.
 * @throws InputError for an unknown function.
 */
export function relativisticAverage({ function: name = 'softplus' }: RelativisticOptions = {}): GanLoss {
  const f = meanOf('relativistic-average', name);
  /** L_D; with the two sets exchanged it is L_G. */
  const loss = (real: tf.Tensor, fake: tf.Tensor): tf.Scalar =>
    tf.add(f(tf.sub(tf.mean(fake), real)), f(tf.sub(fake, tf.mean(real))));
  return {
    name: formatSpec({ name: 'relativistic-average', inner: [], options: { function: name } }),
    identity: { kind: 'loss', name: 'relativistic-average', options: { function: name } },
    reference: REFERENCE,
    logits: true,
    discriminator: loss,
    generator: (fake, { logits }) => loss(fake, logits.real),
  };
}

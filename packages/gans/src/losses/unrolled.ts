import { InputError, shown } from '@stillpoint/operators';
import { lossIdentity } from '../identity.js';
import type { GanLoss, Unroll } from './loss.js';

/** The most steps: the graph of G's gradient grows with each. */
export const MOST_UNROLLED = 100;

/**
 * An unrolled GAN: G's loss at a D that has gone ahead by k gradient steps of its own loss,
 *   d₀ = d,  d_{i+1} = d_i − η ∇_d L_D(d_i, g),  G minimises L_G(d_k(g), g),
 * all on G's sample; uniform numbers that a penalty reads are fresh in each step. G's gradient goes through
 * the steps, with second derivatives of L_D. D's own loss stays. A gradient of G costs k further gradients of
 * D, and about twice as much again to differentiate them; a call of the game is a gradient of both of its
 * players, so that it costs more than one of the plain loss, by the ratio of their `operations`. Networks
 * with spectral or batch norm, dropout or classes and losses with penalties are unrolled like others;
 * spectral norm's vectors stay as they are during the steps.
 *
 * Source: Metz, Poole, Pfau, Sohl-Dickstein, "Unrolled generative adversarial networks", 2017, arXiv
 * 1611.02163.
 * @throws InputError for an unrolled loss, steps that are not a whole number from 0 to 100, and a step size
 *   that is not > 0.
 */
export function unrolled(loss: GanLoss, { steps = 5, stepSize = 0.1 }: Partial<Unroll> = {}): GanLoss {
  if (typeof loss?.discriminator !== 'function' || typeof loss.generator !== 'function')
    throw new InputError(`unrolled: ${shown(loss)} is no loss; expected one, as saddle or lossFrom('hinge')`);
  if (loss.unroll !== undefined)
    throw new InputError(
      `unrolled: ${loss.name} is unrolled already; expected a plain loss, with more steps`,
    );
  if (!(Number.isInteger(steps) && steps >= 0 && steps <= MOST_UNROLLED))
    throw new InputError(
      `unrolled: steps is ${shown(steps)}; expected a whole number from 0 to ${MOST_UNROLLED}`,
    );
  if (!(Number.isFinite(stepSize) && stepSize > 0))
    throw new InputError(`unrolled: stepSize is ${shown(stepSize)}; expected a number > 0`);
  if (steps === 0) return loss;
  return {
    ...loss,
    name: `unrolled(${loss.name}, steps=${steps}, stepSize=${stepSize})`,
    identity: { kind: 'unrolled loss', loss: lossIdentity(loss), steps, stepSize },
    reference: `${loss.reference}; ${UNROLLED}`,
    unroll: { steps, stepSize },
  };
}

/** Where unrolled GANs are from. */
export const UNROLLED = 'Metz, Poole, Pfau, Sohl-Dickstein 2017, arXiv 1611.02163';

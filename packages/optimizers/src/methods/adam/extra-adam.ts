import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * ExtraAdam, with one set of moments that advances on both half steps:
 *   w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
 *   z⁺ = (I + γA)⁻¹(z − ᾱγ·Adam(F(w)))
 *
 * No guarantee; extragradient's geometry with Adam's scaling. Oracle calls per step: 2, a fresh sample each.
 * Source: Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019, arXiv 1802.10551, algorithm 4.
 */
export const extraAdam = method({
  name: 'extra-adam',
  group: 'Adam',
  family: 'adam',
  about: 'extragradient with Adam’s direction, one set of moments',
  when: 'GANs whose gradients rotate; relaxation=0.5 makes it ExtraAdam+',
  assumptions: 'no guarantee for games',
  reference: 'Gidel et al. 2019, arXiv 1802.10551',
  options: {
    stepSize: option.adamStepSize,
    ...option.moments,
    relaxation: option.relaxation(1),
  },
  calls: () => 2,
  memory: 4,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon, relaxation: ᾱ }) {
    const w = space.vector();
    const lookAt = mover(space, stepSize);
    const stepAt = mover(space, stepSize, ᾱ);
    const direction = adamDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const [look, step] = [lookAt(s.k), stepAt(s.k)];
      s.k++;
      look(w, s.z, direction(s.moments, yield s.z)); // w  = (I + γA)⁻¹(z − γ·Adam(F(z)))
      step(s.z, s.z, direction(s.moments, yield w)); // z⁺ = (I + γA)⁻¹(z − ᾱγ·Adam(F(w)))
    };
  },
});

import { copy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mirrorMover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Optimistic mirror descent, with g₋₁ = 0; P(z, g) = argmin_u γ⟨g, u⟩ + D(u, z) as in mirror-prox:
 *   w  = P(z, g₋)
 *   g  = F(w),  z⁺ = P(z, g)
 *
 * Assumes F monotone and L-Lipschitz in the norm of the mirror map, γ < 1/(2L). In the Euclidean geometry it
 * is past-extragradient. Oracle calls per step: 1. Source: Rakhlin, Sridharan, "Optimization, learning, and
 * games with predictable sequences", 2013, arXiv 1311.1869.
 */
export const optimisticMirrorDescent = method({
  name: 'optimistic-mirror-descent',
  group: 'mirror',
  about: 'mirror-prox with one call per step',
  when: 'as mirror-prox, if calls of F dominate the cost; learning in games',
  assumptions: 'F monotone, L-Lipschitz in the mirror’s norm, γ < 1/(2L)',
  reference: 'Rakhlin, Sridharan 2013, arXiv 1311.1869',
  options: {
    stepSize: option.mirrorStepSize({ perLipschitz: 0.49 }),
    mirror: option.mirror,
  },
  calls: () => 1,
  memory: 3,
  init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
  begin(space, { stepSize, mirror }) {
    const w = space.vector();
    const stepAt = mirrorMover(space, stepSize, mirror);
    return function* (s) {
      const step = stepAt(s.k++);
      step(w, s.z, s.g); // w  = P(z, g₋)
      step(s.z, s.z, copy(s.g, yield w)); // z⁺ = P(z, F(w))
    };
  },
});

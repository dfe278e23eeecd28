import { method } from '../../method.js';
import { mirrorMover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Mirror-prox: extragradient in the geometry of a mirror map ψ with Bregman distance D; P(z, g) = argmin_u
 * γ⟨g, u⟩ + D(u, z):
 *   w  = P(z, F(z))
 *   z⁺ = P(z, F(w))
 * With entropy P(z, g) ∝ z·exp(−γg) for each player on its simplex; in the Euclidean geometry it is
 * extragradient.
 *
 * Assumes F monotone and L-Lipschitz in the norm of ψ, γ ≤ 1/L; the mean of the points w converges like 1/K.
 * For a matrix game in the entropy geometry half the range of its entries serves as L: a constant added to
 * all of them changes no step. Oracle calls per step: 2. Source: Nemirovski, "Prox-method with rate of
 * convergence O(1/t) for variational inequalities", 2004.
 */
export const mirrorProx = method({
  name: 'mirror-prox',
  group: 'mirror',
  about: 'extragradient by multiplicative weights',
  when: 'large matrix games on simplices; the start must lie inside',
  assumptions:
    'F monotone, L-Lipschitz in the mirror’s norm, γ ≤ 1/L; the average of the points w has a gap of O(1/K)',
  reference: 'Nemirovski 2004',
  options: {
    stepSize: option.mirrorStepSize({ perLipschitz: 0.7 }),
    mirror: option.mirror,
  },
  calls: () => 2,
  memory: 2,
  init: startAt,
  begin(space, { stepSize, mirror }) {
    const w = space.vector();
    const stepAt = mirrorMover(space, stepSize, mirror);
    return function* (s) {
      const step = stepAt(s.k++);
      step(w, s.z, yield s.z); // w  = P(z, F(z))
      step(s.z, s.z, yield w); // z⁺ = P(z, F(w))
    };
  },
});

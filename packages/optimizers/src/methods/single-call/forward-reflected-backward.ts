import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { halves } from '../../move.js';
import * as option from '../../options.js';

/**
 * Forward–reflected–backward splitting, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γF(z) − γ₋(F(z) − F(z₋))),   γ₋ the previous step size
 * γ₋ is γ if the step size is constant.
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/(2L). One call of F and one resolvent. Oracle calls per step: 1.
 * Source: Malitsky, Tam, "A forward-backward splitting method for monotone inclusions without cocoercivity",
 * 2020, arXiv 1808.04162.
 */
export const forwardReflectedBackward = method({
  name: 'forward-reflected-backward',
  group: 'single-call',
  about: 'ogda under constraints: one call and one projection per step',
  when: 'constrained monotone games, if both F and the projection are expensive',
  assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
  reference: 'Malitsky, Tam 2020, arXiv 1808.04162',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.49 }),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
  begin(space, { stepSize }) {
    const d = space.vector();
    const halvesAt = halves(space, stepSize);
    return function* (s) {
      const F = yield s.z;
      const k = s.k++;
      if (k > 0) {
        // z₋₁ = z₀
        waxpy(d, F, -1, s.g);
        halvesAt(k - 1).forward(s.z, s.z, d); // − γ₋(F(z) − F(z₋))
      }
      const { forward, backward } = halvesAt(k);
      forward(s.z, s.z, F);
      copy(s.g, F);
      backward(s.z);
    };
  },
});

import { copy, rateOf, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { halves } from '../../move.js';
import * as option from '../../options.js';

/**
 * Bias-corrected stochastic EG+, with samples ξ, ξ̄ drawn anew in each step; in the first, h = z − γF(z, ξ):
 *   h  = z − γF(z, ξ) + (1 − α)(h₋ − (z₋ − γF(z₋, ξ)))
 *   z̄  = (I + γA)⁻¹h
 *   z⁺ = z − α(h − z̄ + γF(z̄, ξ̄))
 *
 * Assumes weak Minty with ρ > −γ/2, F(·, ξ) Lipschitz in the mean, bounded variance, Σα = ∞, Σα² < ∞: γ need
 * not decrease because of the noise. Without noise it is CEG+ with ᾱ = α. Oracle calls per step: 3, two of
 * them with the same sample. Source: Pethick, Fercoq, Latafat, Patrinos, Cevher, "Solving stochastic weak
 * Minty variational inequalities without increasing batch size", 2023, arXiv 2302.09029.
 */
export const bcSegPlus = method({
  name: 'bc-seg-plus',
  group: 'stochastic',
  about: 'stochastic EG+ that removes its bias with a second gradient on the same sample',
  when: 'noisy games on which plain stochastic extragradient stays at a distance from the solution; γ stays constant, only α falls',
  assumptions: 'weak Minty, ρ > −γ/2; noise of bounded variance; Σα = ∞, Σα² < ∞',
  reference: 'Pethick, Fercoq, Latafat, Patrinos, Cevher 2023, arXiv 2302.09029',
  options: {
    /** γ > 0, or one per player: held constant. */
    stepSize: option.stepSize({ perLipschitz: 0.5 }),
    relaxation: option.rate({
      about: 'how far to move in step k',
      symbol: 'α',
      default: { kind: 'power', from: 0.1, steps: 100 },
    }),
  },
  calls: () => 3,
  memory: 5,
  elementwise: true,
  /**
   * last is z₋, and h is the point to which the resolvent was applied there. Both stay when the method
   * restarts at another z: their difference is the noise at z₋, which does not depend on the new z.
   */
  init: (space, z0) => ({ z: space.copy(z0), last: space.copy(z0), h: space.copy(z0), k: 0 }),
  begin(space, { stepSize, relaxation }) {
    const rate = rateOf(relaxation);
    const [c, bar] = [space.vector(), space.vector()];
    const halvesAt = halves(space, stepSize);
    return function* (s) {
      const { forward, backward } = halvesAt(s.k);
      const α = rate(s.k);
      const kept = s.k++ === 0 ? 0 : 1 - α;
      forward(bar, s.z, yield s.z); // z − γF(z, ξ)
      forward(c, s.last, yield { want: 'gradient', at: s.last, sample: 'same' });
      waxpy(c, s.h, -1, c); // h₋ − (z₋ − γF(z₋, ξ))
      waxpy(s.h, bar, kept, c);
      copy(s.last, s.z);
      backward(copy(bar, s.h)); // z̄ = (I + γA)⁻¹h
      forward(c, bar, yield bar);
      waxpy(c, s.h, -1, c); // h − z̄ + γF(z̄, ξ̄)
      waxpy(s.z, s.z, -α, c);
    };
  },
});

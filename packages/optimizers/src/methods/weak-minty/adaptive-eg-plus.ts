import { InputError, copy, dot, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * AdaptiveEG+, CEG+ with the longest step that the two gradients allow; H = I − γF:
 *   z̄ = (I + γA)⁻¹(Hz),   α = σ/γ + ⟨z̄ − z, Hz̄ − Hz⟩ / ‖Hz̄ − Hz‖²
 *   z⁺ = z + λα(Hz̄ − Hz)
 *
 * Assumes weak Minty of A + F with ρ ≥ σ > −γ/2, F L-Lipschitz, γ ≤ 1/L. α ≥ ½ + σ/γ. Oracle calls per step:
 * 2. Source: Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831, algorithm 1.
 */
export const adaptiveEgPlus = method({
  name: 'adaptive-eg-plus',
  group: 'weak Minty',
  about: 'CEG+ that takes the longest step that its two gradients allow',
  when: 'as ceg-plus without tuning ᾱ: reaches ρ > −1/(2L)',
  assumptions: 'weak Minty of A + F, ρ ≥ σ > −γ/2, γ ≤ 1/L; best iterate',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 0.9 }),
    weight: option.weight(1),
    weakMinty: option.number({
      about: 'guess of the weak-Minty constant, above −γ/2; the lower it is, the less it assumes',
      symbol: 'σ',
      default: null,
      orNull: '−0.99γ/2',
    }),
  },
  calls: () => 2,
  memory: 4,
  check({ stepSize: γ, weakMinty }) {
    if (weakMinty !== null && !(weakMinty > -γ / 2))
      throw new InputError(
        `adaptive-eg-plus: weakMinty is ${weakMinty}; expected a number above −stepSize/2 = ${-γ / 2}`,
      );
  },
  init: startAt,
  begin(space, { stepSize: γ, weight: λ, weakMinty }) {
    const σ = weakMinty ?? (-0.99 * γ) / 2;
    const [h, bar, d] = [space.vector(), space.vector(), space.vector()];
    return function* (s) {
      s.k++;
      waxpy(h, s.z, -γ, yield s.z); // Hz
      space.prox(copy(bar, h), γ); // z̄ = (I + γA)⁻¹(Hz)
      waxpy(d, bar, -γ, yield bar);
      waxpy(d, d, -1, h); // Hz̄ − Hz
      waxpy(bar, bar, -1, s.z);
      const square = dot(d, d);
      if (square === 0) return; // z̄ solves the problem
      const α = σ / γ + dot(bar, d) / square;
      waxpy(s.z, s.z, λ * α, d); // z⁺ = z + λα(Hz̄ − Hz)
    };
  },
});

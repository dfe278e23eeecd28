import { copy, overLipschitz, scale, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

const relaxation = option.relaxation();

/**
 * OGDA+, with z₋₁ = z₀:
 *   z⁺ = (I + γA)⁻¹(z − γ((1 + ᾱ)F(z) − F(z₋)))
 *
 * Assumes weak Minty with ρ > −γ/2, γ = (1 − ᾱ)/((1 + ᾱ)L), ᾱ in (0, 1); ᾱ = 1 is ogda. Unconstrained theory.
 * Oracle calls per step: 1. Source: Böhm 2022, arXiv 2201.12247 (there ρ has the other sign and twice the
 * size).
 */
export const ogdaPlus = method({
  name: 'ogda-plus',
  group: 'weak Minty',
  about: 'ogda with a larger correction than step: one call per step',
  when: 'weak Minty games with a ρ slightly below 0, if calls of F dominate the cost',
  assumptions: 'weak Minty, ρ > −γ/2, γ = (1 − ᾱ)/((1 + ᾱ)L)',
  reference: 'Böhm 2022, arXiv 2201.12247',
  options: {
    /** γ > 0 (Böhm's a), or one per player. */
    stepSize: option.stepSize({
      fallback: '(1 − ᾱ)/(1 + ᾱ)/L if the game states L (facts.lipschitz)',
      fromFacts({ lipschitz }, { of, share }) {
        const [ᾱ, unit] = [of(relaxation), overLipschitz(lipschitz)];
        return ᾱ === undefined || unit === undefined
          ? undefined
          : (Math.max(1 - ᾱ, 0.01) / (1 + ᾱ)) * unit * share;
      },
    }),
    /** ᾱ in (0, 1] (Böhm's γ). */
    relaxation,
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
  begin(space, { stepSize, relaxation: ᾱ }) {
    const d = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const F = yield s.z;
      if (s.k === 0) copy(s.g, F); // z₋₁ = z₀
      scale(copy(d, F), 1 + ᾱ);
      waxpy(d, d, -1, s.g); // (1 + ᾱ)F(z) − F(z₋)
      copy(s.g, F);
      stepAt(s.k++)(s.z, s.z, d);
    };
  },
});

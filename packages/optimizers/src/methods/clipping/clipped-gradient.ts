import { clipByNorm } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { enter, figuresOf, tally } from '../../transforms/tally.js';

/**
 * Gradient steps, clipped, one norm for all players:
 *   g = F(z),  z⁺ = (I + ηA)⁻¹(z − η·min(1, c/‖g‖)g)
 * In the paper h_c = min(η_c, γη_c/‖g‖), c = γ. The same as `transform(gda, clip-by-global-norm)`.
 *
 * For one player and (L₀, L₁)-smooth f each step with η(L₀ + 3/2·L₁c) ≤ 1 lowers f, by η‖g‖·min(‖g‖, c)/2 at
 * least. With the defaults, η = 1/(2L₀) and ηc = 1/(3L₁), the step is everywhere at least half of the longest
 * for which that is known; the paper has η = 1/(10L₀), ηc = min(1, 1/(10L₁)).
 *
 * In games a step of the size h leads away from z* unless h‖F(z)‖² ≤ 2⟨F(z), z − z*⟩, which no threshold
 * ensures: on the bilinear game a clipped one adds (ηc)² to ‖z‖². Take clipped-extragradient there.
 * Oracle calls per step: 1.
 * Source: Zhang, He, Sra, Jadbabaie, "Why gradient clipping accelerates training", 2020, arXiv 1905.11881.
 */
export const clippedGradient = method({
  name: 'clipped-gradient',
  group: 'clipping',
  about: 'gradient steps that are no longer than ηc',
  when: 'the curvature grows with the gradient, so that no one step size suits all of the way; rare huge gradients',
  assumptions: 'one player: (L₀, L₁)-smooth f, η(L₀ + 3/2·L₁c) ≤ 1; in games as gda, with shorter steps',
  reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    stepSize: option.smoothStepSize,
    threshold: option.threshold,
  },
  calls: () => 1,
  memory: 1,
  unconstrained: true,
  init: (space, z0) => ({ z: space.copy(z0), k: 0, tallies: [tally('')] }),
  figures: ({ tallies }) => figuresOf(tallies),
  begin(space, { stepSize, threshold: c }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      const g = yield s.z;
      const norm = clipByNorm(g, c);
      enter(s.tallies[0]!, norm, norm > c ? 1 : 0);
      move(s.z, s.z, g);
    };
  },
});

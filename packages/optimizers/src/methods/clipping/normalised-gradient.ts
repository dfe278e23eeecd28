import { norm, rescale } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Normalised gradient steps, one norm for all players:
 *   g = F(z),  z⁺ = (I + ηA)⁻¹(z − η/(‖g‖ + β)·g)
 * In the paper η is η_n. Without β every step has the length η, so that it ends within η of a solution.
 *
 * With ηc = η_n and β = c it is clipped-gradient up to a factor 2: ½h_c ≤ h_n ≤ h_c. For one player and
 * (L₀, L₁)-smooth f each step with ηL₀ ≤ β and 3/2·ηL₁ ≤ 1 lowers f, by η‖g‖²/(‖g‖ + β)/2 at least; the
 * defaults are the longest such. Oracle calls per step: 1.
 * Source: Zhang, He, Sra, Jadbabaie, "Why gradient clipping accelerates training", 2020, arXiv 1905.11881.
 */
export const normalisedGradient = method({
  name: 'normalised-gradient',
  group: 'clipping',
  about: 'gradient steps over their norm: of length η, shorter where ‖g‖ is not above β',
  when: 'as clipped-gradient, without a kink in the step size; with β = 0 where only directions are to be trusted',
  assumptions: 'one player: (L₀, L₁)-smooth f, ηL₀ ≤ β, 3/2·ηL₁ ≤ 1; with β = 0 it stays η from a solution',
  reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    stepSize: option.normalisedStepSize,
    offset: option.number({
      about: 'added to the norm, in the unit of F',
      symbol: 'β',
      from: 0,
      default: 0,
      fallback: '2L₀/(3L₁) if the problem states (L₀, L₁), L₁ > 0 (facts.generalisedSmooth)',
      fromFacts: ({ generalisedSmooth: smooth }) =>
        smooth !== undefined && smooth.L1 > 0 ? (2 * smooth.L0) / (3 * smooth.L1) : undefined,
    }),
  },
  calls: () => 1,
  memory: 1,
  unconstrained: true,
  init: startAt,
  begin(space, { stepSize, offset: β }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      const g = yield s.z;
      const length = norm(g);
      if (length > 0) rescale(g, length, length / (length + β));
      move(s.z, s.z, g);
    };
  },
});

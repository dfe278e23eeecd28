import { mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { anchorAt, reanchor } from '../../point.js';

/**
 * Halpern's iteration on the forward–backward map T = (I + γA)⁻¹(I − γF):
 *   z⁺ = βz₀ + (1 − β)Tz,  β = 1/(k + 2),  k = 0, 1, …
 *
 * Assumes T nonexpansive: F cocoercive with ℓ, γ ≤ 2/ℓ. Then ‖z − Tz‖ ≤ 2‖z₀ − z*‖/(k + 1), which cannot be
 * improved. For F that is only monotone take eag-c or double-loop-halpern. Oracle calls per step: 1.
 * Source: Halpern 1967; Lieder 2021 for the rate; Diakonikolas 2020, arXiv 2002.08872 for monotone
 * inclusions.
 */
export const halpern = method({
  name: 'halpern',
  group: 'anchored',
  about: 'forward–backward steps pulled towards the start with decreasing weight',
  when: 'cocoercive F, if the residual of the last iterate counts; not for F that is only monotone',
  assumptions: 'F cocoercive, γ ≤ 2/ℓ; then ‖z − Tz‖ ≤ 2D/(k + 1)',
  reference: 'Halpern 1967; Diakonikolas 2020, arXiv 2002.08872',
  options: {
    stepSize: option.averagedStepSize,
  },
  calls: () => 1,
  memory: 2,
  elementwise: true,
  /** anchor is z₀, towards which every step is pulled. */
  init: anchorAt,
  restart: reanchor,
  begin(space, { stepSize }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const β = 1 / (s.k + 2);
      stepAt(s.k++)(s.z, s.z, yield s.z); // Tz
      mix(s.z, β, s.anchor); // z⁺ = βz₀ + (1 − β)Tz
    };
  },
});

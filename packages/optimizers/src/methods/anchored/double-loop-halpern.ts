import { InputError, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { anchorAt, reanchor } from '../../point.js';
import { resolvent, resolventCalls } from '../../inner/resolvent.js';

/**
 * Halpern's iteration on a relaxed resolvent, which inner forward–backward–forward steps compute
 * (resolvent.ts); β = 1/(k + 2):
 *   w  ≈ (I + γ(A + F))⁻¹(z)
 *   z⁺ = βz₀ + (1 − β)((1 − α)z + αw),   α = 1 + ρ/γ
 *
 * Assumes A + F ρ-comonotone, F L-Lipschitz, −ρ < γ < 1/L: since the resolvent is conically nonexpansive, the
 * range is ρ > −1/L. ‖z − w‖ = O(1/k) for exact resolvents. Oracle calls per step: 2 for each inner step, and
 * 1 for each shortening in its line search. Source: Alacaoglu, Kim, Wright, "Revisiting inexact fixed-point
 * iterations for min-max problems", 2024, arXiv 2402.05071. Their inner loop makes a fixed number of steps,
 * of the order of log k; here a certified error ends it.
 */
export const doubleLoopHalpern = method({
  name: 'double-loop-halpern',
  group: 'anchored',
  about: 'Halpern’s iteration on the resolvent, which an inner loop computes',
  when: 'comonotone games, also constrained, down to ρ > −1/L, which no single loop is known to reach',
  assumptions: 'A + F ρ-comonotone, ρ > −γ, γ < 1/L',
  reference: 'Alacaoglu, Kim, Wright 2024, arXiv 2402.05071',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 0.99 }),
    comonotone: option.comonotone,
    /** The error allowed in step k, as a share of ‖w − z‖, times (k + 1). */
    tolerance: option.tolerance('error allowed in step k, as a share of the step, times k + 1', 0.1),
    innerSteps: option.innerSteps('most inner steps', 200),
  },
  calls: (options) => ({ first: 2, perStep: 2, atMost: resolventCalls(options) }),
  uneven: true,
  memory: 6,
  check({ stepSize, comonotone: ρ }) {
    if (!(ρ > -stepSize))
      throw new InputError(
        `double-loop-halpern: comonotone is ${ρ}; expected a number above −stepSize = ${-stepSize}`,
      );
  },
  init: anchorAt,
  restart: reanchor,
  begin(space, { stepSize, comonotone: ρ, tolerance, innerSteps }) {
    const α = 1 + ρ / stepSize;
    const w = space.vector();
    const solve = resolvent(space, { stepSize, innerSteps });
    return function* (s) {
      const k = s.k++;
      yield* solve(w, s.z, (moved) => (tolerance * moved) / (k + 1));
      mix(s.z, α, w);
      mix(s.z, 1 / (k + 2), s.anchor); // z⁺ = βz₀ + (1 − β)((1 − α)z + αw)
    };
  },
});

import { copy, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/** φ, the golden ratio: φ² = φ + 1. */
const φ = (1 + Math.sqrt(5)) / 2;

/**
 * Golden ratio algorithm, with z̄₋₁ = z₀:
 *   z̄  = ((φ − 1)z + z̄₋)/φ,   φ = (1 + √5)/2
 *   z⁺ = (I + γA)⁻¹(z̄ − γF(z))
 *
 * Assumes F monotone and L-Lipschitz, γ ≤ φ/(2L). Oracle calls per step: 1.
 * Source: Malitsky, "Golden ratio algorithms for variational inequalities", 2020, arXiv 1803.08832.
 */
export const graal = method({
  name: 'graal',
  group: 'single-call',
  about: 'golden ratio algorithm: steps from a running mean of the iterates',
  when: 'monotone games: one call per step, with the longest step size among such methods',
  assumptions: 'F monotone and L-Lipschitz, γ ≤ φ/(2L) = 0.809/L',
  reference: 'Malitsky 2020, arXiv 1803.08832',
  options: { stepSize: option.stepSize({ perLipschitz: 0.8 }) },
  calls: () => 1,
  memory: 2,
  elementwise: true,
  /** bar is z̄, a running mean of the iterates. */
  init: (space, z0) => ({ z: space.copy(z0), bar: space.copy(z0), k: 0 }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.bar, z);
  },
  begin(space, { stepSize }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      mix(s.bar, 1 - 1 / φ, s.z); // z̄  = ((φ − 1)z + z̄₋)/φ
      stepAt(s.k++)(s.z, s.bar, yield s.z); // z⁺ = (I + γA)⁻¹(z̄ − γF(z))
    };
  },
});

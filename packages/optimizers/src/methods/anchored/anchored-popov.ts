import { copy, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Anchored Popov: eag-c with the previous step's gradient in place of F(z), and 0 in the first step (so w₀ =
 * z₀); β = 1/(k + 2):
 *   w  = (I + γA)⁻¹(z + β(z₀ − z) − γg₋)
 *   g  = F(w),  z⁺ = (I + γA)⁻¹(z + β(z₀ − z) − γg)
 *
 * Assumes F monotone and L-Lipschitz and a small γ: the last iterate's ‖F(z)‖² is O(1/k²). The source varies
 * γ a little with k (γ_k falls to a positive limit); a constant one is used here. Oracle calls per step: 1.
 * Source: Tran-Dinh, Luo, "Halpern-type accelerated and splitting algorithms for monotone inclusions", 2021,
 * arXiv 2110.08150.
 */
export const anchoredPopov = method({
  name: 'anchored-popov',
  group: 'anchored',
  about: 'eag-c with one call per step',
  when: 'as eag-c, if calls of F dominate the cost',
  assumptions: 'F monotone and L-Lipschitz, small γ; ‖F(z)‖² = O(1/k²)',
  reference: 'Tran-Dinh, Luo 2021, arXiv 2110.08150',
  options: { stepSize: option.stepSize({ perLipschitz: 0.125 }) },
  calls: () => 1,
  memory: 5,
  elementwise: true,
  /** g is the last gradient asked for, F(w₋). */
  init: (space, z0) => ({ z: space.copy(z0), anchor: space.copy(z0), g: space.vector(), k: 0 }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.anchor, z);
  },
  begin(space, { stepSize }) {
    const [a, w] = [space.vector(), space.vector()];
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k);
      mix(copy(a, s.z), 1 / (s.k++ + 2), s.anchor); // z + β(z₀ − z)
      move(w, a, s.g);
      move(s.z, a, copy(s.g, yield w));
    };
  },
});

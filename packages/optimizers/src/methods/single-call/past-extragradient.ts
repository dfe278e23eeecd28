import { copy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Past extragradient (extrapolation from the past), with g₋₁ = 0:
 *   w  = (I + γA)⁻¹(z − γg₋)
 *   g  = F(w),  z⁺ = (I + γA)⁻¹(z − γg)
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/(2L). Without constraints it is OGDA. Oracle calls per step: 1.
 * Source: Popov 1980; Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019, arXiv 1802.10551. Popov starts
 * with g₋₁ = F(z₀).
 */
export const pastExtragradient = method({
  name: 'past-extragradient',
  group: 'single-call',
  about: 'extragradient that looks ahead with the last gradient: one call per step',
  when: 'monotone games, if calls of F dominate the cost: half of extragradient’s calls at half its step size',
  assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)',
  reference: 'Popov 1980; Gidel et al. 2019, arXiv 1802.10551',
  options: { stepSize: option.stepSize({ perLipschitz: 0.49 }) },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** g is the last gradient asked for, F(w₋). */
  init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
  begin(space, { stepSize }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      move(w, s.z, s.g); // w  = (I + γA)⁻¹(z − γg₋)
      move(s.z, s.z, copy(s.g, yield w)); // z⁺ = (I + γA)⁻¹(z − γF(w))
    };
  },
});

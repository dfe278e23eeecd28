import { copy, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { anchorAt, reanchor } from '../../point.js';

/**
 * Extra anchored gradient with constant step size, β = 1/(k + 2), k = 0, 1, …:
 *   w  = (I + γA)⁻¹(z + β(z₀ − z) − γF(z))
 *   z⁺ = (I + γA)⁻¹(z + β(z₀ − z) − γF(w))
 *
 * Assumes F monotone and L-Lipschitz, γ = 1/(8L): the last iterate's ‖F(z)‖² is O(1/k²). Their k starts at 0,
 * as here. Oracle calls per step: 2. Source: Yoon, Ryu 2021, arXiv 2102.07922. With constraints the same
 * moves are projected, without a guarantee.
 */
export const eagC = method({
  name: 'eag-c',
  group: 'anchored',
  about: 'extragradient pulled towards the start, for a fast last iterate',
  when: 'monotone games, if the last iterate must have a small residual by theory; its step is short',
  assumptions: 'F monotone and L-Lipschitz, γ = 1/(8L); ‖F(z)‖² = O(1/k²)',
  reference: 'Yoon, Ryu 2021, arXiv 2102.07922',
  options: {
    /** γ > 0 (Yoon and Ryu's α), or one per player. */
    stepSize: option.stepSize({ perLipschitz: 0.125 }),
  },
  calls: () => 2,
  memory: 4,
  elementwise: true,
  init: anchorAt,
  restart: reanchor,
  begin(space, { stepSize }) {
    const [a, w] = [space.vector(), space.vector()];
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k);
      const β = 1 / (s.k++ + 2);
      mix(copy(a, s.z), β, s.anchor); // z + β(z₀ − z)
      move(w, a, yield s.z);
      move(s.z, a, yield w);
    };
  },
});

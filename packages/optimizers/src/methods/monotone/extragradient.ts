import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Extragradient:
 *   w  = (I + γA)⁻¹(z − γF(z))
 *   z⁺ = (I + γA)⁻¹(z − γF(w))
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/L.
 * Oracle calls per step: 2. Source: Korpelevich 1976.
 */
export const extragradient = method({
  name: 'extragradient',
  group: 'monotone',
  about: 'looks one step ahead, then steps with the gradient found there',
  when: 'the first choice for monotone games, constrained or not, when L is known',
  assumptions: 'F monotone and L-Lipschitz, γ < 1/L',
  reference: 'Korpelevich 1976',
  options: { stepSize: option.stepSize({ perLipschitz: 0.7 }) },
  calls: () => 2,
  memory: 2,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      move(w, s.z, yield s.z); // w  = (I + γA)⁻¹(z − γF(z))
      move(s.z, s.z, yield w); // z⁺ = (I + γA)⁻¹(z − γF(w))
    };
  },
});

import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Simultaneous gradient descent–ascent:  z⁺ = (I + γA)⁻¹(z − γF(z)).
 *
 * Converges for cocoercive F (constant 1/ℓ) with γ < 2/ℓ; diverges on bilinear games for every γ: |1 − γμ| >
 * 1 at μ = ±i. Oracle calls per step: 1. Source: Arrow, Hurwicz, Uzawa 1958.
 */
export const gda = method({
  name: 'gda',
  group: 'baseline',
  about: 'simultaneous gradient descent–ascent',
  when: 'as a baseline, and inside lookahead; alone only if F is cocoercive (minimisation, strong convexity on both sides)',
  assumptions: 'cocoercive F, γ < 2/ℓ; diverges on bilinear games',
  reference: 'Arrow, Hurwicz, Uzawa 1958',
  options: {
    stepSize: option.averagedStepSize,
  },
  calls: () => 1,
  memory: 1,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize }) {
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      move(s.z, s.z, yield s.z); // z⁺ = (I + γA)⁻¹(z − γF(z))
    };
  },
});

import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Projected reflected gradient, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γF(2z − z₋))
 *
 * Assumes F monotone and L-Lipschitz, γ < (√2 − 1)/L, A the normal cone of a convex set. F is evaluated
 * outside the constraints, too. Oracle calls per step: 1. Source: Malitsky, "Projected reflected gradient
 * methods for monotone variational inequalities", 2015, arXiv 1502.04968.
 */
export const projectedReflectedGradient = method({
  name: 'projected-reflected-gradient',
  group: 'single-call',
  about: 'steps with the gradient at the reflected point 2z − z₋',
  when: 'as forward-reflected-backward, if F is defined everywhere',
  assumptions: 'F monotone and L-Lipschitz, also outside the constraints, γ < (√2 − 1)/L',
  reference: 'Malitsky 2015, arXiv 1502.04968',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.41 }),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** last is z₋, the point before. */
  init: (space, z0) => ({ z: space.copy(z0), last: space.copy(z0), k: 0 }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.last, z);
  },
  begin(space, { stepSize }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      waxpy(w, s.z, -1, s.last);
      waxpy(w, s.z, 1, w); // 2z − z₋
      copy(s.last, s.z);
      stepAt(s.k++)(s.z, s.z, yield w); // z⁺ = (I + γA)⁻¹(z − γF(2z − z₋))
    };
  },
});

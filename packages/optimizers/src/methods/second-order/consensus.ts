import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Consensus optimisation: gradient steps on the losses and on ½‖F‖² at once:
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + cJ(z)ᵀF(z)))
 *
 * Converges locally if J is invertible, c is large enough and γ is small. It is then attracted to every point
 * with F = 0, including maxima of the losses. Oracle calls per step: 1, and one product with Jᵀ. Source:
 * Mescheder, Nowozin, Geiger, "The numerics of GANs", 2017, arXiv 1705.10461.
 */
export const consensus = method({
  name: 'consensus',
  group: 'second-order',
  about: 'gradient steps on the losses and on ½‖F‖²',
  when: 'as a baseline: it may converge to a saddle or a maximum of the losses',
  assumptions: 'local, J invertible, small γ; with a penalty that is large enough it attracts to any F = 0',
  reference: 'Mescheder, Nowozin, Geiger 2017, arXiv 1705.10461',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.2 }),
    penalty: option.penalty,
  },
  calls: (_, { transposedProduct }) => 1 + transposedProduct,
  memory: 2,
  needs: ['products'],
  unconstrained: true,
  init: startAt,
  begin(space, { stepSize, penalty: c }) {
    const F = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      copy(F, yield s.z);
      waxpy(F, F, c, yield { want: 'product', at: s.z, along: F, transposed: true }); // F + cJᵀF
      stepAt(s.k++)(s.z, s.z, F);
    };
  },
});

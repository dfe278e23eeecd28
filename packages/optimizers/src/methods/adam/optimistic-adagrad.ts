import { adamDirection, copy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Optimistic AdaGrad (OAdagrad): past-extragradient with AdaGrad's scaling, d₋₁ = 0:
 *   w  = (I + γA)⁻¹(z − γd₋)
 *   g  = F(w),  S = S₋ + g²,  d = g/(√S + ε)   (entry by entry)
 *   z⁺ = (I + γA)⁻¹(z − γd)
 *
 * Its authors prove a complexity of O(ε^(−2/(1 − α))) under an MVI, 0 ≤ α ≤ ½ the growth of the sum of
 * gradients. Their abstract was read, the algorithm was not: the update is a reconstruction, and S takes the
 * newest gradient, as in AdaGrad. Oracle calls per step: 1.
 * Source: Liu, Mroueh, Ross, Zhang, Cui, Das, Yang, "Towards better understanding of adaptive gradient
 * algorithms in generative adversarial nets", 2020, arXiv 1912.11940. AdaGrad: Duchi, Hazan, Singer 2011.
 */
export const optimisticAdagrad = method({
  name: 'optimistic-adagrad',
  group: 'Adam',
  family: 'adam',
  about: 'past-extragradient with AdaGrad’s direction: one call per step, no decay to choose',
  when: 'as optimistic-adam, if gradients are sparse or the steps have to fall by themselves',
  assumptions: 'MVI, ⟨F(z), z − z*⟩ ≥ 0; bounded gradients',
  reference: 'Liu et al. 2020, arXiv 1912.11940',
  options: {
    stepSize: option.stepSize({ default: 0.01 }),
    epsilon: option.number({ about: 'added to √S', symbol: 'ε', above: 0, default: 1e-10 }),
  },
  calls: () => 1,
  memory: 4,
  elementwise: true,
  /** d is the last direction, mean is S/k, of the squares of the k gradients so far. */
  init: (space, z0) => ({ z: space.copy(z0), d: space.vector(), mean: space.vector(), k: 0 }),
  begin(space, { stepSize, epsilon }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      move(w, s.z, s.d); // w  = (I + γA)⁻¹(z − γd₋)
      const g = yield w;
      // Adam’s, with no first moment, and a mean of all squares as the second, of which S is k times
      const all = { beta1: 0, beta2: 1 - 1 / s.k, correction1: 1, correction2: 1 / s.k, epsilon };
      adamDirection(g, s.d, s.mean, all);
      move(s.z, s.z, copy(s.d, g)); // z⁺ = (I + γA)⁻¹(z − γd)
    };
  },
});

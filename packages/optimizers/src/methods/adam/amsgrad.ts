import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { amsgradDirections, amsgradState } from '../../transforms/amsgrad.js';

/**
 * Simultaneous AMSGrad, Adam with second moments that never fall:  z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(z))),  all
 * players at once.
 *
 * No guarantee for games; for minimisation it repairs Adam's proof. Oracle calls per step: 1.
 * Source: Reddi, Kale, Kumar, "On the convergence of Adam and beyond", 2018, arXiv 1904.09237.
 */
export const amsgrad = method({
  name: 'amsgrad',
  group: 'Adam',
  family: 'adam',
  about: 'Adam whose second moments never fall',
  when: 'if Adam’s steps grow late in training',
  assumptions: 'no guarantee for games',
  reference: 'Reddi, Kale, Kumar 2018, arXiv 1904.09237',
  options: { stepSize: option.adamStepSize, ...option.moments },
  calls: () => 1,
  memory: 4,
  elementwise: true,
  /** z, and AMSGrad’s memory of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), moments: amsgradState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon }) {
    const stepAt = mover(space, stepSize);
    const direction = amsgradDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const move = stepAt(s.k++);
      move(s.z, s.z, direction(s.moments, yield s.z)); // z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(z)))
    };
  },
});

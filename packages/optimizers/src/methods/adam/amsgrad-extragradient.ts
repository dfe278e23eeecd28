import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { amsgradDirections, amsgradState } from '../../transforms/amsgrad.js';

/**
 * Extragradient with AMSGrad's scaling (AMSGrad-EG), one set of moments that advances on both half steps:
 *   w  = (I + γA)⁻¹(z − γ·AMSGrad(F(z)))
 *   z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(w)))
 *
 * Its authors prove that such a method makes the gradient of one player small under a one-sided MVI, ⟨F_x(z),
 * x − x*⟩ ≥ 0 on the points visited; the other's need not fall. Their abstract was read, the algorithm was
 * not: the update is a reconstruction, with AMSGrad as PyTorch has it (two corrections). No rate is claimed
 * here. Oracle calls per step: 2, a fresh sample each.
 * Source: Dou, Li, "On the one-sided convergence of Adam-type algorithms in non-convex non-concave min-max
 * optimization", 2021, arXiv 2109.14213.
 */
export const amsgradExtragradient = method({
  name: 'amsgrad-extragradient',
  group: 'Adam',
  family: 'adam',
  about: 'extragradient with AMSGrad’s direction, one set of moments',
  when: 'as extra-adam, if its steps grow late in training',
  assumptions: 'one-sided MVI, for the gradient of one player; nothing for the other',
  reference: 'Dou, Li 2021, arXiv 2109.14213',
  options: { stepSize: option.adamStepSize, ...option.moments },
  calls: () => 2,
  memory: 5,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), moments: amsgradState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    const direction = amsgradDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const move = stepAt(s.k++);
      move(w, s.z, direction(s.moments, yield s.z)); // w  = (I + γA)⁻¹(z − γ·AMSGrad(F(z)))
      move(s.z, s.z, direction(s.moments, yield w)); // z⁺ = (I + γA)⁻¹(z − γ·AMSGrad(F(w)))
    };
  },
});

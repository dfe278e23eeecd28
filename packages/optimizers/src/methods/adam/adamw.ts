import { waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * AdamW, Adam with decoupled weight decay:  z⁺ = (I + γA)⁻¹(z − γ(Adam(F(z)) + λz)),  all players at once.
 *
 * The decay pulls towards 0: unless λ = 0, it does not converge to a solution of the problem, but near it.
 * No guarantee for games. Oracle calls per step: 1.
 * Source: Loshchilov, Hutter, "Decoupled weight decay regularization", 2019, arXiv 1711.05101; as in PyTorch.
 */
export const adamw = method({
  name: 'adamw',
  group: 'Adam',
  family: 'adam',
  about: 'Adam with weights that decay by themselves',
  when: 'the usual baseline for networks; with weightDecay = 0 it is adam',
  assumptions: 'no guarantee for games; a weight decay above 0 moves the solution',
  reference: 'Loshchilov, Hutter 2019, arXiv 1711.05101',
  options: {
    stepSize: option.adamStepSize,
    ...option.moments,
    weightDecay: option.weightDecay(0.01),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** z, and Adam’s memory of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon, weightDecay: λ }) {
    const stepAt = mover(space, stepSize);
    const direction = adamDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const move = stepAt(s.k++);
      const d = direction(s.moments, yield s.z);
      if (λ > 0) waxpy(d, d, λ, s.z);
      move(s.z, s.z, d);
    };
  },
});

import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * Optimistic Adam: ogda with Adam's directions d, d₋₁ = d₀ (so the first step is Adam's):
 *   d  = Adam(F(z))
 *   z⁺ = (I + γA)⁻¹(z − γ(2d − d₋))
 *
 * No guarantee for games. Oracle calls per step: 1.
 * Source: Daskalakis, Ilyas, Syrgkanis, Zeng, "Training GANs with optimism", 2018, arXiv 1711.00141,
 * algorithm 1.
 */
export const optimisticAdam = method({
  name: 'optimistic-adam',
  group: 'Adam',
  family: 'adam',
  about: 'ogda with Adam’s direction',
  when: 'as extra-adam, with one call per step',
  assumptions: 'no guarantee for games',
  reference: 'Daskalakis, Ilyas, Syrgkanis, Zeng 2018, arXiv 1711.00141',
  options: { stepSize: option.adamStepSize, ...option.moments },
  calls: () => 1,
  memory: 5,
  elementwise: true,
  /** d is the last direction. */
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), d: space.vector(), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon }) {
    const ahead = space.vector();
    const stepAt = mover(space, stepSize);
    const direction = adamDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const d = direction(s.moments, yield s.z);
      if (s.k === 0) copy(s.d, d); // d₋₁ = d₀
      waxpy(ahead, d, -1, s.d);
      waxpy(ahead, d, 1, ahead); // 2d − d₋
      copy(s.d, d);
      stepAt(s.k++)(s.z, s.z, ahead);
    };
  },
});

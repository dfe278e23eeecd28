import { copy, mix, scale, waxpy } from '@stillpoint/operators';
import { scheduleFreeWeights } from '../../inner/schedule-free.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * Schedule-free AdamW: an average x of the iterates of w, whose gradients are taken between them,
 *   y = (1 − β₁)w + β₁x,  w⁺ = (I + γA)⁻¹(w − γ_k(d + λy)),  x⁺ = (1 − c)x + cw⁺
 * d is Adam's direction at y without a first moment, γ_k = γ·min(1, (k + 1)/warm-up steps), c = γ_k²/(γ₀² + …
 * + γ_k²).
 *
 * Its z is x, where its authors evaluate; `last` is w. No guarantee for games. Oracle calls per step: 1.
 * Source: Defazio, Yang, Mehta, Mishchenko, Khaled, Cutkosky, "The road less scheduled", 2024, arXiv
 * 2405.15682 (there w is z).
 */
export const scheduleFreeAdamw = method({
  name: 'schedule-free-adamw',
  group: 'Adam',
  family: 'adam',
  about: 'AdamW without a schedule: gradients between the iterate and its average',
  when: 'networks, where a run’s length is not known beforehand',
  assumptions: 'no guarantee for games; a weight decay above 0 moves the solution',
  reference: 'Defazio et al. 2024, arXiv 2405.15682',
  options: {
    stepSize: option.stepSize({ default: 0.0025 }),
    beta1: option.interpolation,
    beta2: option.moments.beta2,
    epsilon: option.moments.epsilon,
    warmup: option.warmup,
    weightDecay: option.weightDecay(0),
  },
  calls: () => 1,
  memory: 5,
  elementwise: true,
  /**
   * z is the average x, `last` the iterate w; `sum` the sum of the weights so far, in units of γ²; Adam’s
   * memory, whose first moment is the last gradient.
   */
  init: (space, z0) => ({
    z: space.copy(z0),
    last: space.copy(z0),
    moments: adamState(space),
    sum: 0,
    k: 0,
  }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.last, z);
  },
  points: ({ last }) => ({ last }),
  begin(space, { stepSize, beta1: β, beta2, epsilon, warmup, weightDecay: λ }) {
    const stepAt = mover(space, stepSize);
    const direction = adamDirections(space, { beta1: 0, beta2, epsilon });
    const weightOf = scheduleFreeWeights(warmup);
    const y = space.vector();
    return function* (s) {
      const move = stepAt(s.k);
      const { share, average: c } = weightOf(s);
      mix(copy(y, s.last), β, s.z);
      const d = direction(s.moments, yield y);
      if (λ > 0) waxpy(d, d, λ, y);
      if (share < 1) scale(d, share);
      move(s.last, s.last, d);
      mix(s.z, c, s.last);
    };
  },
});

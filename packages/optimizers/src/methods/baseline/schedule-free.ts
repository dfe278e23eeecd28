import { copy, mix, scale, waxpy } from '@stillpoint/operators';
import { scheduleFreeWeights, type ScheduleFreeState } from '../../inner/schedule-free.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Schedule-free gradient descent: an average x of the iterates of w, whose gradients are taken between them,
 *   y = (1 − β)w + βx,  w⁺ = (I + γA)⁻¹(w − γ_k(F(y) + λy)),  x⁺ = (1 − c)x + cw⁺
 * c = γ_k²/(γ₀² + … + γ_k²), γ_k = γ·min(1, (k + 1)/warm-up steps).
 *
 * Its z is x, where its authors evaluate; `last` is w. For convex f as good as the best schedule of
 * step sizes, without knowing when to stop. Oracle calls per step: 1.
 * Source: Defazio, Yang, Mehta, Mishchenko, Khaled, Cutkosky, "The road less scheduled", 2024, arXiv
 * 2405.15682 (there w is z).
 */
export const scheduleFree = method({
  name: 'schedule-free',
  group: 'baseline',
  about: 'gradient descent without a schedule: gradients between the iterate and its average',
  when: 'where a run’s length is not known beforehand; convex problems, and networks from batches',
  assumptions: 'convex f for the rate; a weight decay above 0 moves the solution',
  reference: 'Defazio et al. 2024, arXiv 2405.15682',
  options: {
    stepSize: option.averagedStepSize,
    momentum: option.interpolation,
    warmup: option.warmup,
    weightDecay: option.weightDecay(0),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** z is the average x, `last` the iterate w; `sum` the sum of the weights so far, in units of γ². */
  init: (space, z0): ScheduleFreeState => ({ z: space.copy(z0), last: space.copy(z0), sum: 0, k: 0 }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.last, z);
  },
  points: ({ last }) => ({ last }),
  begin(space, { stepSize, momentum: β, warmup, weightDecay: λ }) {
    const stepAt = mover(space, stepSize);
    const weightOf = scheduleFreeWeights(warmup);
    const y = space.vector();
    return function* (s) {
      const move = stepAt(s.k);
      const { share, average: c } = weightOf(s);
      mix(copy(y, s.last), β, s.z);
      const g = yield y;
      if (λ > 0) waxpy(g, g, λ, y);
      if (share < 1) scale(g, share);
      move(s.last, s.last, g);
      mix(s.z, c, s.last);
    };
  },
});

import { copy, norm, rescale, scale, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Sharpness-aware minimisation: the gradient at the worst point of a ball, to first order; of each player p
 *   w_p = z_p + ρF_p(z)/‖F_p(z)‖,  m ← μm + F(w),  z⁺ = (I + γA)⁻¹(z − γm)
 * F(w) on the sample of F(z). In a game each player climbs its own loss.
 *
 * It seeks minima whose neighbourhood is low, and need not converge: near a sharp minimum it stays at a
 * distance of about ρ. Oracle calls per step: 2.
 * Source: Foret, Kleiner, Mobahi, Neyshabur, "Sharpness-aware minimization for efficiently improving
 * generalization", 2021, arXiv 2010.01412.
 */
export const sam = method({
  name: 'sam',
  group: 'baseline',
  about: 'sharpness-aware minimisation: the gradient at the worst point nearby',
  when: 'networks whose minima should be flat; not where a solution is wanted to many digits',
  assumptions: 'none for the point; the value converges to a neighbourhood that shrinks with ρ',
  reference: 'Foret, Kleiner, Mobahi, Neyshabur 2021, arXiv 2010.01412',
  options: {
    stepSize: option.averagedStepSize,
    radius: option.number({ about: 'radius of the ball', symbol: 'ρ', above: 0, default: 0.05 }),
    momentum: option.momentum(0),
  },
  calls: () => 2,
  memory: 3,
  unconstrained: true,
  /** m is the decaying sum of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), m: space.vector(), k: 0 }),
  begin(space, { stepSize, radius: ρ, momentum: μ }) {
    const stepAt = mover(space, stepSize);
    const w = space.vector();
    return function* (s) {
      const move = stepAt(s.k++);
      copy(w, yield s.z);
      for (const { start, end } of space.players) {
        const length = norm(w, start, end);
        if (length > 0) rescale(w, length, ρ, start, end);
      }
      waxpy(w, s.z, 1, w); // w = z + ρF/‖F‖
      const climbed = yield { want: 'gradient', at: w, sample: 'same' };
      scale(s.m, μ);
      waxpy(s.m, s.m, 1, climbed);
      move(s.z, s.z, s.m);
    };
  },
});

import { copy } from '@stillpoint/operators';
import { gridsOf, levelOptions, stepBetweenLevels, toLevels } from '../../inner/levels.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * AskewSGD: gradient steps under constraints that leave ever smaller intervals around the levels. Of each
 * quantised weight u, x in [−1, 1] where it lies between its two levels, in the unit of half their distance:
 *   ψ(x) = (x² − 1)² ≤ ε,  h = ε − ψ,  s = −4x(x² − 1),  K = −αh/s
 *   v = −g where h ≥ 0 or s = 0 or −gK > K²,  and K elsewhere
 *   u⁺ = clip(u + γv, −R, R),  z = Q(u)
 * s is the slope of h, K the projection of −g onto the half-line sv ≥ −αh, Q takes the nearest level.
 * Two levels are ±R; for more, |γK| is at most a quarter of their distance, as in the authors' code, and so
 * it is for two here. ε = ε₀ for the first `hold` steps, then times `anneal` after each `every`. γα is the
 * option `share`, which no unit and no schedule of γ changes; 1 removes a violation at once, to first order.
 *
 * z is the quantised point, `relaxed` is u. ε = 1, all of [−R, R], binds nothing: anneal until ε is small.
 * Oracle calls per step: 1, at u. Source: Leconte, Schechtman, Moulines, "AskewSGD: an annealed
 * interval-constrained optimisation method to train quantized neural networks", 2023, arXiv 2211.03741.
 */
export const askewSgd = method({
  name: 'askew-sgd',
  group: 'quantised',
  about: 'gradient steps into intervals that shrink around the levels of quantised weights',
  when: 'weights of one bit or a few; not where the weights may be any numbers',
  assumptions: 'smooth losses of one player; no rate is stated here',
  reference: 'Leconte, Schechtman, Moulines 2023, arXiv 2211.03741',
  options: {
    stepSize: option.averagedStepSize,
    ...levelOptions,
    share: option.number({
      about: 'share of a violated constraint that a step removes',
      symbol: 'γα',
      above: 0,
      to: 1,
      default: 0.2,
    }),
    interval: option.number({ about: 'ε at first', symbol: 'ε₀', above: 0, to: 1, default: 1 }),
    anneal: option.number({ about: 'what ε is multiplied by', above: 0, to: 1, default: 0.9 }),
    every: option.integer({ about: 'steps between two such products', from: 1, default: 20 }),
    hold: option.integer({ about: 'steps before the first', from: 0, default: 0 }),
  },
  calls: () => 1,
  memory: 3,
  players: 1,
  unconstrained: true,
  /** z is Q(u), relaxed is u. */
  init: (space, z0, options) => ({
    z: space.copy(z0),
    relaxed: space.copy(z0),
    grids: gridsOf('askew-sgd', space, z0, options),
    k: 0,
  }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.relaxed, z);
  },
  points: ({ relaxed }) => ({ relaxed }),
  begin(space, { stepSize, share: θ, interval: ε0, anneal, every, hold }) {
    const stepAt = mover(space, stepSize);
    const next = space.vector();
    return function* (s) {
      const { z, relaxed: u, grids } = s;
      const ε = ε0 * anneal ** Math.max(0, Math.floor((s.k - hold) / every));
      const move = stepAt(s.k++);
      move(next, u, yield u);
      stepBetweenLevels(next, u, grids, (x, d) => {
        const h = ε - (x * x - 1) ** 2;
        const slope = -4 * x * (x * x - 1);
        if (h >= 0 || slope === 0) return d;
        const κ = (-θ * h) / slope; // γK
        if (d * κ > κ * κ) return d;
        return Math.max(-1 / 2, Math.min(1 / 2, κ));
      });
      copy(u, next);
      toLevels(z, u, grids);
    };
  },
});

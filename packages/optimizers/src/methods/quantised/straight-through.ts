import { copy } from '@stillpoint/operators';
import { clipToLevels, gridsOf, levelOptions, toLevels } from '../../inner/levels.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * The straight-through estimator, the usual way to train quantised weights: the gradient at the quantised
 * point moves weights u of full precision, as if Q were the identity,
 *   w = Q(u),  u⁺ = clip(u − γF(w), −R, R)
 * Q takes each quantised weight to its nearest level; BinaryConnect has ±1, the form without chance.
 *
 * z is Q(u), `relaxed` is u. It has no descent property: near a boundary between two levels u crosses it back
 * and forth. Oracle calls per step: 1. Source: Courbariaux, Bengio, David, "BinaryConnect: training deep
 * neural networks with binary weights during propagations", 2015, arXiv 1511.00363.
 */
export const straightThrough = method({
  name: 'straight-through',
  group: 'quantised',
  about: 'the gradient at the quantised weights moves weights of full precision',
  when: 'the baseline for quantised networks; not where the weights may be any numbers',
  assumptions: 'one player; no guarantee',
  reference: 'Courbariaux, Bengio, David 2015, arXiv 1511.00363',
  options: { stepSize: option.averagedStepSize, ...levelOptions },
  calls: () => 1,
  memory: 3,
  players: 1,
  unconstrained: true,
  /** z is Q(u), relaxed is u. */
  init: (space, z0, options) => ({
    z: space.copy(z0),
    relaxed: space.copy(z0),
    grids: gridsOf('straight-through', space, z0, options),
    k: 0,
  }),
  restart(s, z) {
    copy(s.z, z);
    copy(s.relaxed, z);
  },
  points: ({ relaxed }) => ({ relaxed }),
  begin(space, { stepSize }) {
    const stepAt = mover(space, stepSize);
    const w = space.vector();
    return function* (s) {
      const move = stepAt(s.k++);
      move(s.relaxed, s.relaxed, yield toLevels(w, s.relaxed, s.grids));
      clipToLevels(s.relaxed, s.grids);
      toLevels(s.z, s.relaxed, s.grids);
    };
  },
});

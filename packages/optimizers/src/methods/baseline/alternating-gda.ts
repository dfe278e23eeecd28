import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';
import { callsOfTurns, turns } from '../../turns.js';

/**
 * Alternating gradient descent–ascent (Gauss–Seidel): for each player p in order,
 *   z_p⁺ = (I + γA)⁻¹(z_p − γF_p(z)),  z already containing the moves of the players before p.
 *
 * Bounded but not convergent on bilinear games (γ < 2/L). Oracle calls per step: each turn costs its player's
 * share of a call, so 1 if each player moves once. Source: Zhang, Wang, Lessard, Grosse, "Near-optimal local
 * convergence of alternating GDA", 2022, arXiv 2102.09468.
 */
export const alternatingGda = method({
  name: 'alternating-gda',
  group: 'baseline',
  about: 'gradient descent–ascent, one player after another',
  when: 'as a baseline; with average it solves bilinear games; the way to train GANs without Adam',
  assumptions: 'bounded, not convergent, on bilinear games',
  reference: 'Zhang, Wang, Lessard, Grosse 2022, arXiv 2102.09468',
  options: {
    stepSize: option.stepSize(),
    /**
     * Which player moves when, by index: `[0,0,0,0,0,1]` is five turns of the first player to one of the
     * second.
     */
    order: option.order(),
  },
  calls: ({ order }, prices) => callsOfTurns(order, prices),
  memory: 1,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize, order }) {
    const stepAt = mover(space, stepSize);
    const players = turns(space, order);
    return function* (s) {
      const move = stepAt(s.k++);
      for (const player of players) move(s.z, s.z, yield { want: 'gradient', at: s.z, player }, player);
    };
  },
});

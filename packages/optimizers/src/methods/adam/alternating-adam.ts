import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';
import { callsOfTurns, turns } from '../../turns.js';

/**
 * Alternating Adam, the usual way to train GANs: for each player p in order,
 *   z_p⁺ = (I + γA)⁻¹(z_p − γ·Adam(F_p(z)))
 * z already contains the moves of the players before p. Moments are per player.
 *
 * No guarantee for games. Oracle calls per step: each turn costs its player's share of a call, so 1 if each
 * player moves once.
 * Source: Kingma, Ba 2015, arXiv 1412.6980; Goodfellow et al. 2014, arXiv 1406.2661 for the alternation.
 */
export const alternatingAdam = method({
  name: 'alternating-adam',
  group: 'Adam',
  family: 'adam',
  about: 'Adam, one player after another: the usual way to train GANs',
  when: 'GANs: the usual baseline, and inside lookahead',
  assumptions: 'no guarantee for games',
  reference: 'Kingma, Ba 2015, arXiv 1412.6980; Goodfellow et al. 2014, arXiv 1406.2661',
  options: {
    stepSize: option.adamStepSize,
    ...option.moments,
    /** Which player moves when, by index: `[0,0,0,0,0,1]` is five turns of D to one of G. */
    order: option.order(),
  },
  calls: ({ order }, prices) => callsOfTurns(order, prices),
  memory: 3,
  elementwise: true,
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon, order }) {
    const stepAt = mover(space, stepSize);
    const direction = adamDirections(space, { beta1, beta2, epsilon });
    const players = turns(space, order);
    return function* (s) {
      const move = stepAt(s.k++);
      for (const player of players)
        move(s.z, s.z, direction(s.moments, yield { want: 'gradient', at: s.z, player }, player), player);
    };
  },
});

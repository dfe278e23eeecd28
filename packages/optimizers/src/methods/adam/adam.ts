import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState } from '../../transforms/adam.js';

/**
 * Simultaneous Adam:  z⁺ = (I + γA)⁻¹(z − γ·Adam(F(z))),  all players at once.
 *
 * No guarantee for games: on bilinear ones it cycles or diverges. Oracle calls per step: 1.
 * Source: Kingma, Ba 2015, arXiv 1412.6980; conventions as in PyTorch.
 */
export const adam = method({
  name: 'adam',
  group: 'Adam',
  family: 'adam',
  about: 'Adam on all players at once',
  when: 'networks, all players from one batch; cycles on bilinear games as gda does',
  assumptions: 'no guarantee for games',
  reference: 'Kingma, Ba 2015, arXiv 1412.6980',
  options: { stepSize: option.adamStepSize, ...option.moments },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** z, and Adam’s memory of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
  begin(space, { stepSize, beta1, beta2, epsilon }) {
    const stepAt = mover(space, stepSize);
    const direction = adamDirections(space, { beta1, beta2, epsilon });
    return function* (s) {
      const move = stepAt(s.k++);
      move(s.z, s.z, direction(s.moments, yield s.z));
    };
  },
});

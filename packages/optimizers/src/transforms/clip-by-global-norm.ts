import { clipByNorm as clip, number } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import { enter, figuresOf, tally } from './tally.js';
import { gradientTransform } from './transform.js';

/**
 * g ← g·min(1, threshold/‖g‖₂), by one norm of all that was asked for: of all players together in a joint
 * gradient, of the one player in its own. So that the direction of a joint step stays, which `clip-by-norm`
 * turns. Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013, arXiv
 * 1211.5063; as clip_grad_norm_ in PyTorch.
 */
export const clipByGlobalNorm = gradientTransform({
  name: 'clip-by-global-norm',
  about: 'shortens the gradient of all players together to a norm',
  reference: 'Pascanu, Mikolov, Bengio 2013, arXiv 1211.5063',
  options: { threshold: number({ about: 'the longest gradient', above: 0, default: 1 }) },
  init: () => [tally('')],
  figures: figuresOf,
  begin:
    (space, { threshold }) =>
    ([tallied], g, player) => {
      const { start, end } = player === undefined ? { start: 0, end: space.dim } : playerAt(space, player);
      const norm = clip(g, threshold, start, end);
      enter(tallied!, norm, norm > threshold ? 1 : 0);
      return g;
    },
});

import { clipByNorm as clip, number } from '@stillpoint/operators';
import { eachPlayer, enter, figuresOf, talliesOf } from './tally.js';
import { gradientTransform } from './transform.js';

/**
 * g_p ← g_p·min(1, threshold/‖g_p‖₂), each player's gradient by its own norm, so that the result is the same
 * whether players are asked together or one by one. Pascanu, Mikolov, Bengio, "On the difficulty of training
 * recurrent neural networks", 2013, arXiv 1211.5063.
 */
export const clipByNorm = gradientTransform({
  name: 'clip-by-norm',
  about: 'shortens each player’s gradient to a largest norm',
  reference: 'Pascanu, Mikolov, Bengio 2013, arXiv 1211.5063',
  options: {
    threshold: number({ about: 'the largest norm of one player’s gradient', above: 0, default: 1 }),
  },
  init: talliesOf,
  figures: figuresOf,
  begin:
    (space, { threshold }) =>
    (tallies, g, player) => {
      eachPlayer(space, player, ({ start, end }, p) => {
        const norm = clip(g, threshold, start, end);
        enter(tallies[p]!, norm, norm > threshold ? 1 : 0);
      });
      return g;
    },
});

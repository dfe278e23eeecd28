import { clipByNorm as clip, number } from '@stillpoint/operators';
import { blocksOf, sizeOfBlock } from '../blocks.js';
import { eachPlayer, enter, figuresOf, talliesOf } from './tally.js';
import { gradientTransform } from './transform.js';

/**
 * g_b ← g_b·min(1, threshold/‖g_b‖₂), the gradient of each tensor b of the problem by its own norm; where the
 * problem names no tensors, each player's, as `clip-by-norm`. As clip_by_block_rms and per-layer clipping in
 * optax; Pascanu, Mikolov, Bengio 2013, arXiv 1211.5063.
 */
export const clipByBlock = gradientTransform({
  name: 'clip-by-block',
  about: 'shortens the gradient of each tensor to a norm',
  reference: 'Pascanu, Mikolov, Bengio 2013, arXiv 1211.5063',
  options: { threshold: number({ about: 'the longest gradient of one tensor', above: 0, default: 1 }) },
  init: talliesOf,
  figures: figuresOf,
  begin(space, { threshold }) {
    const blocks = blocksOf(space);
    return (tallies, g, player) => {
      eachPlayer(space, player, (_, p) => {
        let [largest, engaged, seen] = [0, 0, 0];
        for (const block of blocks) {
          if (block.player !== p) continue;
          const norm = clip(g, threshold, block.offset, block.offset + sizeOfBlock(block));
          largest = Math.max(largest, norm);
          seen++;
          if (norm > threshold) engaged++;
        }
        enter(tallies[p]!, largest, engaged, seen);
      });
      return g;
    };
  },
});

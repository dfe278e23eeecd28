import { InputError, clipUnits, number } from '@stillpoint/operators';
import { blocksOf, sizeOfBlock } from '../blocks.js';
import { eachPlayer, enter, figuresOf, talliesOf } from './tally.js';
import { gradientTransform } from './transform.js';

/**
 * Adaptive gradient clipping, unit by unit: with W the unit's weights and G its gradient,
 *   G ← G·min(1, λ·max(‖W‖, ε)/‖G‖)
 * A unit is what feeds one output, all entries of a tensor with the same last index (a kernel is [in, out] or
 * [height, width, in, out]); a tensor of one axis, as biases are, is one unit, and so is a player where the
 * problem names no tensors. (The source leaves the last layer out.)
 * Brock, De, Smith, Simonyan, "High-performance large-scale image recognition without normalization", 2021,
 * arXiv 2102.06171.
 */
export const adaptiveClip = gradientTransform({
  name: 'adaptive-clip',
  about: 'shortens the gradient of each unit to a share of its weights’ norm',
  reference: 'Brock, De, Smith, Simonyan 2021, arXiv 2102.06171',
  options: {
    clipping: number({
      about: 'the longest gradient of a unit, as a share of the norm of its weights',
      symbol: 'λ',
      above: 0,
      default: 0.01,
    }),
    epsilon: number({
      about: 'what the norm of a unit’s weights counts at least',
      symbol: 'ε',
      above: 0,
      default: 1e-3,
    }),
  },
  init: talliesOf,
  figures: figuresOf,
  begin(space, { clipping: λ, epsilon: ε }) {
    const blocks = blocksOf(space);
    return (tallies, g, player, at) => {
      if (at === undefined)
        throw new InputError(
          'adaptive-clip compares gradients with the point where they were asked for, and was given none; expected direct(state, g, player, at)',
        );
      eachPlayer(space, player, (_, p) => {
        let [largest, engaged, seen] = [0, 0, 0];
        for (const block of blocks) {
          if (block.player !== p) continue;
          const { offset, shape } = block;
          const units = shape.length > 1 ? shape.at(-1)! : 1;
          const found = clipUnits(g, at, λ, ε, units, offset, offset + sizeOfBlock(block));
          largest = Math.max(largest, found.norm);
          engaged += found.engaged;
          seen += units;
        }
        enter(tallies[p]!, largest, engaged, seen);
      });
      return g;
    };
  },
});

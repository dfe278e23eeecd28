import { InputError, norm, type Space, type Vector } from '@stillpoint/operators';
import { blocksOf, sizeOfBlock } from '../blocks.js';
import * as option from '../options.js';

/** The options of which weights are quantised, and to which values. */
export const levelOptions = {
  levels: option.integer({
    about: 'values that a weight may have, evenly spaced; 2: binary, 2^b: b bits',
    from: 2,
    to: 65_536,
    default: 2,
  }),
  reach: option.number({ about: 'the largest level, in the unit', symbol: 'R', above: 0, default: 1 }),
  unit: option.choice({
    about: 'unit of R: that of z, or of each tensor the root mean square of its start',
    among: ['z', 'tensor'],
    default: 'z',
  }),
  tensors: option.choice({
    about: 'what is quantised; matrices: tensors of two axes or more, everything if none are named',
    among: ['matrices', 'all'],
    default: 'matrices',
  }),
};

/** Entries [start, end), whose values are to be −reach, …, reach, evenly spaced. */
export type Grid = {
  readonly start: number;
  readonly end: number;
  readonly levels: number;
  readonly reach: number;
};

interface Choice {
  readonly levels: number;
  readonly reach: number;
  readonly unit: string;
  readonly tensors: string;
}

/**
 * The grids of the tensors that are quantised, for a run that begins at z₀. A tensor of zeros has unit 1.
 * @throws InputError for a game of several players.
 */
export function gridsOf(
  owner: string,
  space: Space,
  z0: Vector,
  { levels, reach, unit, tensors }: Choice,
): Grid[] {
  if (space.players.length !== 1)
    throw new InputError(
      `${owner} minimises for one player; this game has ${space.players.map(({ name }) => name).join(', ')}`,
    );
  const every = tensors === 'all' || space.blocks === undefined;
  return blocksOf(space).flatMap((block) => {
    const size = sizeOfBlock(block);
    if (size === 0 || !(every || block.shape.length >= 2)) return [];
    const [start, end] = [block.offset, block.offset + size];
    const rms = unit === 'tensor' ? norm(z0, start, end) / Math.sqrt(size) : 1;
    return [{ start, end, levels, reach: reach * (rms > 0 ? rms : 1) }];
  });
}

const clip = (x: number, most: number): number => Math.max(-most, Math.min(most, x));

/** The index of the level at u or next below it, of all but the last. */
const below = (u: number, { levels, reach }: Grid): number =>
  Math.max(0, Math.min(levels - 2, Math.floor((u + reach) * ((levels - 1) / (2 * reach)))));

/** out = the nearest level of each entry of u that is quantised, the upper one of two; u where none is. */
export function toLevels(out: Vector, u: Vector, grids: readonly Grid[]): Vector {
  if (out !== u) out.set(u);
  for (const grid of grids) {
    const { start, end, levels, reach } = grid;
    const gap = (2 * reach) / (levels - 1);
    for (let i = start; i < end; i++) {
      const a = below(u[i]!, grid);
      const nearest = u[i]! < (a + 0.5) * gap - reach ? a : a + 1;
      // not a sum of gaps, so that the grid is symmetric to the last bit
      out[i] = (reach * (2 * nearest - (levels - 1))) / (levels - 1);
    }
  }
  return out;
}

/** Each quantised entry of u ← its clip to [−R, R]. */
export function clipToLevels(u: Vector, grids: readonly Grid[]): void {
  for (const { start, end, reach } of grids) for (let i = start; i < end; i++) u[i] = clip(u[i]!, reach);
}

/**
 * Each quantised entry of `to` ← u + step(x, d), clipped to [−R, R]: d is the step that `to` has made from u,
 * and x in [−1, 1] is where u lies between the levels beside it. d and the step are in halves of their
 * distance.
 */
export function stepBetweenLevels(
  to: Vector,
  u: Vector,
  grids: readonly Grid[],
  step: (x: number, d: number) => number,
): void {
  for (const grid of grids) {
    const { start, end, levels, reach } = grid;
    const half = reach / (levels - 1);
    for (let i = start; i < end; i++) {
      const from = clip(u[i]!, reach);
      const x = clip((from + reach) / half - (2 * below(from, grid) + 1), 1);
      to[i] = clip(from + half * step(x, (to[i]! - u[i]!) / half), reach);
    }
  }
}

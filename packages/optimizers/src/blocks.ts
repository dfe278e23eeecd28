import { InputError, type Block, type Space } from '@stillpoint/operators';

/** How many entries a tensor has. */
export const sizeOfBlock = ({ shape }: Pick<Block, 'shape'>): number =>
  shape.reduce((n, side) => n * side, 1);

/**
 * The tensors inside z; where the problem names none, each player's slice as one vector.
 * @throws InputError where they leave an entry of z out, or share one.
 */
export function blocksOf({
  blocks,
  players,
  dim,
}: Pick<Space, 'blocks' | 'players' | 'dim'>): readonly Block[] {
  if (blocks === undefined)
    return players.map(({ name, start, end }, player) => ({
      name,
      offset: start,
      shape: [end - start],
      player,
    }));
  const inOrder = [...blocks].sort((a, b) => a.offset - b.offset);
  let reached = 0;
  for (const block of inOrder) {
    if (block.offset !== reached)
      throw new InputError(
        `the problem’s block ${block.name} begins at entry ${block.offset}; expected ${reached}, where the one before it ends`,
      );
    reached += sizeOfBlock(block);
  }
  if (reached !== dim)
    throw new InputError(`the problem’s blocks hold ${reached} entries; expected all ${dim} of z`);
  return blocks;
}

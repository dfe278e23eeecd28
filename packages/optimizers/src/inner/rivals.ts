import { InputError, type Space } from '@stillpoint/operators';
import { playerAt } from '../move.js';

/**
 * The two players of a greedy method, by index: x proposes, y answers by ascent. @throws InputError unless
 * there are two.
 */
export function rivals(
  name: string,
  space: Space,
  proposer: number,
): { readonly x: number; readonly y: number } {
  if (space.players.length !== 2)
    throw new InputError(
      `${name} is for two players, of which one answers the other; this problem has ${space.players.length}: ${space.players.map((player) => player.name).join(', ')}`,
    );
  playerAt(space, proposer);
  return { x: proposer, y: 1 - proposer };
}

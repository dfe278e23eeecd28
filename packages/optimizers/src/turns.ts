import type { Space } from '@stillpoint/operators';
import { playerAt } from './move.js';

/**
 * Who moves when in one alternating step: `order`, or each player once. @throws InputError for an index
 * without a player.
 */
export function turns(space: Space, order: readonly number[] | null): readonly number[] {
  const players = order ?? space.players.map((_, index) => index);
  for (const player of players) playerAt(space, player);
  return players;
}

/** The most turns of any player in one alternating step. */
export const busiest = (order: readonly number[] | null): number =>
  order === null ? 1 : Math.max(...order.map((p) => order.filter((q) => q === p).length));

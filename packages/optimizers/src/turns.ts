import { InputError, callsOf, emptyLedger, type Prices, type Space } from '@stillpoint/operators';
import { playerAt } from './move.js';

/**
 * The players in the order in which they move in one alternating step: `order`, or each player once. @throws
 * InputError for an index without a player.
 */
export function turns(space: Space, order: readonly number[] | null): readonly number[] {
  const players = order ?? space.players.map((_, index) => index);
  for (const player of players) playerAt(space, player);
  return players;
}

/** What one alternating step costs: each player's share for each of its turns. */
export function callsOfTurns(order: readonly number[] | null, prices: Prices): number {
  const ledger = emptyLedger(prices.shares.length);
  for (const player of order ?? ledger.gradients.keys()) {
    if (player >= ledger.gradients.length)
      throw new InputError(
        `the order names player ${player}; expected an index from 0 to ${ledger.gradients.length - 1}`,
      );
    ledger.gradients[player]!++;
  }
  return callsOf(ledger, prices);
}

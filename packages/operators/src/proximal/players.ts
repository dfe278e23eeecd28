import type { Constraint, Player, Vector } from '../contracts/index.js';
import { InputError, shown } from '../errors.js';
import { expectFunction, type ProximalFunction } from './contract.js';

// From functions to a game: player p's loss has f_p added, so that A = ∂f_1 × … × ∂f_N and (I + γA)⁻¹ is a
// prox per player.

/** One function per player; null: nothing is added to this player's loss. */
export type PerPlayer = readonly (ProximalFunction | null)[];

function check(players: readonly Player[], functions: PerPlayer): void {
  if (!Array.isArray(players))
    throw new InputError(`the players are ${shown(players)}; expected an array of { name, start, end }`);
  if (!Array.isArray(functions))
    throw new InputError(
      `the functions are ${shown(functions)}; expected an array, one per player, null where there is none`,
    );
  if (functions.length !== players.length)
    throw new InputError(
      `${functions.length} functions for ${players.length} players; expected one each, null where there is none`,
    );
  functions.forEach((f) => {
    if (f !== null) expectFunction('a player’s term', f);
  });
  players.forEach(({ name, start, end }, p) => {
    const length = functions[p]?.length;
    if (length !== undefined && length !== end - start)
      throw new InputError(
        `${functions[p]?.name} takes ${length} entries; player ${name} has ${end - start}`,
      );
  });
}

/**
 * A game's `resolve`: each player's prox on its own slice. @throws InputError where functions do not fit
 * players.
 */
export function resolveOf(players: readonly Player[], functions: PerPlayer): Constraint['prox'] {
  check(players, functions);
  return (z, stepSize, player) =>
    players.forEach(({ start, end }, p) => {
      if (player === undefined || player === p) functions[p]?.prox(z, stepSize, start, end);
    });
}

/**
 * z ↦ Σ f_p(z_p), or one player's term: what `resolveOf` adds to the losses. @throws InputError where
 * functions do not fit players.
 */
export function termsOf(
  players: readonly Player[],
  functions: PerPlayer,
): (z: Vector, player?: number) => number {
  check(players, functions);
  return (z, player) =>
    players.reduce(
      (sum, { start, end }, p) =>
        sum + (player === undefined || player === p ? (functions[p]?.value(z, start, end) ?? 0) : 0),
      0,
    );
}

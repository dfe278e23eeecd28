import type { Player, Vector } from '../contracts.js';
import { InputError, shown } from '../errors.js';
import { expectFunction, type ProximalFunction } from './contract.js';

// From functions to a game: player p's loss has f_p added, so that A = ∂f_1 × … × ∂f_N and (I + γA)⁻¹ is a
// prox per player.

/** One function per player; null: nothing is added to this player's loss. */
export type PerPlayer = readonly (ProximalFunction | null)[];

/** A function and the slice it is of. */
interface Part {
  readonly f: ProximalFunction | null;
  readonly start: number;
  readonly end: number;
}

function fitting({ f, start, end }: Part, owner: string): void {
  if (f === null) return;
  expectFunction(`the constraint of ${owner}`, f);
  if (f.length !== undefined && f.length !== end - start)
    throw new InputError(`${f.name} takes ${f.length} entries; ${owner} has ${end - start}`);
}

const isList = (functions: PerPlayer | ProximalFunction): functions is PerPlayer => Array.isArray(functions);

function expectPlayers(players: readonly Player[]): void {
  if (!Array.isArray(players))
    throw new InputError(`the players are ${shown(players)}; expected an array of { name, start, end }`);
}

function perPlayer(players: readonly Player[], functions: PerPlayer): readonly Part[] {
  expectPlayers(players);
  if (functions.length !== players.length)
    throw new InputError(
      `${functions.length} functions for ${players.length} players; expected one each, null where there is none`,
    );
  return players.map(({ name, start, end }, p) => {
    const part = { f: functions[p] ?? null, start, end };
    fitting(part, `player ${name}`);
    return part;
  });
}

function jointly(players: readonly Player[], f: ProximalFunction): readonly Part[] {
  expectPlayers(players);
  const part = { f, start: 0, end: players.at(-1)?.end ?? 0 };
  fitting(part, 'all players together');
  return [part];
}

/** What one function per player makes of a game: a constraint, or a term added to each player's loss. */
export interface Constraint {
  /** z ← (I + γA)⁻¹z in place: each player's prox on its own slice, or one player's alone. */
  readonly prox: (z: Vector, stepSize: number, player?: number) => void;
  /** Whether players share it, so that one player's part cannot be taken alone. */
  readonly joint: boolean;
  /** Σ f_p(z_p), or one player's; of sets 0 inside and Infinity outside. */
  readonly value: (z: Vector, player?: number) => number;
  /** out ← argmin ⟨g, u⟩ over the sets; there where every player has a bounded set. `out` may be `g`. */
  readonly lmo?: (g: Vector, out: Vector, player?: number) => void;
}

/**
 * The constraint that functions make, one per player, or one for all players' entries together.
 * @throws InputError where functions do not fit players.
 */
export function constraintOf(
  players: readonly Player[],
  functions: PerPlayer | ProximalFunction,
): Constraint {
  const joint = !isList(functions);
  const parts = isList(functions) ? perPlayer(players, functions) : jointly(players, functions);
  const ofPlayer = (player: number | undefined): readonly Part[] => {
    if (player === undefined || joint) return parts;
    const part = parts[player];
    return part === undefined ? [] : [part];
  };
  const bounded = parts.every(({ f }) => f?.lmo !== undefined);
  return {
    joint,
    prox(z, stepSize, player) {
      for (const { f, start, end } of ofPlayer(player)) f?.prox(z, stepSize, start, end);
    },
    value: (z, player) =>
      ofPlayer(player).reduce((sum, { f, start, end }) => sum + (f?.value(z, start, end) ?? 0), 0),
    ...(bounded
      ? {
          lmo(g: Vector, out: Vector, player?: number) {
            for (const { f, start, end } of ofPlayer(player)) f?.lmo?.(g, out, start, end);
          },
        }
      : {}),
  };
}

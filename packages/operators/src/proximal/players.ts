import type { Atoms, Constraint, Player, Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectFunction, type ProximalFunction } from './contract.js';

// Functions as a game's constraint: f_p is added to player p's loss, so that A = ∂f_1 × … × ∂f_N and (I +
// γA)⁻¹ is a prox per player.

/** One function per player; null: nothing is added to this player's loss. */
export type PerPlayer = readonly (ProximalFunction | null)[];

/** A function and the slice on which it acts. */
interface Part {
  readonly f: ProximalFunction | null;
  readonly start: number;
  readonly end: number;
}

function expectFit({ f, start, end }: Part, owner: string): void {
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
  if (functions.length !== players.length)
    throw new InputError(
      `${functions.length} functions for ${players.length} players; expected one per player, null for a player without one`,
    );
  return players.map(({ name, start, end }, p) => {
    const part = { f: functions[p] ?? null, start, end };
    expectFit(part, `player ${name}`);
    return part;
  });
}

/**
 * Makes a constraint of functions: one per player, or one for all entries together. A separable function of
 * any length, such as `box()`, is the same either way; any other function of all entries ties the players
 * together.
 * @throws InputError if functions do not fit players. The prox of one player throws it if players are tied.
 */
export function constraintOf(
  players: readonly Player[],
  functions: PerPlayer | ProximalFunction,
): Constraint {
  expectPlayers(players);
  if (isList(functions)) return ofParts(perPlayer(players, functions));
  const whole = { f: functions, start: 0, end: players.at(-1)?.end ?? 0 };
  expectFit(whole, 'all players together');
  if (functions.is.separable && functions.length === undefined)
    return ofParts(players.map(({ start, end }) => ({ f: functions, start, end })));
  const all = ofParts([whole]);
  return {
    ...all,
    joint: true,
    prox(z, stepSize, player, note) {
      if (player !== undefined)
        throw new InputError(
          `${functions.name} ties all players together; expected a method that moves them at once, or a constraint per player`,
        );
      all.prox(z, stepSize, undefined, note);
    },
    value: (z) => functions.value(z),
  };
}

/** The atoms of a function of all entries. Those of several functions would not make one gauge. */
function atomsOf(parts: readonly Part[]): Atoms | undefined {
  const [{ f, start, end } = { f: null, start: 0, end: 0 }, ...more] = parts;
  return more.length === 0 && start === 0 ? f?.atoms?.(end) : undefined;
}

function ofParts(parts: readonly Part[]): Constraint {
  const atoms = atomsOf(parts);
  const have = (part: 'lmo' | 'support' | 'diameter'): boolean =>
    parts.every(({ f }) => f?.[part] !== undefined);
  return {
    name: parts.map(({ f }) => f?.name ?? 'none').join(' × '),
    prox(z, stepSize, player, note) {
      for (let p = 0; p < parts.length; p++) {
        const { f, start, end } = parts[p]!;
        if (player === undefined || player === p) f?.prox(z, stepSize, start, end, note);
      }
    },
    value: (z, player) =>
      parts.reduce(
        (sum, { f, start, end }, p) =>
          sum + (player === undefined || player === p ? (f?.value(z, start, end) ?? 0) : 0),
        0,
      ),
    ...(have('lmo') && {
      lmo(g: Vector, out: Vector) {
        for (const { f, start, end } of parts) f?.lmo?.(g, out, start, end);
      },
    }),
    // a player without a function may move anywhere: its part of the gauge is 0
    ...(parts.every(({ f }) => f === null || f.gauge !== undefined) && {
      gauge: (z: Vector) => Math.max(0, ...parts.map(({ f, start, end }) => f?.gauge?.(z, start, end) ?? 0)),
    }),
    ...(have('support') && {
      support: (z: Vector) =>
        parts.reduce((sum, { f, start, end }) => sum + (f?.support?.(z, start, end) ?? 0), 0),
    }),
    ...(have('diameter') && {
      diameter: Math.hypot(...parts.map(({ f, start, end }) => f?.diameter?.(end - start) ?? 0)),
    }),
    ...(atoms && { atoms }),
  };
}

import {
  linearGap,
  InputError,
  contentHash,
  givenFacts,
  isFiniteVector,
  messageOf,
  nearest,
  constraintPrint,
  type Asked,
  type Constraint,
  type Data,
  type Game,
  type Player,
  type Vector,
} from '@stillpoint/operators';
import { userConstraint } from './user-constraint.js';
import { userTerms } from './user-terms.js';

const known = [
  'dim',
  'players',
  'operator',
  'start',
  'losses',
  'resolve',
  'constraint',
  'jacobianVector',
  'gap',
  'facts',
  'name',
  'coupled',
  'terms',
];

function record(value: unknown): { readonly [key: string]: unknown } | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
function numbers(value: unknown): number[] | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  const list: unknown[] = Array.from(Object.values(value));
  return list.every((x) => typeof x === 'number' && Number.isFinite(x)) ? list.map(Number) : undefined;
}
/** The most entries of a game from a file: a vector of them takes 80 MB, and a run holds several. */
const MOST_ENTRIES = 10_000_000;
function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  try {
    return (JSON.stringify(value) ?? typeof value).slice(0, 60);
  } catch {
    return 'an object that contains itself';
  }
}
/** The entries of an object by name, with those a class instance inherits; undefined if it is no object. */
function fields(value: unknown): { readonly [key: string]: unknown } | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const inherited = known.filter((key) => !Object.hasOwn(value, key) && key in value);
  return Object.fromEntries([
    ...Object.entries(value),
    ...inherited.map((key) => [key, Reflect.get(value, key)]),
  ]);
}

/**
 * Sizes by name of players as a game has them, `{ name, start, end }`, each starting where the one before
 * ends; undefined for anything else.
 */
function slicesOf(players: readonly unknown[]): (readonly [name: string, size: number])[] | undefined {
  let next = 0;
  const sizes = players.map((player) => {
    const { name, start, end } = record(player) ?? {};
    if (typeof name !== 'string' || start !== next || typeof end !== 'number') return undefined;
    next = end;
    return [name, end - start] as const;
  });
  const all = sizes.filter((size) => size !== undefined);
  return all.length === players.length && new Set(all.map(([name]) => name)).size === players.length
    ? all
    : undefined;
}

/** The functions of a user's game. */
interface UserFunctions extends Partial<Pick<Game, 'operator' | 'losses' | 'jacobianVector' | 'gap'>> {
  readonly resolve?: Constraint['prox'];
}
/** The signature is a cast: that they are functions is checked, and no function tells what it takes. */
function functionsIn(
  given: { readonly [key: string]: unknown },
  bad: (what: string) => InputError,
): UserFunctions;
function functionsIn(given: { readonly [key: string]: unknown }, bad: (what: string) => InputError): object {
  const functions = ['operator', 'losses', 'resolve', 'jacobianVector', 'gap']
    .map((key): readonly [string, unknown] => [key, given[key]])
    .filter(([, value]) => value !== undefined);
  for (const [key, value] of functions)
    if (typeof value !== 'function') throw bad(`${key} is ${show(value)}; expected a function`);
  return Object.fromEntries(functions);
}

/** A vector that throws if it is written outside its entries, which a typed array ignores. */
function guarded(target: Float64Array, complain: (what: string) => InputError): Float64Array {
  return new Proxy(target, {
    get(array, key) {
      const value: unknown = Reflect.get(array, key, array);
      return typeof value === 'function' ? value.bind(array) : value;
    },
    set(array, key, value: unknown) {
      if (typeof key === 'string' && !(Number(key) >= 0 && Number(key) < array.length))
        throw complain(`writes out[${key}]; the players own entries 0 to ${array.length - 1}`);
      if (typeof value !== 'number')
        throw complain(`writes ${show(value)} to out[${String(key)}]; expected a number`);
      return Reflect.set(array, key, value, array);
    },
  });
}

/**
 * Makes a game of what a user's file exports: `{ players: { x: 1, y: 1 }, operator(z, out) {…}, start?,
 * losses?, constraint?, resolve?, coupled?, jacobianVector?, gap?, terms?, facts? }`; a `name` may be there,
 * but is not used. A whole game as `solve` takes it, with `dim` and players as slices, is accepted too. The
 * operator, the losses and the constraint (or `resolve`) are tried once at the start, the operator also on
 * each of up to 1,000 terms; entries of `out` that are missed or out of range are found there.
 * `jacobianVector` and `gap` are not tried. `name` names the game in errors. @throws InputError that names
 * the first entry that is wrong.
 */
export function userGame(exported: unknown, name: string): Game {
  const bad = (what: string): InputError => new InputError(`${name}: ${what}`);
  let given: { readonly [key: string]: unknown } | undefined;
  try {
    given = fields(exported);
  } catch (error) {
    throw bad(`its default export cannot be read: ${messageOf(error)}`);
  }
  if (given === undefined)
    throw bad(
      `its default export is ${show(exported)}; expected { players: { x: 1, y: 1 }, operator(z, out) { … } }`,
    );
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw bad(
        `unknown entry "${key}"; ${nearest(key, known) ? `did you mean ${nearest(key, known)}?` : `expected one of: ${known.join(', ')}`}`,
      );

  const listed = Array.isArray(given['players']) ? slicesOf(given['players']) : undefined;
  const sizes = listed === undefined ? record(given['players']) : Object.fromEntries(listed);
  if (sizes === undefined || Object.keys(sizes).length === 0)
    throw bad(`players is ${show(given['players'])}; expected sizes by name, as { x: 1, y: 1 }`);
  let dim = 0;
  const players: Player[] = Object.entries(sizes).map(([player, size]) => {
    if (/^\d+$/.test(player))
      throw bad(
        `a player is named ${player}; expected a name that is not a number: JavaScript sorts numeric names first`,
      );
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1 || size > MOST_ENTRIES)
      throw bad(
        `player ${player} has size ${show(size)}; expected a whole number from 1 to ${MOST_ENTRIES.toLocaleString(
          'en',
        )}`,
      );
    return { name: player, start: dim, end: (dim += size) };
  });

  if (dim > MOST_ENTRIES)
    throw bad(`the players own ${dim} entries; expected at most ${MOST_ENTRIES.toLocaleString('en')} in all`);
  if (given['dim'] !== undefined && given['dim'] !== dim)
    throw bad(`dim is ${show(given['dim'])}; the players own ${dim} entries`);

  const { operator, losses, resolve, jacobianVector, gap } = functionsIn(given, bad);
  if (operator === undefined)
    throw bad('operator is missing; expected operator(z, out) that writes F(z) to out');

  const start = given['start'] === undefined ? undefined : numbers(given['start']);
  if (given['start'] !== undefined && start?.length !== dim)
    throw bad(
      `start is ${show(given['start'])}; expected ${dim} finite numbers, one per entry of the players`,
    );

  const at: Vector = start === undefined ? new Float64Array(dim) : Float64Array.from(start);
  const out = new Float64Array(dim).fill(NaN);
  /** Calls one of the user's functions once, at the start. `mayMove`: it may write to z. */
  const attempt = (key: string, call: (z: Vector) => unknown, mayMove = false): unknown => {
    const z = at.slice();
    let returned: unknown;
    try {
      returned = call(z);
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${name}: ${key} throws at its start: ${messageOf(error)}`, { cause: error });
    }
    if (returned instanceof Promise) {
      returned.catch(() => {});
      throw bad(`${key} is async; expected a function that is not async`);
    }
    if (!mayMove && z.some((x, i) => x !== at[i]))
      throw bad(`${key} writes to z; expected it not to change z`);
    return returned;
  };
  if (given['constraint'] !== undefined && (resolve !== undefined || given['coupled'] !== undefined))
    throw bad(
      `it has both constraint and ${resolve === undefined ? 'coupled' : 'resolve'}; expected constraint alone`,
    );
  const constraint =
    given['constraint'] === undefined ? undefined : userConstraint(given['constraint'], players, name);
  if (given['coupled'] !== undefined && typeof given['coupled'] !== 'boolean')
    throw bad(`coupled is ${show(given['coupled'])}; expected true or false`);
  const output = attempt('operator', (z) =>
    operator.call(
      exported,
      z,
      guarded(out, (what) => bad(`operator ${what}`)),
      {},
    ),
  );
  if (!isFiniteVector(out)) {
    const entry = out.findIndex((x) => !Number.isFinite(x));
    const hint = output !== undefined ? `; it returned ${show(output)}, but must write to out` : '';
    throw bad(
      `operator gives out[${entry}] = ${out[entry]}${Number.isNaN(out[entry]) ? ' (or never writes it)' : ''} at [${Array.from(at).join(',')}]; expected a finite number${hint}`,
    );
  }
  if (losses)
    attempt('losses', (z) =>
      losses.call(
        exported,
        z,
        guarded(new Float64Array(players.length), (what) =>
          bad(`losses ${what.replace('the players own entries', 'there is one loss per player, entries')}`),
        ),
        {},
      ),
    );
  if (resolve) {
    const returned = attempt('resolve', (z) => resolve.call(exported, z, 1), true);
    if (ArrayBuffer.isView(returned) || Array.isArray(returned))
      throw bad(`resolve returns ${show(returned)}; expected it to change z in place and return nothing`);
  }
  if (constraint) attempt('constraint.prox', (z) => constraint.prox(z, 1), true);
  const guardedCall = (key: string, call: () => unknown): void => {
    let returned: unknown;
    try {
      returned = call();
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new Error(`${name}: ${key} throws: ${messageOf(error)}`, { cause: error });
    }
    if (!(returned instanceof Promise)) return;
    returned.catch(() => {});
    throw new Error(`${name}: ${key} returns a promise; expected a function that is not async`);
  };
  /**
   * A typed array turns text and undefined into NaN without an error. If F is not finite, the operator is
   * called again with a vector that reports what is written to it.
   */
  const explained = (z: Vector, into: Vector, asked: Partial<Asked> | undefined): void => {
    const { player } = asked ?? {};
    const { start: first = 0, end = dim } = player === undefined ? {} : (players[player] ?? {});
    for (let i = first; i < end; i++) {
      if (Number.isFinite(into[i])) continue;
      guardedCall('operator', () =>
        operator.call(
          exported,
          z.slice(),
          guarded(new Float64Array(dim), (what) => bad(`operator ${what}`)),
          asked,
        ),
      );
      return;
    }
  };
  const asks = (z: Vector, into: Vector, asked: Partial<Asked> = {}): void => {
    guardedCall('operator', () => operator.call(exported, z, into, asked));
    explained(z, into, asked);
  };
  const terms = userTerms(given['terms'], asks, at, bad);
  return {
    identity: userIdentity(given, players, constraint),
    name,
    dim,
    players,
    ...(start ? { start } : {}),
    operator: asks,
    ...(terms && { terms }),
    // with braces: what an arrow function happens to return is no promise to wait for
    ...(losses && {
      losses: (z: Vector, into: Vector, asked: Partial<Asked> = {}) => {
        losses.call(exported, z, into, asked);
      },
    }),
    ...(constraint
      ? {
          constraint: {
            ...constraint,
            prox: (z: Vector, stepSize: number, player?: number, note?: (what: string) => void) =>
              guardedCall('constraint.prox', () => constraint.prox(z, stepSize, player, note)),
          },
        }
      : {}),
    ...(resolve
      ? {
          constraint: {
            prox: (z: Vector, stepSize: number, player?: number) =>
              guardedCall('resolve', () => resolve.call(exported, z, stepSize, player)),
            ...(given['coupled'] === true ? { joint: true } : {}),
          },
        }
      : {}),
    ...(jacobianVector
      ? {
          jacobianVector: (z: Vector, v: Vector, into: Vector, transposed: boolean) => {
            jacobianVector.call(exported, z, v, into, transposed);
          },
        }
      : {}),
    ...(gap
      ? { gap: (z: Vector, F: Vector) => gap.call(exported, z, F) }
      : // of a minimisation over a bounded set it is known
        players.length === 1 && constraint?.lmo
        ? { gap: linearGap(constraint) }
        : {}),
    facts: givenFacts(given['facts'], dim, bad),
  };
}

/**
 * The identity of a user's game: its players, its constraint and hashes of its functions' source. Values that
 * the functions read from outside themselves are not part of it; neither are the start and the file's name.
 */
function userIdentity(
  given: { readonly [key: string]: unknown },
  players: readonly Player[],
  constraint: Constraint | undefined,
): Data {
  const functions: Data = Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => typeof value === 'function')
      .map(([key, value]) => [key, contentHash(String(value))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const sizes: Data = players.map(({ name: player, start, end }) => ({ name: player, size: end - start }));
  const sum = typeof given['terms'] === 'number' ? { terms: given['terms'] } : {};
  const set: Data = constraint ? { constraint: constraintPrint(constraint, players.at(-1)?.end ?? 0) } : {};
  return { kind: 'user game', players: sizes, coupled: given['coupled'] === true, functions, ...sum, ...set };
}

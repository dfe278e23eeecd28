import { InputError, isRecord, isVector, shown, unknownName } from '@stillpoint/operators';
import { checkMethod } from '../described.js';
import { isWhole, type Check } from './checks.js';

const isPlayer = (player: unknown): boolean =>
  isRecord(player) &&
  typeof Reflect.get(player, 'name') === 'string' &&
  isWhole(Reflect.get(player, 'start')) &&
  isWhole(Reflect.get(player, 'end'));

/**
 * @throws InputError if the value is not a game with these functions, as a caller without types may pass.
 */
export function checkGame(caller: string, game: unknown, functions: readonly string[] = ['operator']): void {
  if (!isRecord(game)) throw new InputError(`${caller} takes a game; found ${shown(game)}`);
  const field = (key: string): unknown => Reflect.get(game, key);
  const name = field('name');
  if (typeof name !== 'string')
    throw new InputError(`${caller}: the game’s name is ${shown(name)}; expected a string`);
  const bad = (key: string, expected: string): InputError =>
    new InputError(`${caller}: ${key} of ${name} is ${shown(field(key))}; expected ${expected}`);
  const players = field('players');
  if (!isWhole(field('dim')) || field('dim') === 0) throw bad('dim', 'a whole number >= 1');
  if (!Array.isArray(players) || players.length === 0 || !players.every(isPlayer)) {
    throw bad('players', "[{ name: 'x', start: 0, end: 1 }, …]");
  }
  for (const key of functions) if (typeof field(key) !== 'function') throw bad(key, 'a function');
}

/** @throws InputError unless z is a vector of the game's length. */
export function checkPoint(caller: string, { dim }: { readonly dim: number }, z: unknown): void {
  if (isVector(z) && z.length === dim) return;
  throw new InputError(`${caller}: z is ${shown(z)}; expected a Float64Array of ${dim}`);
}

/**
 * Checks the arguments of `solve`, `train` or `iterate`, for callers without types.
 * @throws InputError naming what is wrong, before anything runs.
 */
export function checkRun(
  caller: string,
  game: unknown,
  method: unknown,
  checks: OptionChecks,
  options: unknown,
): void {
  checkGame(caller, game);
  checkMethod(caller, method);
  checkOptions(caller, checks, options);
}

/** Names of options, each once: those of its type, since none may be missing. */
export type OptionNames<T> = { readonly [name in keyof T]-?: true };

/** @throws InputError for options that are no object, and for one that is unknown, with the nearest. */
export function checkNames<T extends object>(caller: string, names: OptionNames<T>, options: unknown): void {
  if (!isRecord(options))
    throw new InputError(`${caller}: its options are ${shown(options)}; expected an object`);
  const known = Object.keys(names);
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw unknownName(`option of ${caller}`, key, known);
}

/** The checks of a function's options, by name. */
type OptionChecks = { readonly [option: string]: Check };

/** @throws InputError that names the option which is unknown, or whose value is of the wrong kind. */
export function checkOptions(caller: string, checks: OptionChecks, options: unknown): void {
  const names = Object.keys(checks);
  if (!isRecord(options))
    throw new InputError(
      `${caller}: its options are ${shown(options)}; expected an object as { ${names.includes('steps') ? 'steps' : 'calls'}: 1000 }`,
    );
  for (const [key, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) throw unknownName(`option of ${caller}`, key, names);
    const [is, expected] = check;
    if (value !== undefined && !is(value))
      throw new InputError(`${caller}: ${key} is ${shown(value)}; expected ${expected}`);
  }
}

import { InputError, shown, unknownName, type State } from '@stillpoint/operators';
import { checkMethod } from '../described.js';
import type { SolveOptions } from './solve.js';
import type { TrainOptions } from './train.js';

/** The names of a run's options. An option that is in the type but not here does not compile. */
type Names<O> = { readonly [K in keyof Required<O>]: true };
const known: {
  readonly solve: Names<SolveOptions<State>>;
  readonly train: Names<TrainOptions<State>>;
  readonly iterate: object;
} = {
  solve: {
    start: true,
    seed: true,
    steps: true,
    calls: true,
    tolerance: true,
    observe: true,
    from: true,
    acceptIdentity: true,
  },
  train: {
    start: true,
    seed: true,
    tolerance: true,
    steps: true,
    calls: true,
    observe: true,
    signal: true,
    moves: true,
    from: true,
    acceptIdentity: true,
  },
  iterate: { start: true },
};

const isRecord = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isWhole = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const expectations: {
  readonly [option: string]: readonly [is: (value: unknown) => boolean, expected: string];
} = {
  start: [
    (value) => value instanceof Float64Array || value instanceof Float32Array,
    'a Float64Array or a Float32Array',
  ],
  steps: [(value) => isWhole(value) || value === Infinity, 'a whole number >= 0'],
  calls: [(value) => isWhole(value) || value === Infinity, 'a whole number >= 0'],
  seed: [(value) => isWhole(value) && Number(value) < 2 ** 32, 'a whole number from 0 to 4294967295'],
  tolerance: [(value) => typeof value === 'number' && value >= 0, 'a number >= 0'],
  observe: [(value) => typeof value === 'function', 'a function'],
  acceptIdentity: [(value) => typeof value === 'boolean', 'true or false'],
  moves: [
    (value) => isRecord(value) && typeof Reflect.get(value, 'to') === 'function',
    'a record, as { every: 100, to: (z) => moved }',
  ],
  estimated: [(value) => typeof value === 'boolean', 'true or false'],
  stepSize: [(value) => typeof value === 'string', 'a text as a spec has it, as 0.001 or [0.001,0.004]'],
  signal: [(value) => isRecord(value) && 'aborted' in value, 'an AbortSignal'],
  from: [
    (value) =>
      isRecord(value) &&
      ['game', 'method', 'options', 'seed', 'state', 'ledger', 'draws', 'last', 'buffers'].every(
        (key) => key in value,
      ) &&
      isRecord(Reflect.get(value, 'state')) &&
      isRecord(Reflect.get(value, 'ledger')),
    'a checkpoint, as a run returns it',
  ],
};

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
  if ((z instanceof Float64Array || z instanceof Float32Array) && z.length === dim) return;
  throw new InputError(`${caller}: z is ${shown(z)}; expected a Float64Array of ${dim}`);
}

/**
 * Checks the arguments of `solve`, `train` or `iterate`, for callers without types.
 * @throws InputError naming what is wrong, before anything runs.
 */
export function checkRun(caller: keyof typeof known, game: unknown, method: unknown, options: unknown): void {
  checkGame(caller, game);
  checkMethod(caller, method);
  checkOptions(caller, Object.keys(known[caller]), options);
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

/** @throws InputError that names the option which is unknown, or whose value is of the wrong kind. */
export function checkOptions(caller: string, names: readonly string[], options: unknown): void {
  if (!isRecord(options))
    throw new InputError(
      `${caller}: its options are ${shown(options)}; expected an object as { ${names.includes('steps') ? 'steps' : 'calls'}: 1000 }`,
    );
  for (const [key, value] of Object.entries(options)) {
    if (!names.includes(key)) throw unknownName(`option of ${caller}`, key, names);
    const [is, expected] = expectations[key] ?? [() => true, ''];
    if (value !== undefined && !is(value))
      throw new InputError(`${caller}: ${key} is ${shown(value)}; expected ${expected}`);
  }
}

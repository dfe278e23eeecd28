import type { Data } from '../contracts/index.js';
import { InputError, shortened, shown, unknownName } from './errors.js';
import { isRate, rateExpected } from './schedule.js';

// What a registry row says of its options, once, as data: the parser, the CLI's help and the docs' table read
// it. Hand-written rather than zod: importing zod takes as long as starting Node, and `solve` must not.

/** One option: `accepts` decides, the rest explains. */
export interface Option {
  readonly about: string;
  /** What is accepted, in words: `a number > 0`. */
  readonly expected: string;
  /** The paper's letter. */
  readonly symbol?: string;
  /** Absent: the option must be given, or `fallback` says who else supplies it. */
  readonly default?: Data;
  /** `1/L of the game`: filled in by whoever knows the game. */
  readonly fallback?: string;
  /** Whether a value may be given. */
  accepts(value: Data): boolean;
}

/** Options by name; the keys are those of the build function's argument. */
export type OptionTable<O extends object> = { readonly [K in keyof O]-?: Option };

/** Options as they come from a spec, a config or a checkpoint. */
export type Given = { readonly [key: string]: Data };

interface Words {
  readonly about: string;
  readonly symbol?: string;
  readonly default?: Data;
  readonly fallback?: string;
}
/** Limits of a number: `from` and `to` may be reached, `above` and `below` may not. */
export interface Range {
  readonly above?: number;
  readonly below?: number;
  readonly from?: number;
  readonly to?: number;
}

const isNumber = (value: Data): value is number => typeof value === 'number' && Number.isFinite(value);
const inside = (
  x: number,
  { above = -Infinity, below = Infinity, from = -Infinity, to = Infinity }: Range,
): boolean => x > above && x < below && x >= from && x <= to;
function inWords(noun: string, { above, below, from, to }: Range): string {
  const limits = [
    above !== undefined && `> ${above}`,
    from !== undefined && `>= ${from}`,
    below !== undefined && `< ${below}`,
    to !== undefined && `<= ${to}`,
  ];
  return [noun, limits.filter(Boolean).join(' and ')].filter(Boolean).join(' ');
}

/** A finite number in a range. */
export function number(words: Words & Range): Option {
  return {
    ...words,
    expected: inWords('a number', words),
    accepts: (value) => isNumber(value) && inside(value, words),
  };
}
/** A whole number in a range. */
export function integer(words: Words & Range): Option {
  return {
    ...words,
    expected: inWords('a whole number', words),
    accepts: (value) => isNumber(value) && Number.isSafeInteger(value) && inside(value, words),
  };
}
/** A seed of the random streams: one 32-bit word. */
export function seed(words: Partial<Words> = {}): Option {
  return integer({ about: 'which random numbers', ...words, from: 0, to: 2 ** 32 - 1 });
}
/** A step size: a positive number or a schedule, or one of these per player. */
export function stepSize(words: Partial<Words> = {}): Option {
  return {
    about: 'step size, or one per player',
    symbol: 'γ',
    fallback: '1/L where the game states L (facts.lipschitz)',
    ...words,
    expected:
      'a number > 0, or one per player as [a,b], or schedules as {kind=cosine, from=0.1, to=0.001, steps=1000}',
    accepts: (value) =>
      isRate(value) || (Array.isArray(value) && value.length > 0 && value.every((entry) => isRate(entry))),
  };
}
/** A positive number, or a schedule of them. */
export function rate(words: Words): Option {
  return { ...words, expected: rateExpected, accepts: isRate };
}
/** One of a few words. */
export function choice(words: Words & { readonly among: readonly string[] }): Option {
  const { among, ...rest } = words;
  return {
    ...rest,
    expected: `one of ${among.join(', ')}`,
    accepts: (value) => typeof value === 'string' && among.includes(value),
  };
}
/** True or false. */
export function flag(words: Words): Option {
  return { ...words, expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
}
/** Indices of players, in the order in which they move. */
export function order(words: Partial<Words> = {}): Option {
  return {
    about: 'which player moves when, by index',
    default: null,
    ...words,
    expected: 'indices of players as [0,0,1]; null: each once',
    accepts: (value) =>
      value === null ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.every((p) => isNumber(p) && Number.isInteger(p) && p >= 0)),
  };
}

/** True once every key of the table is there with an accepted value, and no other. */
function complete<O extends object>(given: object, table: OptionTable<O>): given is Required<O> {
  const names = Object.keys(table);
  return (
    names.every((name) => Object.hasOwn(given, name)) &&
    Object.keys(given).every((name) => names.includes(name))
  );
}

/** A spec's value as the user would write it. */
export function formatData(value: Data): string {
  if (typeof value === 'string')
    return /^[A-Za-z][\w-]*$/.test(value) && !['true', 'false', 'null'].includes(value)
      ? value
      : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (ArrayBuffer.isView(value)) return `[${Array.from(value).join(',')}]`;
  if (Array.isArray(value)) return `[${value.map((entry: Data) => formatData(entry)).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, entry]) => `${key}=${formatData(entry)}`)
    .join(', ')}}`;
}

/** Whether a value of a caller without types is plain data. */
function isData(value: unknown, depth = 0): value is Data {
  if (value === null || typeof value !== 'object')
    return value === null || ['number', 'string', 'boolean'].includes(typeof value);
  if (value instanceof Float64Array || value instanceof Float32Array) return true;
  if (depth > 200 || ArrayBuffer.isView(value)) return false; // also one that holds itself
  return (Array.isArray(value) ? value : Object.values(value)).every((entry: unknown) =>
    isData(entry, depth + 1),
  );
}

/**
 * Checks options against their table and fills in the defaults. The one door: specs come through it, and so
 * do the options of every
 * public function that makes a method, a transform or a game, since callers in plain JavaScript have no
 * types. `undefined` is as if
 * it were not given.
 * @param owner whose options they are, for the error: `method rapp`.
 * @throws InputError for an unknown name (with the nearest valid one), a missing or an unacceptable value.
 */
export function parseOptions<O extends object>(
  owner: string,
  table: OptionTable<O>,
  given: object | undefined,
): Required<O> {
  const rows: [string, Option][] = Object.entries(table);
  const names = rows.map(([name]) => name);
  if (
    given !== undefined &&
    (given === null || typeof given !== 'object' || Array.isArray(given) || ArrayBuffer.isView(given))
  ) {
    throw new InputError(
      `${owner}: its options are ${shown(given)}; expected an object with ${names.join(', ') || 'no entry'}`,
    );
  }
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  for (const name of values.keys())
    if (!names.includes(name)) throw unknownName(`option of ${owner}`, name, names);
  const full: { [key: string]: Data } = {};
  for (const [name, option] of rows) {
    const value = values.get(name) ?? (values.get(name) === null ? null : option.default);
    if (value === undefined)
      throw new InputError(
        `${owner} needs ${name} (${option.about}): expected ${option.expected}${
          option.fallback ? `; it defaults to ${option.fallback}` : ''
        }`,
      );
    if (!isData(value))
      throw new InputError(`${owner}: ${name} is ${shown(value)}; expected ${option.expected}`);
    if (!option.accepts(value) && !(value === null && option.default === null))
      throw new InputError(
        `${owner}: ${name} is ${shortened(formatData(value))}; expected ${option.expected}`,
      );
    full[name] = value;
  }
  if (!complete<O>(full, table))
    throw new InputError(`${owner}: options ${Object.keys(full).join(', ')} do not fit`);
  return full;
}

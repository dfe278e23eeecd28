import { isRecord, isVector, type Data, type Facts } from '../contracts/index.js';
import { InputError, shortened, shown, unknownName } from './errors.js';
import type { Spec } from './spec.js';
import { isRate, rateExpected, type Rate, type StepSize } from './schedule.js';

// Option tables: what a registry row states about its options, as data. The parser, the CLI's help and the
// docs' tables read it. It is not written in zod, since importing zod takes as long as starting Node.

/** What `fromFacts` may read besides the facts. */
export interface Defaulting {
  /** What the default step size is multiplied by: less than 1 where a wrapper makes several steps at once. */
  readonly share: number;
  /** The value of another option of the same table, given or default. */
  readonly of: <V extends Data>(option: Option<V>) => V | undefined;
}

/** One option with values of type V. `accepts` decides what is valid; the texts describe it. */
export interface Option<V extends Data = Data> {
  readonly about: string;
  /** What is accepted, in words: `a number > 0`. */
  readonly expected: string;
  /** The letter in the paper. */
  readonly symbol?: string;
  /** Absent: the option must be given, unless `fromFacts` supplies it. */
  readonly default?: V;
  /** In words, what `fromFacts` returns: `1/L if the game states L`. */
  readonly fallback?: string;
  /**
   * The value of an option that is not given, computed from the problem's facts; undefined if they do not
   * suffice, and then the default applies. Read only the facts that are needed: each may cost a computation.
   */
  fromFacts?(facts: Facts, asked: Defaulting): V | undefined;
  /** Whether a value is valid. */
  accepts(value: Data): boolean;
}

/** Options by name, each with its own type: what a row of a registry states. */
export type OptionRows = { readonly [name: string]: Option };
/** The type of an option's value. */
export type ValueOf<O> = O extends Option<infer V> ? V : never;
/** Every option with its value: what a method or a transform reads. */
export type Full<T extends OptionRows> = { readonly [K in keyof T]: ValueOf<T[K]> };
/** What a caller gives: every option without a default, and any of the others. */
export type GivenOf<T extends OptionRows> = {
  readonly [K in keyof T as T[K] extends { readonly default: Data } ? never : K]: ValueOf<T[K]>;
} & {
  readonly [K in keyof T as T[K] extends { readonly default: Data } ? K : never]?: ValueOf<T[K]>;
};

/** Options by name; the keys are those of the build function's argument. */
export type OptionTable<O extends object> = { readonly [K in keyof O]-?: Option };

/** Options as they come from a spec, a config or a checkpoint. */
export type Given = { readonly [key: string]: Data };

interface Words<V extends Data> {
  readonly about: string;
  readonly symbol?: string;
  /** `null` if the option may be null; `orNull` then says what null means. */
  readonly default?: V | null;
  readonly orNull?: string;
  readonly fallback?: string;
  fromFacts?(facts: Facts, asked: Defaulting): V | undefined;
}
/**
 * The option that the words W describe. With a default it may be left out. Its value may be null only if the
 * default is null.
 */
type Built<W, V extends Data> = W extends { readonly default: null }
  ? Option<V | null> & { readonly default: V | null }
  : W extends { readonly default: V }
    ? Option<V> & { readonly default: V }
    : Option<V>;
/** Limits of a number: `from` and `to` are inclusive, `above` and `below` are exclusive. */
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

/**
 * Puts an option together. Its type depends on whether its words, W, hold a default. The second signature is
 * what the code returns; the first adds the type that follows from W, which TypeScript cannot resolve inside.
 */
function built<V extends Data, W>(
  words: Partial<Words<V>> | undefined,
  rest: Pick<Option<V>, 'about' | 'expected' | 'accepts'>,
): Built<W, V>;
function built(words: object | undefined, rest: Pick<Option, 'about' | 'expected' | 'accepts'>): Option {
  const { orNull, ...said }: { readonly orNull?: string } = words ?? {};
  const expected = orNull === undefined ? rest.expected : `${rest.expected}; null: ${orNull}`;
  return { ...said, ...rest, expected };
}

/** A finite number in a range. */
export function number<const W extends Words<number> & Range>(words: W): Built<W, number> {
  return built<number, W>(words, {
    about: words.about,
    expected: inWords('a number', words),
    accepts: (value) => isNumber(value) && inside(value, words),
  });
}
/** A whole number in a range. */
export function integer<const W extends Words<number> & Range>(words: W): Built<W, number> {
  return built<number, W>(words, {
    about: words.about,
    expected: inWords('a whole number', words),
    accepts: (value) => isNumber(value) && Number.isSafeInteger(value) && inside(value, words),
  });
}
/** Finite numbers in a range, at least one, as the default; `whole`: whole numbers only. */
export function numbers<const W extends Words<readonly number[]> & Range & { readonly whole?: boolean }>(
  words: W,
): Built<W, readonly number[]> {
  const { whole = false }: { readonly whole?: boolean } = words;
  return built<readonly number[], W>(words, {
    about: words.about,
    expected: `a list of ${inWords(whole ? 'whole numbers' : 'numbers', words)}, as ${formatData(words.default ?? [1])}`,
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((x: Data) => isNumber(x) && inside(x, words) && (!whole || Number.isSafeInteger(x))),
  });
}
/** A seed of the random streams: one 32-bit word. */
export function seed<const W extends Partial<Words<number>>>(words?: W): Built<W, number> {
  const limits: Range = { from: 0, to: 2 ** 32 - 1 };
  return built<number, W>(words, {
    about: words?.about ?? 'seed of the random numbers',
    expected: inWords('a whole number', limits),
    accepts: (value) => isNumber(value) && Number.isSafeInteger(value) && inside(value, limits),
  });
}

/** 1/L; undefined if L is. If L = 0, F is constant and any step size is valid: 1. */
export const overLipschitz = (L: number | undefined): number | undefined =>
  L === undefined ? undefined : L > 0 ? 1 / L : 1;

interface StepWords extends Partial<Words<StepSize>> {
  /** What 1/L is multiplied by if no step size is given. Default: 1. */
  readonly perLipschitz?: number;
}
/**
 * A step size: a positive number or a schedule, or one of these per player. If none is given and no default
 * is stated, it is `perLipschitz`/L.
 */
export function stepSize<const W extends StepWords>(words?: W): Built<W, StepSize> {
  const { perLipschitz: times = 1, ...given }: StepWords = words ?? {};
  const fromLipschitz: Pick<StepWords, 'fallback' | 'fromFacts'> = {
    fallback: `${times}/L if the game states L (facts.lipschitz)`,
    fromFacts({ lipschitz }, { share }) {
      const unit = overLipschitz(lipschitz);
      return unit === undefined ? undefined : times * unit * share;
    },
  };
  const all: StepWords = { symbol: 'γ', ...(given.default === undefined ? fromLipschitz : {}), ...given };
  return built<StepSize, W>(all, {
    about: given.about ?? 'step size, or one per player',
    expected:
      'a number > 0, or one per player as [a,b], or schedules as {kind=cosine, from=0.1, to=0.001, steps=1000}',
    accepts: (value) =>
      isRate(value) || (Array.isArray(value) && value.length > 0 && value.every((entry) => isRate(entry))),
  });
}
/** A positive number, or a schedule of positive numbers. */
export function rate<const W extends Words<Rate>>(words: W): Built<W, Rate> {
  return built<Rate, W>(words, { about: words.about, expected: rateExpected, accepts: isRate });
}
/** One of the words in `among`. */
export function choice<const C extends string, const W extends Words<NoInfer<C>>>(
  words: W & { readonly among: readonly C[] },
): Built<W, C> {
  const { among } = words;
  return built<C, W>(words, {
    about: words.about,
    expected: `one of ${among.join(', ')}`,
    accepts: (value) => among.some((word) => word === value),
  });
}
/** True or false. */
export function flag<const W extends Words<boolean>>(words: W): Built<W, boolean> {
  return built<boolean, W>(words, {
    about: words.about,
    expected: 'true or false',
    accepts: (value) => typeof value === 'boolean',
  });
}
/** Indices of players, in the order in which they move; null: each moves once. */
export function order(
  words: { readonly about?: string } = {},
): Option<readonly number[] | null> & { readonly default: readonly number[] | null } {
  return {
    about: 'which player moves when, by index',
    ...words,
    default: null,
    expected: 'indices of players as [0,0,1]; null: each once',
    accepts: (value) =>
      value === null ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.every((p) => isNumber(p) && Number.isInteger(p) && p >= 0)),
  };
}

/** Whether a value is a spec: { name, inner, options } and nothing else. */
function isSpec(value: unknown): value is Spec {
  const { name, inner, options }: { readonly [key: string]: unknown } = Object(value);
  return (
    Object.keys(Object(value)).length === 3 &&
    typeof name === 'string' &&
    /^[A-Za-z][\w-]*$/.test(name) &&
    Array.isArray(inner) &&
    inner.every(isSpec) &&
    isRecord(options)
  );
}

/** A spec as a user would write it. */
export function formatNamed({ name, inner, options }: Spec): string {
  const entries = [
    ...inner.map(formatNamed),
    ...Object.entries(options).map(([key, value]) => `${key}=${formatData(value)}`),
  ];
  return entries.length === 0 ? name : `${name}(${entries.join(', ')})`;
}

/**
 * Things of another kind, each a name or a spec, as [r1(weight=10), r2]. The row that has this option hands
 * them to the registry of that kind.
 */
export function specs(words: {
  readonly about: string;
  /** What they are called: `penalties`. */
  readonly kind: string;
  readonly example: string;
}): Option<readonly (string | Spec)[]> & { readonly default: readonly (string | Spec)[] } {
  return {
    about: words.about,
    expected: `${words.kind} as ${words.example}`,
    default: [],
    accepts: (value) =>
      Array.isArray(value) && value.every((entry: Data) => typeof entry === 'string' || isSpec(entry)),
  };
}

/** One thing of another kind, a name or a spec: `gaussian(deviation=0.5)`. */
export function oneSpec(words: {
  readonly about: string;
  readonly symbol?: string;
  /** What it is called: `a proposal`. */
  readonly kind: string;
  readonly example: string;
  readonly default: Spec;
}): Option<string | Spec> & { readonly default: string | Spec } {
  const { kind, example, ...rest } = words;
  return {
    ...rest,
    expected: `${kind} as ${example}`,
    accepts: (value) => typeof value === 'string' || isSpec(value),
  };
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
  if (isSpec(value)) return formatNamed(value);
  return `{${Object.entries(value)
    .map(([key, entry]) => `${key}=${formatData(entry)}`)
    .join(', ')}}`;
}

/** Whether a value of a caller without types is plain data. */
function isData(value: unknown, depth = 0): value is Data {
  if (value === null || typeof value !== 'object')
    return value === null || ['number', 'string', 'boolean'].includes(typeof value);
  if (isVector(value)) return true;
  if (depth > 200 || ArrayBuffer.isView(value)) return false; // also ends for a value that contains itself
  return (Array.isArray(value) ? value : Object.values(value)).every((entry: unknown) =>
    isData(entry, depth + 1),
  );
}

/**
 * Checks options against their table and fills in the defaults. All options pass through it: those of specs,
 * and those of every public function that makes a method, a transform or a game, since callers in plain
 * JavaScript have no types. An option that is `undefined` counts as not given.
 * @param owner whose options they are, for the error: `method rapp`.
 * @throws InputError for an unknown name (with the nearest valid one), a missing or an unacceptable value.
 */
export function parseOptions<O extends object>(
  owner: string,
  table: OptionTable<O>,
  given: object | undefined,
): Required<O>;
// what is returned has the table's keys, each value accepted by its own row: TypeScript cannot follow that
export function parseOptions(owner: string, table: OptionRows, given: object | undefined): Given {
  return parseRows(owner, table, given);
}

/** `parseOptions` for rows that state the type of each value. */
export function parseRows<T extends OptionRows>(owner: string, table: T, given: unknown): Full<T> & Given;
export function parseRows(owner: string, table: OptionRows, given: unknown): Given {
  const rows: [string, Option][] = Object.entries(table);
  const names = rows.map(([name]) => name);
  if (given !== undefined && !isRecord(given)) {
    throw new InputError(
      `${owner}: its options are ${shown(given)}; expected an object with ${names.join(', ') || 'no entries'}`,
    );
  }
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  for (const name of values.keys())
    if (!names.includes(name)) throw unknownName(`option of ${owner}`, name, names);
  const full: { [name: string]: Data } = {};
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
    if (!acceptable(option, value))
      throw new InputError(
        `${owner}: ${name} is ${shortened(formatData(value))}; expected ${option.expected}`,
      );
    full[name] = value;
  }
  return full;
}

const acceptable = (option: Option, value: Data): boolean =>
  option.accepts(value) || (value === null && option.default === null);

/**
 * The options that were given, and those that the problem's facts supply. Facts are read only for an option
 * that was not given.
 * @param share what a default step size is multiplied by.
 */
export function withFactDefaults(table: OptionRows, given: Given, facts: Facts, share: number): Given {
  const rows = Object.entries(table);
  function of<V extends Data>(option: Option<V>): V | undefined;
  // an unacceptable value is refused when the whole is parsed; what the row accepts is a V
  function of(option: Option): Data | undefined {
    const name = rows.find(([, row]) => row === option)?.[0];
    const value = name === undefined ? undefined : given[name];
    return value !== undefined && acceptable(option, value) ? value : option.default;
  }
  const full: { [name: string]: Data } = { ...given };
  for (const [name, option] of rows) {
    if (full[name] !== undefined) continue;
    const value = option.fromFacts?.(facts, { share, of });
    if (value !== undefined) full[name] = value;
  }
  return full;
}

import { findRow, InputError } from './errors.js';
import { parseOptions, type Given, type OptionTable } from './options.js';
import { asSpec, type Spec } from './spec.js';

// One registry for every kind of named thing: games, losses, data sets, proximal functions. A kind is a list
// of rows; a row holds one thing's name, texts, option table and code. What a spec means, and which specs are
// refused, is decided here for all kinds.

/**
 * Reads the options given for one row, by a table. @throws InputError that names the owner of the options.
 */
export type Read = <O extends object>(table: OptionTable<O>) => Required<O>;

/**
 * One named thing: the only place outside its own file that names it. `row` makes one.
 * @typeParam T what it builds.
 * @typeParam C the further arguments needed to build it; for a model, the shape of the examples.
 */
export interface Row<T, C extends readonly unknown[] = []> {
  readonly name: string;
  /** One line: what it is. */
  readonly about: string;
  readonly options: OptionTable<Given>;
  /** How many things of its kind it takes before its options, `translation(l1, by=1)`. Default: none. */
  readonly takes?: 'none' | 'one' | 'some';
  /** An example spec, if its name alone is not a spec of it. */
  readonly example?: string;
  /** Builds it from the options, which `read` reads by the row's table, and from the things inside it. */
  make(read: Read, inner: readonly T[], ...context: C): T;
}

/**
 * Makes a row. The types of its options are checked here, between table and code, and are not part of the
 * row's type, so that rows of one kind fit one list.
 */
export function row<
  O extends object,
  T,
  W extends Omit<Row<T>, 'options' | 'make'>,
  C extends readonly unknown[] = [],
>(
  words: W,
  options: OptionTable<O>,
  make: (options: Required<O>, inner: readonly T[], ...context: C) => T,
): W & Row<T, C> {
  return {
    ...words,
    options,
    make: (read, inner, ...context) => make(read(options), inner, ...context),
  };
}

/** @throws Error for a name that no spec can hold: it is refused where its registry is made. */
export function checkRowName(kind: string, name: string): void {
  if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(name))
    throw new Error(`a ${kind} is named "${name}"; expected words in kebab-case, as random-matrix-game`);
}

/** A row in its registry. */
export type Registered<R, T, C extends readonly unknown[] = []> = R & {
  /**
   * Builds it from options and the things it takes. @throws InputError for an unknown or unacceptable option,
   * and for too many or too few things.
   */
  readonly build: (given: Given, inner?: readonly T[], ...context: C) => T;
};

/** All rows of one kind, and what can be done with a spec of that kind. */
export interface Registry<R, T, C extends readonly unknown[] = []> {
  /** What one of them is called in errors: `game`. */
  readonly kind: string;
  readonly rows: readonly Registered<R, T, C>[];
  /** The row of that name. @throws InputError with the nearest name for an unknown one. */
  readonly find: (name: string) => Registered<R, T, C>;
  /**
   * Builds what a spec names: `ring(modes=25)`. @throws InputError for a value that is not a spec, an unknown
   * name or option, an unacceptable value, and specs inside where the row takes options only.
   */
  readonly from: (spec: string | Spec, ...context: C) => T;
}

/**
 * A registry of rows.
 * @param finish changes what a row has built, given its spec with every default filled in; games take their
 *   names from that spec. Default: no change.
 */
export function registry<T, C extends readonly unknown[], R extends Row<T, C>>(
  kind: string,
  entries: readonly (R & Row<T, C>)[],
  finish: (built: T, spec: Spec, inner: readonly T[]) => T = (built) => built,
): Registry<R, T, C> {
  const rows = entries.map((entry): Registered<R, T, C> => {
    const { name, takes = 'none', example = name } = entry;
    return {
      ...entry,
      build(given, inner = [], ...context) {
        refuse(`${kind} ${name}`, kind, takes, example, inner.length);
        let options: Given = {};
        const read: Read = (table) => {
          const full = parseOptions(`${kind} ${name}`, table, given);
          options = Object.fromEntries(Object.entries(full));
          return full;
        };
        return finish(entry.make(read, inner, ...context), { name, inner: [], options }, inner);
      },
    };
  });
  const names = rows.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two rows of kind ${kind} are named ${twice}`);
  for (const name of names) checkRowName(kind, name);
  const find = (name: string): Registered<R, T, C> => findRow(kind, rows, name);
  const from = (spec: string | Spec, ...context: C): T => {
    const { name, inner, options } = asSpec(spec, kind, rows[0]?.example ?? names[0]);
    const found = find(name);
    const { takes = 'none', example = name } = found;
    refuse(`${kind} ${name}`, kind, takes, example, inner.length, inner[0]?.name);
    return found.build(
      options,
      inner.map((within) => from(within, ...context)),
      ...context,
    );
  };
  return { kind, rows, find, from };
}

/** @throws InputError where the number of things inside is not what a row takes. */
function refuse(
  owner: string,
  kind: string,
  takes: NonNullable<Row<unknown>['takes']>,
  example: string,
  count: number,
  first?: string,
): void {
  if (takes === 'none' && count > 0)
    throw new InputError(
      `${owner} takes options only; found ${first ?? `${count} ${kind}${count === 1 ? '' : 's'} inside`}`,
    );
  if ((takes === 'one' && count !== 1) || (takes === 'some' && count === 0))
    throw new InputError(
      `${owner} takes ${takes === 'one' ? `one ${kind}` : `${kind}s`}; found ${count}: ${example}`,
    );
}

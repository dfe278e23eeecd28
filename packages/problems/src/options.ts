import type { Data, Option } from '@stillpoint/operators';

export { choice, flag, integer, number, seed } from '@stillpoint/operators';

/** Rows of equal length, as an option gives them. */
export type Rows = readonly (readonly number[])[];

const isRow = (value: Data): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'number' && Number.isFinite(x));
const isMatrix = (value: Data): value is Rows =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((row: Data) => isRow(row)) &&
  new Set(value.map((row: Data) => (isRow(row) ? row.length : 0))).size === 1;

interface Words<V extends Data> {
  readonly about: string;
  readonly symbol?: string;
  readonly default: V;
}
/** The words of an option that may be null, which means what `otherwise` says. */
type OrNull<V extends Data> = Words<V | null> & { readonly otherwise: string };

/**
 * An option whose value is a matrix, as rows of equal length; if `otherwise` is given also null, which means
 * what it says.
 */
export function matrix(words: Words<Rows>): Option<Rows>;
export function matrix(words: OrNull<Rows>): Option<Rows | null>;
export function matrix(words: Words<Rows | null> & { readonly otherwise?: string }): Option<Rows | null> {
  const { otherwise, ...rest } = words;
  return {
    ...rest,
    expected: `rows of numbers, all of one length, as [[1,2],[3,4]]${otherwise === undefined ? '' : `; null: ${otherwise}`}`,
    accepts: (value) => (otherwise !== undefined && value === null) || isMatrix(value),
  };
}

/**
 * An option whose value is a list of numbers; if `otherwise` is given also null, which means what it
 * says.
 */
export function numbers(words: Words<readonly number[]>): Option<readonly number[]>;
export function numbers(words: OrNull<readonly number[]>): Option<readonly number[] | null>;
export function numbers(
  words: Words<readonly number[] | null> & { readonly otherwise?: string },
): Option<readonly number[] | null> {
  const { otherwise, ...rest } = words;
  return {
    ...rest,
    expected: `numbers as [1,2,3]${otherwise === undefined ? '' : `; null: ${otherwise}`}`,
    accepts: (value) => (otherwise !== undefined && value === null) || isRow(value),
  };
}

/** A list of numbers > 0. */
export function positives(words: Words<readonly number[]>): Option<readonly number[]> {
  return {
    ...words,
    expected: 'numbers > 0, as [1,0.5]',
    accepts: (value) => isRow(value) && value.every((x) => x > 0),
  };
}

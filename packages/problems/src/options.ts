import type { Data, Option } from '@stillpoint/operators';

export { choice, flag, integer, number, seed } from '@stillpoint/operators';

const isRow = (value: Data): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'number' && Number.isFinite(x));
const isMatrix = (value: Data): value is readonly Data[] =>
  Array.isArray(value) && value.length > 0 && value.every((row: Data) => isRow(row));

/**
 * An option whose value is a matrix, as rows of equal length; if `otherwise` is given also null, which means
 * what it says.
 */
export function matrix(words: {
  readonly about: string;
  readonly symbol?: string;
  readonly default?: Data;
  readonly otherwise?: string;
}): Option {
  const { otherwise, ...rest } = words;
  return {
    ...rest,
    expected: `rows of numbers, all of one length, as [[1,2],[3,4]]${otherwise === undefined ? '' : `; null: ${otherwise}`}`,
    accepts: (value) =>
      (otherwise !== undefined && value === null) ||
      (isMatrix(value) && new Set(value.map((row) => (Array.isArray(row) ? row.length : 0))).size === 1),
  };
}

/**
 * An option whose value is a list of numbers; if `otherwise` is given also null, which means what it
 * says.
 */
export function numbers(words: {
  readonly about: string;
  readonly symbol?: string;
  readonly default?: Data;
  readonly otherwise?: string;
}): Option {
  const { otherwise, ...rest } = words;
  return {
    ...rest,
    expected: `numbers as [1,2,3]${otherwise === undefined ? '' : `; null: ${otherwise}`}`,
    accepts: (value) => (otherwise !== undefined && value === null) || isRow(value),
  };
}

/** A list of numbers > 0. */
export function positives(words: {
  readonly about: string;
  readonly symbol?: string;
  readonly default?: Data;
}): Option {
  return {
    ...words,
    expected: 'numbers > 0, as [1,0.5]',
    accepts: (value) =>
      isRow(value) && Array.isArray(value) && value.every((x) => typeof x === 'number' && x > 0),
  };
}

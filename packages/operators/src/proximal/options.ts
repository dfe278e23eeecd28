import type { Data } from '../contracts/index.js';
import type { Option } from '../specs/options.js';

// Options that several proximal functions share, or that no other kind has.

export const isNumber = (value: Data): boolean => typeof value === 'number' && Number.isFinite(value);
const isList = (value: Data): value is readonly Data[] => Array.isArray(value) && value.length > 0;
type About = { readonly about: string; readonly default?: Data };
export const numbers = (words: About): Option => ({
  ...words,
  expected: 'numbers, as [1,2]',
  accepts: (value) => isList(value) && value.every(isNumber),
});
export const matrix = (words: About): Option => ({
  ...words,
  expected: 'rows of numbers, as [[1,2],[3,4]]',
  accepts: (value) => isList(value) && value.every((entry) => isList(entry) && entry.every(isNumber)),
});
export const perEntry = (words: About): Option => ({
  ...words,
  expected: 'a number, or one per entry as [1,2]',
  accepts: (value) => isNumber(value) || (isList(value) && value.every(isNumber)),
});
export const bound = (words: About): Option => ({
  ...perEntry(words),
  expected: 'a number, one per entry as [1,2], or null for none',
  accepts: (value) => value === null || perEntry(words).accepts(value),
});
export const positives = (words: About): Option => ({
  ...words,
  expected: 'numbers > 0, as [1,2]',
  accepts: (value) => isList(value) && value.every((x) => isNumber(x) && Number(x) > 0),
});
const isSize = (value: Data): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
export const sizes = (words: About): Option => ({
  ...words,
  expected: 'whole numbers >= 1, as [2,3]',
  accepts: (value) => isList(value) && value.every(isSize),
});

import {
  formatData,
  integer,
  numbers,
  type Data,
  type Given,
  type Option,
  type OptionRows,
} from '@stillpoint/operators';
import type { PaperSetting } from '@stillpoint/tracking';
import { ours, published } from './paper.js';

/** A setting that is published, unless another value is chosen: it is Stillpoint’s then, beside theirs. */
export const asPublished = (name: string, value: string, theirs: string, where: string): PaperSetting =>
  value === theirs ? published(name, value, where) : ours(name, `${value}; ${theirs} in ${where}`);

/** Whether these options have the values of the whole form. */
export const isWhole = (options: OptionRows, values: Given): boolean =>
  Object.entries(options).every(
    ([name, { default: usual = null }]) => formatData(values[name] ?? null) === formatData(usual),
  );
/** Where a claim comes from, if these options have the values of the whole form; else it is Stillpoint’s. */
export const sourceOf = (options: OptionRows, values: Given, source: string): string =>
  isWhole(options, values) ? source : 'Stillpoint’s, with other settings than the figure’s';

/** The option of an even number. */
export function even(words: {
  readonly about: string;
  readonly from: number;
  readonly to: number;
  readonly default: number;
}): Option<number> & { readonly default: number } {
  const row = integer(words);
  return {
    ...row,
    expected: row.expected.replace('a whole', 'an even'),
    accepts: (value: Data) => row.accepts(value) && Number(value) % 2 === 0,
  };
}

/** The option of a point in the plane, whose numbers are at most `reach` in size, and not both 0. */
export function point({
  about,
  default: usual,
  reach,
}: {
  readonly about: string;
  readonly default: readonly [number, number];
  readonly reach?: number;
}): Option<readonly number[]> & { readonly default: readonly number[] } {
  const within = reach === undefined ? {} : { from: -reach, to: reach };
  const row = numbers({ about, default: usual, ...within });
  return {
    ...row,
    expected: `two numbers${reach === undefined ? '' : ` from ${-reach} to ${reach}`}, not both 0, as [${usual.join(',')}]`,
    accepts: (value: Data) =>
      Array.isArray(value) && value.length === 2 && row.accepts(value) && value.some((x: Data) => x !== 0),
  };
}

/** A number as texts have it: −0.8. */
export const signed = (x: number): string => String(x).replace('-', '−');
/** A point in words: `(1, −0.8)`. */
export const pointInWords = (at: readonly number[]): string => `(${at.map(signed).join(', ')})`;
/** A step size in units of 1/L: `1/L`, `0.9/L`. */
export const overL = (times: number): string => `${times}/L`;

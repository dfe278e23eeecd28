import type { Search } from '@stillpoint/experiments';
import { InputError, parseSpec, type Data } from '@stillpoint/operators';

const wrong = (text: string): InputError =>
  new InputError(
    `--range "${text}"; expected an option with its least and its largest value, as stepSize=1e-4..1e-2, or with values, as beta1=0,0.5,0.9`,
  );

/** A value as specs write it: a number, a word, true, null. */
function valueIn(text: string, range: string): Data {
  try {
    const value = parseSpec(`x(value=${text})`).options['value'];
    if (value !== undefined) return value;
  } catch {
    // below
  }
  throw wrong(range);
}

function searchIn(text: string, range: string): Search {
  const [low, high, ...more] = text.split('..');
  if (low !== undefined && high !== undefined) {
    const [from, to] = [low, high].map((bound) => (bound.trim() === '' ? NaN : Number(bound)));
    if (
      more.length > 0 ||
      from === undefined ||
      to === undefined ||
      !(from > 0 && to >= from && to < Infinity)
    )
      throw new InputError(
        `--range "${range}": its bounds are ${low} and ${[high, ...more].join('..')}; expected numbers with 0 < from <= to, as stepSize=1e-4..1e-2`,
      );
    return { from, to };
  }
  const [first, ...rest] = text.split(',').map((value) => valueIn(value.trim(), range));
  if (first === undefined) throw wrong(range);
  return { among: [first, ...rest] };
}

/**
 * What `--range` says of options: `stepSize=1e-4..1e-2`, `beta1=0,0.5,0.9`. @throws InputError for another
 * form, and for an option that is given twice.
 */
export function readRanges(texts: readonly string[]): { readonly [option: string]: Search } {
  const ranges = new Map<string, Search>();
  for (const range of texts) {
    const [, option = '', text = ''] = /^\s*([A-Za-z]\w*)\s*=(.*)$/s.exec(range) ?? [];
    if (option === '' || text.trim() === '') throw wrong(range);
    if (ranges.has(option)) throw new InputError(`--range gives ${option} twice; expected each option once`);
    ranges.set(option, searchIn(text, range));
  }
  return Object.fromEntries(ranges);
}

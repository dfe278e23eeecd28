import type { Search } from '@stillpoint/experiments';
import { InputError, parseSpec, type Data } from '@stillpoint/operators';
import { separated } from './compare-arguments.js';

const wrongRange = (text: string): InputError =>
  new InputError(
    `--range "${text}"; expected an option with its least and its largest value, as stepSize=1e-4..1e-2, or with values, as beta1=0,0.5,0.9`,
  );
const wrongValues = (text: string): InputError =>
  new InputError(`--vary "${text}"; expected an option with its values, as stepSize=1e-4,1e-3`);

/** A value as specs write it: a number, a word, true, null. */
function valueIn(text: string, wrong: InputError): Data {
  try {
    const value = parseSpec(`x(value=${text})`).options['value'];
    if (value !== undefined) return value;
  } catch {
    // below
  }
  throw wrong;
}

/** The values between commas outside all brackets. */
function valuesIn(text: string, wrong: InputError): readonly [Data, ...Data[]] {
  const [first, ...rest] = separated(text, ',').map((value) => valueIn(value, wrong));
  if (first === undefined) throw wrong;
  return [first, ...rest];
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
  return { among: valuesIn(text, wrongRange(range)) };
}

/** Reads `option=…` of each text. @throws InputError for another form, and an option that is given twice. */
function byOption<T>(
  flag: string,
  texts: readonly string[],
  wrong: (text: string) => InputError,
  read: (value: string, text: string) => T,
): { readonly [option: string]: T } {
  const found = new Map<string, T>();
  for (const text of texts) {
    const [, option = '', value = ''] = /^\s*([A-Za-z]\w*)\s*=(.*)$/s.exec(text) ?? [];
    if (option === '' || value.trim() === '') throw wrong(text);
    if (found.has(option)) throw new InputError(`${flag} gives ${option} twice; expected each option once`);
    found.set(option, read(value, text));
  }
  return Object.fromEntries(found);
}

/**
 * What `--range` says of options: `stepSize=1e-4..1e-2`, `beta1=0,0.5,0.9`. @throws InputError for another
 * form, and for an option that is given twice.
 */
export const readRanges = (texts: readonly string[]): { readonly [option: string]: Search } =>
  byOption('--range', texts, wrongRange, searchIn);

/**
 * What `--vary` says of options: `stepSize=1e-4,1e-3`. @throws InputError for another form, for an option
 * that is given twice, and if there is none.
 */
export function readValues(texts: readonly string[]): { readonly [option: string]: readonly Data[] } {
  if (texts.length === 0)
    throw new InputError('sweep needs --vary with the values of an option, as --vary stepSize=1e-4,1e-3');
  return byOption('--vary', texts, wrongValues, (value, text) => valuesIn(value, wrongValues(text)));
}

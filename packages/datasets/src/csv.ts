// Points in text: numbers separated by commas, semicolons, tabs or spaces, with quotes as in RFC 4180 (Y.
// Shafranovich, 2005).
import { InputError, nearest, shown } from '@stillpoint/operators';
import { expectBytes } from './bytes.js';
import { optionsOf } from './check.js';
import { rowsOf, type Row } from './csv-rows.js';

/** Options of `parseCsv`. */
export interface CsvOptions {
  /** Stands for the file in errors; default `CSV data`. */
  readonly name?: string;
  /** The column of labels: its name in the header, or its index from 0. Default: no labels. */
  readonly label?: string | number;
  /**
   * Whether the first row holds names. Default: it does if the label is given by name, or if none of its
   * fields, the label apart, begins as a number does or stands for a missing one.
   */
  readonly header?: boolean;
  /** Default: `;`, tab or comma, the first of these that the first row has, else spaces. */
  readonly separator?: ',' | ';' | '\t' | ' ';
}

/** The content of a CSV file; fits `pointSet`. */
export interface Csv {
  /** `[count, dim]`: without the column of labels. */
  readonly shape: readonly [number, number];
  /** Coordinates, row after row. */
  readonly data: Float64Array;
  /** Names of the coordinates, if the file has a header. */
  readonly columns?: readonly string[];
  /** The class of each row: an index of `classes`. */
  readonly labels?: Uint8Array;
  /** The texts of the labels, sorted: as numbers if all are whole numbers, else by code points. */
  readonly classes?: readonly string[];
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NUMBER_BEGINS = /^[+-]?\.?\d/;
const MISSING = new Set([
  '',
  'nan',
  'na',
  'n/a',
  'null',
  'none',
  'inf',
  'infinity',
  '-inf',
  '-infinity',
  '?',
]);

/** Why a field is no number, and what to do. */
function cureOf(text: string, column: number): string {
  if (MISSING.has(text.toLowerCase())) return 'a finite number: leave out rows with missing values';
  if (/^[+-]?\d+,\d+$/.test(text))
    return `a number with a decimal point: write ${text.replace(',', '.')} instead of the decimal comma`;
  if (/^\d+\s+[+-]?\d+$/.test(text))
    return 'one number: if commas are decimal here, write points; else name the separator';
  if (NUMBER.test(text)) return 'a finite number, of 1.8e308 at most';
  return `a number, such as -1.5e3; if these are labels, label=${column}`;
}

/** The most bytes of a text: what one string holds. */
const LONGEST = 2 ** 29 - 24;

function text(bytes: Uint8Array, name: string): string {
  if (bytes.length > LONGEST)
    throw new InputError(
      `${name}: found ${bytes.length} bytes of text; expected ${LONGEST} at most: save the numbers with numpy.save`,
    );
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new InputError(`${name}: found gzip data; expected text: unpack it first`);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new InputError(`${name}: found UTF-16; expected UTF-8: save it as such`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes); // leaves out a byte order mark
  } catch (cause) {
    throw new InputError(`${name}: found bytes that are not UTF-8; expected text in UTF-8`, { cause });
  }
}

/** The index of the column of labels. @throws InputError with the nearest name for an unknown one. */
function labelColumn(name: string, label: string | number, names: Row | undefined, width: number): number {
  if (typeof label === 'number') {
    if (!Number.isInteger(label) || label < 0 || label >= width)
      throw new InputError(`${name}: label is ${shown(label)}; expected a column from 0 to ${width - 1}`);
    return label;
  }
  if (names === undefined)
    throw new InputError(
      `${name}: label is ${shown(label)}, but the file has no header; expected the index of a column, from 0`,
    );
  const found = names.fields.flatMap((field, i) => (field === label ? [i] : []));
  const [only] = found;
  if (found.length !== 1 || only === undefined)
    throw new InputError(
      `${name}: label is ${shown(label)}, the name of ${found.length} columns; expected one of ${names.fields.map((n) => shown(n)).join(', ')}${found.length === 0 ? ` (the nearest: ${nearest(String(label), names.fields)})` : ''}`,
    );
  return only;
}

/** The classes of texts, and which each is. @throws InputError for more than 256. */
function classesOf(
  name: string,
  texts: readonly string[],
): { labels: Uint8Array; classes: readonly string[] } {
  const different = [...new Set(texts)];
  if (different.length > 256)
    throw new InputError(
      `${name}: found ${different.length} different labels, such as ${shown(different[0])} and ${shown(different[1])}; expected 256 at most`,
    );
  const numbers = different.every((one) => /^-?\d{1,15}$/.test(one));
  const classes = different.toSorted((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1));
  const index = new Map(classes.map((one, i) => [one, i]));
  return { labels: Uint8Array.from(texts, (one) => index.get(one) ?? 0), classes };
}

/**
 * Reads points in text, UTF-8; needs no Node. Lines that are empty or begin with # are passed over, as
 * NumPy's `loadtxt` does. Throws InputError, with line and column from 1, for anything that is not a finite
 * number with a decimal point, rows of different lengths, quotes that do not close, and files without a
 * point.
 */
export function parseCsv(bytes: Uint8Array, options: CsvOptions = {}): Csv {
  const {
    name = 'CSV data',
    label,
    header,
    separator,
  } = optionsOf('parseCsv', options, "{ label: 'class' }");
  expectBytes(bytes, name);
  if (header !== undefined && typeof header !== 'boolean')
    throw new InputError(`${name}: header is ${shown(header)}; expected true or false`);
  if (label !== undefined && typeof label !== 'number' && typeof label !== 'string')
    throw new InputError(
      `${name}: label is ${shown(label)}; expected the name of a column, or its index from 0`,
    );
  const data: number[] = [];
  const texts: string[] = [];
  let names: Row | undefined;
  let first: Row | undefined;
  let column = -1;
  for (const row of rowsOf(text(bytes, name), name, separator)) {
    const { fields, line } = row;
    if (first === undefined) {
      first = row;
      const named = (field: string, i: number): boolean =>
        i === label || !(NUMBER_BEGINS.test(field) || MISSING.has(field.toLowerCase()));
      const hasNames =
        header ?? (typeof label === 'string' || (fields.every(named) && (fields.length > 1 || label !== 0)));
      if (hasNames) names = row;
      if (label !== undefined) column = labelColumn(name, label, names, fields.length);
      if (fields.length === 1 && column === 0)
        throw new InputError(`${name}: found one column, the labels; expected coordinates, too`);
      if (hasNames) continue;
    }
    if (fields.length !== first.fields.length)
      throw new InputError(
        `${name}: line ${line} has ${fields.length} columns; expected ${first.fields.length}, as line ${first.line} has`,
      );
    for (const [i, field] of fields.entries()) {
      if (i === column) {
        texts.push(field);
        continue;
      }
      const x = NUMBER.test(field) ? Number(field) : Number.NaN;
      if (!Number.isFinite(x))
        throw new InputError(
          `${name}: line ${line}, column ${i + 1} is ${shown(field)}; expected ${cureOf(field, i)}`,
        );
      data.push(x);
    }
  }
  const width = (first?.fields.length ?? 0) - (column < 0 ? 0 : 1);
  if (width === 0 || data.length === 0)
    throw new InputError(
      `${name}: found ${first === undefined ? 'no line' : 'a header only'}; expected a line of numbers for each point`,
    );
  return {
    shape: [data.length / width, width],
    data: Float64Array.from(data),
    ...(names && { columns: names.fields.filter((_, i) => i !== column) }),
    ...(column >= 0 && classesOf(name, texts)),
  };
}

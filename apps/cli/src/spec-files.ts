import { readFileSync } from 'node:fs';
import {
  InputError,
  formatSpec,
  messageOf,
  parseSpec,
  shortened,
  type Data,
  type Given,
  type Option,
  type Spec,
} from '@stillpoint/operators';
import { fileAt } from '@stillpoint/tracking/files';

/** A row of a registry, of which only the options are needed here. */
interface Described {
  readonly name: string;
  readonly options: { readonly [name: string]: Option };
}

/** Bytes: a larger file would not fit into one string. */
const LARGEST = 256 * 2 ** 20;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The numbers of a CSV file as rows; cells are separated by commas, semicolons or tabs. @throws InputError
 * with line and column.
 */
function readNumbers(path: string, what: string = path): readonly (readonly number[])[] {
  const there = fileAt(what, path);
  if (!there?.isFile())
    throw new InputError(
      `${what}: ${there ? 'it is no regular file' : 'there is no such file'}; expected a CSV file of numbers`,
    );
  if (there.size > LARGEST)
    throw new InputError(`${what} has ${there.size} bytes; expected at most ${LARGEST}`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new InputError(`${what} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw new InputError(`${what} is empty; expected rows of numbers`);
  const between = [',', ';', '\t'].find((mark) => lines[0]?.includes(mark)) ?? ',';
  let width: number | undefined;
  return lines.map((line, i) => {
    const row = line.split(between).map((cell, j) => {
      const plain = cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim();
      const x = decimal.test(plain) ? Number(plain) : NaN;
      if (!Number.isFinite(x))
        throw new InputError(
          `${what}: line ${i + 1}, column ${j + 1}: ${
            plain === '' ? 'nothing' : `"${shortened(plain)}"`
          } is no finite number`,
        );
      return x;
    });
    width ??= row.length;
    if (row.length !== width)
      throw new InputError(
        `${what}: line ${i + 1} has ${row.length} number${
          row.length === 1 ? '' : 's'
        }; expected ${width}, as in line 1`,
      );
    return row;
  });
}

/**
 * An option's value from a file's numbers: the rows if the option takes rows, otherwise the only row or the
 * only column as a list.
 */
function fitting(owner: string, key: string, file: string, option: Option): Data {
  const what = `${owner}: ${key}=${file}`;
  const rows = readNumbers(file.slice(1), what);
  const [first = []] = rows;
  const candidates: readonly Data[] = [
    rows,
    ...(rows.length === 1 ? [first] : []),
    ...(first.length === 1 ? [rows.map(([x = NaN]) => x)] : []),
  ];
  const found = candidates.find((candidate) => option.accepts(candidate));
  if (found === undefined)
    throw new InputError(
      `${what} holds ${rows.length} row${rows.length === 1 ? '' : 's'} of ${first.length}; expected ${
        option.expected
      }`,
    );
  return found;
}

/**
 * A spec in which the value of each option `@path.csv` is replaced by the numbers of that file, relative to
 * the working directory.
 */
function filled({ name, inner, options }: Spec, rows: readonly Described[]): Spec {
  const table = rows.find((row) => row.name === name)?.options ?? {};
  const given: Given = Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      // an unknown option is reported when the spec is built
      const option = Object.hasOwn(table, key) ? table[key] : undefined;
      return [
        key,
        typeof value === 'string' && value.startsWith('@') && option !== undefined
          ? fitting(name, key, value, option)
          : value,
      ];
    }),
  );
  return { name, inner: inner.map((spec) => filled(spec, rows)), options: given };
}

/** Parses a spec of the command line, with the numbers of the files that it names. */
export function readSpec(text: string, rows: readonly Described[]): Spec {
  return filled(parseSpec(text), rows);
}

/** A spec's text with the numbers of files in place of their names; unchanged if it names none. */
export function withoutFiles(text: string, rows: readonly Described[]): string {
  return text.includes('@') ? formatSpec(readSpec(text, rows)) : text;
}

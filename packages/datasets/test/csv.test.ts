import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { parseCsv, pointSet, type CsvOptions } from '../src/index.js';
import { CASES, fuzz } from './fuzz.js';

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly file: string;
    readonly values: readonly number[];
    readonly label?: string;
    readonly labels?: readonly string[];
  }[];
}
// made by bench/datasets/csv_files.py
const vectors: Vectors = JSON.parse(readFileSync(new URL('fixtures/csv.json', import.meta.url), 'utf8'));
const read = (text: string, options: CsvOptions = {}) =>
  parseCsv(new TextEncoder().encode(text), { name: 'a.csv', ...options });

describe('CSV', () => {
  it('refuses a text that is too long for one string, before it is decoded', () => {
    expect(() => parseCsv(new Uint8Array(2 ** 29))).toThrow(
      'CSV data: found 536870912 bytes of text; expected 536870888 at most: save the numbers with numpy.save',
    );
  });
  it.each(vectors.cases)('reads what Python wrote: $name', ({ file, values, label, labels }) => {
    const csv = parseCsv(Uint8Array.from(Buffer.from(file, 'base64')), label === undefined ? {} : { label });
    expect([csv.shape, [...csv.data]]).toEqual([[6, 3], values]);
    expect(csv.labels && Array.from(csv.labels, (k) => csv.classes?.[k])).toEqual(labels);
    if (label !== undefined) expect(csv.columns).toEqual(['x', 'y', 'z']);
  });

  it.each<[string, string, readonly number[]]>([
    ['commas', '1,2\n3,4\n', [1, 2, 3, 4]],
    ['no line end', '1,2\n3,4', [1, 2, 3, 4]],
    ['CRLF and CR', '1,2\r\n3,4\r5,6\r\n', [1, 2, 3, 4, 5, 6]],
    ['semicolons', '1;2\n3;4', [1, 2, 3, 4]],
    ['tabs', '1\t2\n3\t 4', [1, 2, 3, 4]],
    ['spaces', '  1   2 \n3 4  ', [1, 2, 3, 4]],
    ['quotes', '"1", "2" \n3,"4"', [1, 2, 3, 4]],
    ['quotes and spaces', '"1" "2"\n3 "4"', [1, 2, 3, 4]],
    ['every form of a number', '-1.5e3,+.25\n2.,0e0', [-1500, 0.25, 2, 0]],
    ['a byte order mark, a comment, empty lines', '\ufeff# x y\n\n1,2\n \n3,4\n\n', [1, 2, 3, 4]],
    ['a header', 'x,y\n1,2\n3,4', [1, 2, 3, 4]],
    ['separators in the names', '"x; m"\t"y, m"\n1\t2', [1, 2]],
  ])('reads %s', (_, text, values) => {
    expect([...read(text).data]).toEqual(values);
  });

  it('finds labels by name and by index; sorts them as numbers or as text', () => {
    const text = 'x,kind,y\n1,b,2\n3,a,4\n5,b,6\n';
    const expected = {
      shape: [3, 2],
      data: Float64Array.of(1, 2, 3, 4, 5, 6),
      columns: ['x', 'y'],
      labels: Uint8Array.of(1, 0, 1),
      classes: ['a', 'b'],
    };
    expect(read(text, { label: 'kind' })).toEqual(expected);
    expect(read(text, { label: 1 })).toEqual(expected);
    expect(read('10,1,2\n9,3,4\n10,5,6', { label: 0 })).toEqual({
      shape: [3, 2],
      data: expected.data,
      labels: Uint8Array.of(1, 0, 1),
      classes: ['9', '10'],
    });
    expect(read('B,1\na,2\nA,3', { label: 0 }).classes).toEqual(['A', 'B', 'a']); // code points
    const { count, labels } = pointSet({ name: 'mine', describe: 'some', ...read(text, { label: 'kind' }) });
    expect([count, labels]).toEqual([3, expected.labels]);
  });

  it('takes options at their word', () => {
    expect(read('1,2\n3,4', { header: true })).toEqual({
      shape: [1, 2],
      data: Float64Array.of(3, 4),
      columns: ['1', '2'],
    });
    expect(() => read('x,y\n3,4', { header: false })).toThrow('line 1, column 1 is "x"');
    expect(() => read('1,2', { separator: ';' })).toThrow('write 1.2 instead of the decimal comma');
  });

  it.each<[string, CsvOptions, string]>([
    ['', {}, 'a.csv: found no line; expected a line of numbers for each point'],
    ['\n \n# 1\n', {}, 'a.csv: found no line'],
    ['x,y\n', {}, 'a.csv: found a header only'],
    ['1,2\n3\n', {}, 'a.csv: line 2 has 1 columns; expected 2, as line 1 has'],
    ['x,y\n\n1,2\n1,2,3\n', {}, 'a.csv: line 4 has 3 columns; expected 2, as line 1 has'],
    [
      '1,2\n3,',
      {},
      'a.csv: line 2, column 2 is ""; expected a finite number: leave out rows with missing values',
    ],
    ['1,2\n3,nan', {}, 'line 2, column 2 is "nan"; expected a finite number'],
    ['nan\n1\n', {}, 'line 1, column 1 is "nan"; expected a finite number'],
    ['1,2\n3,1e999', {}, 'line 2, column 2 is "1e999"; expected a finite number, of 1.8e308 at most'],
    ['1,2\n3,0x10', {}, 'line 2, column 2 is "0x10"; expected a number'],
    ['1,2\n3,1_000', {}, 'line 2, column 2 is "1_000"'],
    ['1,2\n3,4 m', {}, 'line 2, column 2 is "4 m"'],
    [
      'a,1\nb,2',
      {},
      'line 1, column 1 is "a"; expected a number, such as -1.5e3; if these are labels, label=0',
    ],
    ['1,5;2,5\n', {}, 'line 1, column 1 is "1,5"; expected a number with a decimal point: write 1.5'],
    ['1,5 2,5\n', {}, 'column 2 is "5 2"; expected one number: if commas are decimal here, write points'],
    ['1,2\n"3,4', {}, 'a.csv: line 2, column 1 opens a quote that does not close; expected a second "'],
    ['1,2\n"3"4,5', {}, 'line 2, column 1 has "4,5" after its closing quote; expected a separator'],
    ['1,2\n\0,4', {}, 'a.csv: found the byte 0 at character 4; expected text'],
    [
      'x,y\n1,2',
      { label: 'z' },
      'label is "z", the name of 0 columns; expected one of "x", "y" (the nearest: ',
    ],
    ['x,x,y\n1,1,2', { label: 'x' }, 'label is "x", the name of 2 columns; expected one of "x", "x", "y"'],
    ['1,2', { label: 2 }, 'a.csv: label is 2; expected a column from 0 to 1'],
    ['1,2', { label: 'y', header: false }, 'label is "y", but the file has no header'],
    ['a\nb', { label: 0 }, 'found one column, the labels; expected coordinates, too'],
  ])('refuses %j with %j', (text, options, message) => {
    expect(() => read(text, options)).toThrow(message);
    expect(() => read(text, options)).toThrow(InputError);
  });

  it('refuses other encodings, gzip, too many labels, and other types', () => {
    const refuse = (bytes: Uint8Array): unknown => parseCsv(bytes, { name: 'a.csv' });
    expect(() => refuse(Buffer.from('\ufeff1,2\n', 'utf16le'))).toThrow(
      'a.csv: found UTF-16; expected UTF-8',
    );
    expect(() => refuse(Uint8Array.of(0x31, 0x2c, 0xe9))).toThrow('a.csv: found bytes that are not UTF-8');
    expect(() => refuse(gzipSync('1,2\n'))).toThrow('a.csv: found gzip data; expected text: unpack it first');
    const many = Array.from({ length: 257 }, (_, i) => `${i},1`).join('\n');
    expect(() => read(many, { label: 0 })).toThrow(
      'found 257 different labels, such as "0" and "1"; expected 256',
    );
    // @ts-expect-error from JavaScript
    expect(() => parseCsv('1,2')).toThrow('CSV data: found "1,2"; expected the bytes of a file');
    // @ts-expect-error from JavaScript
    expect(() => read('1,2', { separator: '|' })).toThrow(
      'separator is "|"; expected a comma, ";", a tab or a space',
    );
    // @ts-expect-error from JavaScript
    expect(() => read('1,2', { header: 1 })).toThrow('header is 1; expected true or false');
    // @ts-expect-error from JavaScript
    expect(() => read('1,2', { label: true })).toThrow('label is true; expected the name of a column');
  });

  it(
    `reads damaged files as tables of finite numbers or refuses them, ${CASES} times`,
    { timeout: 600_000 },
    async () => {
      const files = vectors.cases.map(({ file }) => Uint8Array.from(Buffer.from(file, 'base64')));
      const labelled = new Set(files.filter((_, k) => vectors.cases[k]?.label !== undefined));
      for (const [some, options] of [
        [files.filter((file) => !labelled.has(file)), {}],
        [[...labelled], { label: 1 }],
      ] as const) {
        const counts = await fuzz(
          some,
          (bytes) => parseCsv(bytes, options),
          ({ shape, data, labels, classes }, damaged) => {
            expect(data).toHaveLength(shape[0] * shape[1]);
            expect(data.every((x) => Number.isFinite(x))).toBe(true);
            expect(shape[0]).toBeLessThanOrEqual(
              Buffer.from(damaged)
                .toString('latin1')
                .split(/[\r\n]/).length,
            );
            expect(labels === undefined).toBe(!('label' in options));
            if (labels !== undefined) {
              expect(labels).toHaveLength(shape[0]);
              expect(labels.every((k) => classes?.[k] !== undefined)).toBe(true);
            }
          },
        );
        expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
      }
    },
  );
});

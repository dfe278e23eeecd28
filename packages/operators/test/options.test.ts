import { describe, expect, it } from 'vitest';
import {
  InputError,
  asSpec,
  flag,
  formatSpec,
  integer,
  messageOf,
  number,
  parseOptions,
  parseSpec,
  printable,
  seed,
  shown,
  type OptionTable,
} from '../src/index.js';

interface Options {
  readonly size: number;
  readonly weight?: number;
  readonly on?: boolean | null;
}
const table: OptionTable<Options> = {
  size: integer({ about: 'how many', from: 1, to: 100 }),
  weight: number({ about: 'how much', above: 0, default: 0.5 }),
  on: { ...flag({ about: 'whether' }), default: null },
};
const parse = (given: object | undefined): Required<Options> => parseOptions('thing', table, given);

describe('options', () => {
  it('are filled in; undefined counts as not given, and null is valid only if the default is null', () => {
    expect(parse({ size: 3 })).toEqual({ size: 3, weight: 0.5, on: null });
    expect(parse({ size: 3, weight: undefined, on: null })).toEqual({ size: 3, weight: 0.5, on: null });
    expect(() => parse({ size: 3, weight: null })).toThrow('thing: weight is null; expected a number > 0');
  });
  it('state their limits', () => {
    expect(() => parse({ size: 101 })).toThrow('thing: size is 101; expected a whole number >= 1 and <= 100');
    expect(() => parseOptions('thing', { seed: seed() }, { seed: 2 ** 32 })).toThrow(
      'seed is 4294967296; expected a whole number >= 0 and <= 4294967295',
    );
    expect(parseOptions('thing', { seed: seed() }, { seed: 2 ** 32 - 1 })).toEqual({ seed: 4294967295 });
  });
  it('named like properties of Object are unknown, not inherited', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']) {
      const given = Object.defineProperty({ size: 1 }, name, { value: 1, enumerable: true });
      expect(() => parse(given)).toThrow(
        `unknown option of thing "${name}"; expected one of: size, weight, on`,
      );
    }
    const inherited: object = Object.create({ size: 1 });
    expect(() => parse(inherited)).toThrow('thing needs size');
  });
  it('of a caller without types are refused by name, whatever they are', () => {
    expect(() => parse(undefined)).toThrow(
      'thing needs size (how many): expected a whole number >= 1 and <= 100',
    );
    const wrong: readonly unknown[] = [
      () => 1,
      10n,
      Symbol('s'),
      new Float32Array(3),
      new Uint8Array(1),
      [[1]],
      { a: { b: [1] } },
      'x'.repeat(1e4),
      NaN,
    ];
    for (const size of wrong) {
      const refused = (): unknown => parse({ size });
      expect(refused).toThrow(InputError);
      expect(refused).toThrow(/^thing: size is .{0,120}; expected a whole number/s);
    }
    const itself: { me?: unknown } = {};
    itself.me = itself;
    expect(() => parse({ size: itself })).toThrow('thing: size is {me: {me: {…}}}; expected');
    expect(() => parseOptions('thing', table, Object([1]))).toThrow(
      'thing: its options are [1]; expected an object with size, weight, on',
    );
  });
});

describe('what an error shows', () => {
  it.each<readonly [value: unknown, text: string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [NaN, 'NaN'],
    [-0, '0'],
    ['a\n"b"', '"a\\n\\"b\\""'],
    [10n, '10n'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[1, [2, [3, [4]]]], '[1, [2, […]]]'],
    [{ a: { b: { c: 1 } } }, '{a: {b: {…}}}'],
    [Float64Array.of(1, 2), 'a Float64Array of 16 bytes'],
    [[], '[]'],
    [{}, '{}'],
    [Array(20).fill(0), '[0, 0, 0, 0, 0, 0, 0, 0, …]'],
  ])('%#', (value, text) => expect(shown(value)).toBe(text));
  it('is one line, and no control character of a file’s name', () => {
    expect(messageOf(new Error('a\n  b'))).toBe('a b');
    expect(messageOf(Object.assign(new Error('x'), { message: 5 }))).toBe('a value that is not an Error');
    expect(messageOf(null)).toBe('a value that is not an Error');
    expect(printable('a\u001b[31mb\u009b\u007f\u202e\r')).toBe('a\\u001b[31mb\\u009b\\u007f\\u202e\\u000d');
    expect(printable('z*: ‖z‖ ≤ 1\n\tγ 👩‍🔬')).toBe('z*: ‖z‖ ≤ 1\n\tγ 👩‍🔬');
    expect(JSON.parse(printable(JSON.stringify('\u009b')))).toBe('\u009b');
  });
});

describe('a file in a spec', () => {
  it('is parsed as the string "@file"', () => {
    const spec = parseSpec('matrix-game(matrix=@data/A.csv, x=[@b.csv, 1])');
    expect(spec.options).toEqual({ matrix: '@data/A.csv', x: ['@b.csv', 1] });
    expect(parseSpec(formatSpec(spec))).toEqual(spec);
    expect(() => parseSpec('f(x=@)')).toThrow('expected a value at character 5');
  });
  it('asSpec takes a text or a spec, nothing else', () => {
    const spec = parseSpec('f(x=1)');
    expect(asSpec(spec)).toBe(spec);
    expect(asSpec('f(x=1)')).toEqual(spec);
    const loose: (value: unknown) => unknown = (value) => Reflect.apply(asSpec, undefined, [value]);
    for (const wrong of [undefined, null, 3, {}, { name: 'f' }, { name: 'f', inner: [], options: null }])
      expect(() => loose(wrong)).toThrow(InputError);
  });
});

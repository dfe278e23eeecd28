import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import * as everything from '../src/index.js';

// Callers in plain JavaScript have no types: whatever they hand over, a public function either takes it or
// names what is wrong.

type Factory = (...args: readonly unknown[]) => unknown;
const isFactory = (value: unknown): value is Factory => typeof value === 'function';
const exported: { readonly [name: string]: unknown } = everything;
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
function factoryOf(name: string): Factory {
  const found = exported[camel(name)];
  if (!isFactory(found)) throw new Error(`${name} is not exported`);
  return found;
}
function thrown(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
const itself: unknown[] = [];
itself.push(itself);
const hostile: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  1e300,
  2 ** 32,
  'x',
  [],
  [1],
  [[1]],
  [[1], [1, 2]],
  [['1']],
  {},
  itself,
  () => 1,
  10n,
  Symbol('s'),
  new Float32Array(2),
  true,
];

describe.each(everything.problems.map((row) => [row.name, row] as const))('%s', (name, row) => {
  it('is made by name as by spec, with the same defaults', () => {
    const made: object = Object(factoryOf(name)());
    const { exact } = row.build({});
    expect(Object('expected' in made ? made.expected : made).facts).toEqual(exact.facts);
  });
  it('refuses whatever it cannot take, by name', () => {
    if (Object.keys(row.options).length === 0) return;
    for (const options of [null, 3, 'x', [], () => 1])
      expect(thrown(() => factoryOf(name)(options))).toBeInstanceOf(InputError);
    expect(thrown(() => factoryOf(name)({ toString: 1 }))).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('"toString"'),
    });
    for (const key of Object.keys(row.options))
      for (const value of hostile) {
        const error = thrown(() => factoryOf(name)({ [key]: value }));
        if (error !== undefined)
          expect(
            error,
            `${key} = ${typeof value} ${thrown(() => String(value)) === undefined ? String(value) : ''}`,
          ).toBeInstanceOf(InputError);
      }
  });
});

describe('limits', () => {
  it.each([
    ['random-matrix-game(rows=1e9)', 'rows is 1000000000; expected a whole number >= 1 and <= 100000'],
    ['random-matrix-game(rows=1e5, columns=1e5)', 'expected at most 25000000 entries'],
    ['random-comonotone(dimension=2000)', 'dimension is 2000; expected a whole number >= 2 and <= 600'],
    ['lq-game(horizon=200, growth=2)', 'horizon is 200; expected a whole number >= 1 and <= 100'],
    ['lq-game(horizon=100, growth=1000)', 'growth is 1000; over 100 steps it overflows'],
    [
      'random-matrix-game(seed=4294967296)',
      'seed is 4294967296; expected a whole number >= 0 and <= 4294967295',
    ],
    ['markov-game(states=1000000)', 'states is 1000000; expected a whole number >= 1 and <= 200'],
  ])('%s is refused at once, with the limit', (spec, words) => {
    expect(thrown(() => everything.gameFrom(spec))).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(words),
    });
  });
});

it('affineGame and dualityGap refuse what is no game', () => {
  const affine = factoryOf('affine-game');
  const M = Float64Array.of(0, 1, -1, 0);
  for (const parts of [
    undefined,
    null,
    {},
    { name: 'a' },
    { name: 'a', q: [1, 2] },
    { name: 'a', q: new Float64Array(2), M: [1] },
    { name: 'a', q: new Float64Array(2), M, players: 3 },
    { name: 'a', q: new Float64Array(2), M, players: [], start: [1] },
  ]) {
    expect(thrown(() => affine(parts))).toBeInstanceOf(InputError);
  }
  for (const args of [
    [],
    [everything.bilinear()],
    [everything.bilinear(), [1, 2]],
    [{}, Float64Array.of(1, 2)],
    [everything.bilinear(), Float64Array.of(1)],
  ]) {
    expect(thrown(() => factoryOf('duality-gap')(...args))).toBeInstanceOf(InputError);
  }
});

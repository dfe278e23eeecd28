import { InputError } from '@stillpoint/operators';
import { bilinear, gameFrom, sampledBilinear, problemFrom } from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import * as certificates from '../src/certificates.js';
import * as everything from '../src/index.js';
import {
  familyOf,
  methodFrom,
  methods,
  oracleOf,
  specOf,
  transformFrom,
  transforms,
} from '../src/registry.js';

// Callers in plain JavaScript have no types: whatever they hand over, a public function either takes it or
// names what is wrong.

type Factory = (...args: readonly unknown[]) => unknown;
const isFactory = (value: unknown): value is Factory => typeof value === 'function';
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const exported: { readonly [name: string]: unknown } = everything;
function factoryOf(name: string): Factory {
  const found = exported[camel(name)] ?? exported[`${camel(name)}Transform`];
  if (!isFactory(found)) throw new Error(`${name} is not exported`);
  return found;
}
/** What a call throws; undefined where it does not. */
function thrown(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}
const itself: { self?: unknown } = {};
itself.self = itself;
const hostile: readonly unknown[] = [
  null,
  0,
  'text',
  [],
  [1],
  () => 1,
  10n,
  Symbol('s'),
  itself,
  new Float32Array(2),
  NaN,
  Infinity,
  -1,
  1e300,
  '0.1',
  new Date(0),
  { kind: 'linear' },
];

describe.each(methods.map((row) => [row.name, row] as const))('%s', (name, row) => {
  const factory = factoryOf(name);
  const inner = row.wraps
    ? [everything.gda({ stepSize: 0.1 }), ...(row.takes.includes('transform') ? [everything.momentum()] : [])]
    : [];
  const made = (options: unknown): unknown => thrown(() => factory(...inner, options));

  it('refuses options that are not an object, an unknown option, and every unacceptable value, by name', () => {
    if (row.takes.includes('transform')) return;
    for (const options of [null, 3, 'x', [], new Float64Array(2), () => 1])
      expect(made(options)).toBeInstanceOf(InputError);
    expect(made({ constructor: 1 })).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('"constructor"'),
    });
    for (const key of Object.keys(row.options))
      for (const value of hostile) {
        const needed = Object.entries({ stepSize: 0.1, lipschitz: 1 }).filter(
          ([other]) => other in row.options,
        );
        const error = made({ ...Object.fromEntries(needed), [key]: value });
        if (error !== undefined) expect(error, `${key} = ${typeof value}`).toBeInstanceOf(InputError);
      }
  });
  it('requires options without a default, and treats undefined as not given', () => {
    const needed = Object.entries(row.options)
      .filter(([, option]) => option.default === undefined)
      .map(([key]) => key);
    for (const options of [undefined, {}]) {
      const error = made(options);
      if (needed.length === 0) expect(error).toBeUndefined();
      else
        expect(error).toMatchObject({
          name: 'InputError',
          message: expect.stringContaining(`${name} needs ${needed[0] ?? ''}`),
        });
    }
  });
  it('has the same defaults as a function and by spec', () => {
    // a step size, and every option that has no default
    const given = Object.entries(row.options).flatMap(([key, option]): readonly [string, number][] =>
      key === 'stepSize' ? [[key, 0.1]] : option.default === undefined ? [[key, 1]] : [],
    );
    const spec = `${name}(${[
      row.wraps ? 'gda(stepSize=0.1)' : '',
      row.takes.includes('transform') ? 'momentum' : '',
      ...given.map(([key, value]) => `${key}=${value}`),
    ]
      .filter(Boolean)
      .join(', ')})`;
    const options = Object.fromEntries(given);
    expect(factory(...inner, ...(row.takes.includes('transform') ? [] : [options]))).toMatchObject({
      name,
      options: methodFrom(spec).options,
    });
  });
  it.runIf(row.wraps)('wraps methods only', () => {
    for (const wrong of [undefined, null, {}, 'gda', everything.gda, { name: 'x' }]) {
      expect(
        thrown(() => factory(wrong, row.takes.includes('transform') ? everything.momentum() : {})),
      ).toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(`${name} takes a method`),
      });
    }
  });
});

describe.each(transforms.map((row) => [row.name, row] as const))('transform %s', (name, row) => {
  it('refuses methods and transforms that it cannot take', () => {
    if (name === 'identity') return;
    for (const wrong of [
      null,
      'x',
      3,
      [1],
      { constructor: 1 },
      ...(row.takes === 'some' ? [undefined, {}, everything.momentum] : []),
    ]) {
      expect(thrown(() => factoryOf(name)(wrong))).toBeInstanceOf(InputError);
    }
  });
});

it('functions that read specs refuse other values, and strict refuses values that are not a method', () => {
  const loose: readonly unknown[] = [
    methodFrom,
    oracleOf,
    familyOf,
    transformFrom,
    gameFrom,
    problemFrom,
    everything.strict,
  ];
  for (const read of loose)
    for (const wrong of [undefined, null, 3, {}, { name: 'gda' }, [], () => 1]) {
      expect(thrown(() => (isFactory(read) ? read(wrong) : undefined))).toBeInstanceOf(InputError);
    }
});

it('functions that certify a run refuse values that are not a method, game, point or ball', () => {
  const game = bilinear();
  const method = everything.gda({ stepSize: 0.1 });
  const z = Float64Array.of(1, 1);
  const calls: readonly (readonly [unknown, readonly unknown[]])[] = [
    [certificates.bound, []],
    [certificates.bound, [method, null]],
    [certificates.bound, ['gda', {}]],
    [certificates.boundOn, []],
    [certificates.boundOn, [null, method, z]],
    [certificates.boundOn, [game, {}, z]],
    [certificates.multiplier, []],
    [certificates.errorBound, []],
    [certificates.errorBound, [game]],
    [certificates.errorBound, [game, [1, 1]]],
    [certificates.errorBound, [{ name: 'x' }, z]],
    [certificates.restrictedGap, [game, z]],
    [certificates.restrictedGap, [game, z, {}]],
    [certificates.restrictedGap, [game, Float64Array.of(1), { around: [0, 0], radius: 1 }]],
    [everything.startOf, [null]],
    [everything.mover, [everything.spaceFor(game, z), undefined]],
    [everything.mover, [everything.spaceFor(game, z), { kind: 'constant' }]],
    [specOf, [null]],
    [specOf, [{ name: 'gda' }]],
  ];
  for (const [call, args] of calls) {
    const error = thrown(() => (isFactory(call) ? call(...args) : undefined));
    expect(error, args.length.toString()).toBeInstanceOf(InputError);
  }
});

describe('solve, iterate and train', () => {
  const game = bilinear();
  const { game: sampled } = sampledBilinear({ noise: 0, seed: 1 });
  const method = everything.extragradient({ stepSize: 0.5 });
  const loose = (run: unknown): Factory => {
    if (!isFactory(run)) throw new Error('no function');
    return run;
  };
  it.each<readonly [args: readonly unknown[], words: string]>([
    [[], 'takes a game; found undefined'],
    [[null], 'found null'],
    [['bilinear', method], 'found "bilinear"'],
    [[{}, method], 'name is undefined'],
    [[{ ...game, dim: 2.5 }, method], 'dim of bilinear is 2.5'],
    [[{ ...game, players: [] }, method], 'players of bilinear is []'],
    [[{ ...game, players: [7] }, method], 'players of bilinear is [7]'],
    [[{ ...game, operator: 'F' }, method], 'operator of bilinear is "F"; expected a function'],
    [[game], 'takes a method; found undefined'],
    [[game, everything.gda], 'found the function gda, not what it returns'],
    [[game, 'gda'], 'found "gda"'],
    [[game, method, null], 'its options are null'],
    [[game, method, { stpes: 3 }], 'did you mean steps?'],
    [[game, method, { start: [1, 1] }], 'start is [1, 1]; expected a Float64Array'],
    [[game, method, { steps: -1 }], 'steps is -1; expected a whole number >= 0'],
    [[game, method, { steps: '3' }], 'steps is "3"'],
    [[game, method, { tolerance: NaN }], 'tolerance is NaN'],
    [[game, method, { observe: 1 }], 'observe is 1; expected a function'],
    [[game, method, { from: {} }], 'from is {}; expected a checkpoint'],
    [[game, method, { from: 'file' }], 'from is "file"'],
  ])('solve refuses %#', (args, words) => {
    expect(thrown(() => loose(everything.solve)(...args))).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(words),
    });
  });
  it('iterate and train refuse the same', async () => {
    expect(thrown(() => everything.iterate(game, method, Float64Array.of(1)).next())).toMatchObject({
      name: 'InputError',
    });
    for (const args of [
      [],
      [sampled],
      [sampled, method, null],
      [sampled, method, { steps: 'x' }],
      [{ ...sampled, draw: 1 }, method, {}],
      [sampled, method, { steps: 1, signal: 1 }],
    ]) {
      await expect(Promise.resolve(loose(everything.train)(...args))).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    await expect(everything.train(sampled, method, {})).rejects.toThrow('train needs a budget');
  });
  it('train without a start begins at the game’s own, as solve does', async () => {
    expect((await everything.train(sampled, method, { steps: 0 })).z).toEqual(
      Float64Array.from(sampled.start ?? []),
    );
  });
});

it('names a seed of 2³², a game without entries, and a checkpoint without its last draw', () => {
  const { gda, solve } = everything;
  const method = gda({ stepSize: 0.1 });
  const game = gameFrom('bilinear');
  expect(() => solve(game, method, { steps: 1, seed: 2 ** 32 })).toThrow('seed is 4294967296');
  expect(() => solve({ ...game, dim: 0, players: [] }, method, { steps: 1 })).toThrow(InputError);
  const { last: _last, ...rest } = solve(game, method, { steps: 1 }).checkpoint;
  expect(() => Reflect.apply(solve, undefined, [game, method, { steps: 2, from: rest }])).toThrow(
    'a checkpoint, as a run returns it',
  );
});

import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  classifierScore,
  densityCoverage,
  densityCoverageOfBalls,
  expectedCoverage,
  expectedOfUniform,
  featureMoments,
  frechetDistance,
  frechetOfMoments,
  kernelDistance,
  memorisation,
  metrics as rows,
  modeCoverage,
  neighbourBalls,
  precisionRecall,
  precisionRecallOfBalls,
  slicedWasserstein,
  slicedWassersteinReport,
  squaredWasserstein1d,
  leastClassShare,
  stackedModes,
  unitDirections,
  withPerfect,
} from '../src/index.js';
import { gaussians } from './samples.js';

// Arguments of any type, as JavaScript callers may pass them: either the metric throws an InputError, or its
// figures are numbers.

const hostile: readonly unknown[] = [
  NaN,
  -1,
  0,
  0.5,
  1e9,
  2 ** 53,
  Infinity,
  undefined,
  null,
  true,
  '',
  '1',
  1n,
  Symbol('s'),
  () => 1,
  [],
  [1, 2],
  [[]],
  [['1', 2]],
  {},
  new Float32Array(0),
  Float32Array.of(1, 2, 3),
  Float64Array.of(1, NaN),
  new Uint8Array(4),
  new Map(),
];

/** A function without types, as JavaScript callers have it. */
function untyped(f: unknown): (...given: unknown[]) => unknown {
  if (typeof f !== 'function') throw new Error('no function');
  return (...given) => Reflect.apply(f, undefined, given);
}

/** Whether no number in it is NaN. */
function isSound(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isNaN(value);
  if (ArrayBuffer.isView(value)) return !(value instanceof Float64Array) || !value.some(Number.isNaN);
  return typeof value !== 'object' || value === null || Object.values(value).every(isSound);
}
function expectSound(make: () => unknown): void {
  let figure: unknown;
  try {
    figure = make();
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(InputError);
    return;
  }
  expect(isSound(figure), JSON.stringify(figure)).toBe(true);
}

const [real, fake, other] = [gaussians(40, 1), gaussians(40, 2), gaussians(40, 3)];
const sets = { real, fake };
const balls = { real: neighbourBalls(real, { dim: 2, k: 3 }), fake: neighbourBalls(fake, { dim: 2, k: 3 }) };
const options = { dim: 2, features: 'raw' };
const mixture = {
  name: 'm',
  centres: [
    [0, 0],
    [1, 0],
  ],
  deviation: 1,
};
const stacks = gaussians(36, 4);
const logits = { logits: stacks, otherLogits: stacks, classes: 2, known: [{ modes: 2, logits: stacks }] };
const metrics: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ['frechetDistance', frechetDistance, [sets, options]],
  ['kernelDistance', kernelDistance, [sets, { ...options, block: 10 }]],
  ['precisionRecall', precisionRecall, [sets, { ...options, k: 3 }]],
  ['densityCoverage', densityCoverage, [sets, { ...options, k: 5 }]],
  ['withPerfect', withPerfect, [precisionRecall, { ...sets, other }, options]],
  ['featureMoments', featureMoments, [real, options]],
  ['neighbourBalls', neighbourBalls, [real, { ...options, k: 3 }]],
  ['precisionRecallOfBalls', precisionRecallOfBalls, [balls]],
  ['densityCoverageOfBalls', densityCoverageOfBalls, [{ real: balls.real, fake }]],
  [
    'frechetOfMoments',
    frechetOfMoments,
    [{ real: featureMoments(real, options), fake: featureMoments(fake, options) }],
  ],
  ['expectedCoverage', expectedCoverage, [10, 20, 3]],
  ['slicedWasserstein', slicedWasserstein, [fake, real, { dim: 2, projections: 4, seed: 1 }]],
  [
    'slicedWassersteinReport',
    slicedWassersteinReport,
    [fake, real, other, { dim: 2, projections: 4, seed: 1 }],
  ],
  ['unitDirections', unitDirections, [{ dim: 2, projections: 4, seed: 1 }]],
  ['squaredWasserstein1d', squaredWasserstein1d, [Float64Array.of(1, 2), Float64Array.of(1, 3)]],
  ['classifierScore', classifierScore, [stacks, { classes: 2, features: 'mine', splits: 3 }]],
  ['leastClassShare', leastClassShare, [stacks, { classes: 2, features: 'mine', among: [0, 1] }]],
  ['stackedModes', stackedModes, [stacks, { classes: 2, features: 'mine', channels: 3 }]],
  ['expectedOfUniform', expectedOfUniform, [8, 40]],
  ['memorisation', memorisation, [{ train: other, real, fake }, options]],
  ['modeCoverage', modeCoverage, [real, mixture, { sigmas: 3 }]],
  ...rows.map(
    ({ name, needs, build }) =>
      [
        `metric ${name}`,
        build(needs === 'logits' ? { extractor: 'raw' } : {}).measure,
        [{ ...sets, ...options, other, mixture, train: other, ...logits }],
      ] as const,
  ),
];

describe.each(metrics)('%s', (_, metric, given) => {
  it('measures valid arguments', () => expect(isSound(untyped(metric)(...given))).toBe(true));
  it('refuses invalid arguments and invalid fields of arguments, or returns numbers', () => {
    given.forEach((argument, place) => {
      for (const value of hostile) {
        expectSound(() => untyped(metric)(...given.with(place, value)));
        if (typeof argument !== 'object' || argument === null || ArrayBuffer.isView(argument)) continue;
        for (const [name, inner] of Object.entries(argument)) {
          expectSound(() => untyped(metric)(...given.with(place, { ...argument, [name]: value })));
          if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) continue;
          for (const part of Object.keys(inner))
            expectSound(() =>
              untyped(metric)(...given.with(place, { ...argument, [name]: { ...inner, [part]: value } })),
            );
        }
      }
    });
  });
});

it('errors name what is wrong', () => {
  expect(() => untyped(frechetDistance)(sets)).toThrow(
    'the options: found undefined; expected an object, as { dim: 2 }',
  );
  expect(() => untyped(frechetDistance)({ real: [1, 2], fake }, options)).toThrow(
    'real: found [1, 2]; expected a Float32Array or a Float64Array, 2 numbers for each example',
  );
  expect(() => untyped(kernelDistance)(sets, { dim: '2' })).toThrow(
    'dim is "2"; expected a whole number > 0',
  );
  expect(() => untyped(modeCoverage)(real, { name: 'm', centres: [0, 1], deviation: 1 })).toThrow(
    'mixture m: centres are [0, 1]; expected an array of arrays of numbers, as [[0,0],[1,0]]',
  );
  expect(() => untyped(precisionRecallOfBalls)({ real: { features: 'raw' }, fake: balls.fake })).toThrow(
    'real: fields that do not fit together; expected an object as neighbourBalls returns',
  );
});

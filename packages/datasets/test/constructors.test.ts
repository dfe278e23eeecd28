import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  datasetFrom,
  fashionMnist,
  grid,
  imageSet,
  mixture,
  parseIdx,
  readIdx,
  ring,
  swissRoll,
  textSet,
} from '../src/index.js';

// Arguments of any type, as JavaScript callers may pass them: either the constructor throws an InputError
// that names them, or its batches are finite.

const hostile: readonly unknown[] = [
  NaN,
  -1,
  0,
  -0,
  0.5,
  1e38,
  1e308,
  2 ** 32,
  2 ** 53,
  Infinity,
  undefined,
  null,
  true,
  '',
  '1',
  'pacgan',
  1n,
  Symbol('s'),
  () => 1,
  [],
  {},
  [[]],
  [NaN],
  [[NaN]],
  [['1']],
  [[1e38]],
  [null],
  Array.from({ length: 2 }),
  new Uint8Array(4),
  Uint8ClampedArray.of(1, 2, 3, 4),
  Float32Array.of(0, 0.25, 0.5, 1),
  Int16Array.of(0, 300, 5, -1),
  new Date(0),
  new ArrayBuffer(4),
];

/** A function without types, as JavaScript callers have it. */
function untyped(f: unknown): (...given: unknown[]) => unknown {
  if (typeof f !== 'function') throw new Error('no function');
  return (...given) => Reflect.apply(f, undefined, given);
}

/** Expects an InputError, or a set whose batches are finite numbers. */
function expectSound(make: () => unknown): void {
  try {
    const made = make();
    if (typeof made !== 'object' || made === null || !('batch' in made)) throw new Error('no data set');
    const batch = untyped(made.batch)(3, { seed: 1, call: 0 });
    if (!(batch instanceof Float32Array)) throw new Error('no batch');
    expect(batch.every(Number.isFinite), String(batch)).toBe(true);
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(InputError);
  }
}

const bytes = Uint8Array.of(0, 100, 200, 255);
const constructors = [
  ['ring', ring, { convention: 'pacgan', modes: 8, radius: 1, deviation: 0.1 }],
  ['grid', grid, { convention: 'pacgan', side: 5, spacing: 1, deviation: 0.1 }],
  ['swissRoll', swissRoll, { noise: 0.25, divisor: 7.5 }],
  [
    'mixture',
    mixture,
    {
      name: 'm',
      describe: '',
      centres: [
        [0, 1],
        [1, 0],
      ],
      deviation: 0.1,
    },
  ],
  [
    'textSet',
    textSet,
    { name: 't', describe: '', text: 'abracadabra', length: 4, vocabulary: ['a', 'b', 'c', 'd', 'r'] },
  ],
  ['imageSet', imageSet, { name: 'i', describe: '', shape: [2, 2, 1], bytes, labels: Uint8Array.of(0) }],
] as const;

describe.each(constructors)('%s', (_, make, options) => {
  it('makes a set from valid options', () => expect(() => untyped(make)(options)).not.toThrow());
  it('refuses hostile arguments and options, or makes finite batches', () => {
    for (const value of hostile) {
      expectSound(() => untyped(make)(value));
      for (const name of Object.keys(options))
        expectSound(() => untyped(make)({ ...options, [name]: value }));
    }
  });
  it('refuses hostile batches', () => {
    const made = untyped(make)(options);
    if (typeof made !== 'object' || made === null || !('batch' in made)) throw new Error('no data set');
    const batch = untyped(made.batch);
    for (const value of hostile) {
      for (const given of [
        [value, { seed: 1, call: 0 }],
        [2, value],
        [2, { seed: value, call: 0 }],
        [2, { seed: 1, call: value }],
        [2, { seed: 1, call: 0 }, value],
      ]) {
        try {
          const out = batch(...given);
          expect(out instanceof Float32Array && out.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error, String(error)).toBeInstanceOf(InputError);
        }
      }
    }
  });
});

describe('errors name what is wrong', () => {
  const images = { name: 'mine', describe: 'mine', shape: [2, 2, 1], bytes, labels: Uint8Array.of(0) };
  it.each<[() => unknown, string]>([
    [
      () => untyped(imageSet)({ ...images, bytes: Float32Array.of(0, 0.25, 0.5, 1) }),
      'mine: bytes are a Float32Array of 16 bytes; expected a Uint8Array, 0 … 255, image after image: from numbers in [0, 1], Uint8Array.from(x, (v) => Math.round(255 * v))',
    ],
    [
      () => untyped(imageSet)({ ...images, bytes: Int16Array.of(0, 300, 5, -1) }),
      'mine: bytes are an Int16Array of 8 bytes; expected a Uint8Array, 0 … 255',
    ],
    [
      () => untyped(imageSet)({ ...images, labels: undefined }),
      'mine: labels are undefined; expected a Uint8Array, one for each image: new Uint8Array(count) if there are none',
    ],
    [
      () => untyped(imageSet)({ ...images, shape: [2, '2'] }),
      'mine: shape[1] is "2"; expected a whole number > 0',
    ],
    [() => imageSet({ ...images, shape: [2, 2, 0] }), 'mine: shape[2] is 0'],
    [
      () => untyped(imageSet)(),
      'the options of imageSet are undefined; expected an object, as { name, describe, shape, bytes, labels }',
    ],
    [() => untyped(ring)({ modes: '8' }), 'ring: modes is "8"; expected a whole number > 0, such as 8'],
    [() => ring({ modes: 2e6 }), 'ring: modes is 2000000; expected 1000000 at most'],
    [
      () => ring({ radius: 1e38 }),
      'ring: radius is 1e+38; expected 1e+37 at most, since batches are float32',
    ],
    [() => ring({ deviation: 0 }), 'ring: deviation is 0; expected a number > 0, such as 0.01'],
    [
      () => swissRoll({ divisor: 1e-300 }),
      'swiss-roll: its size with noise 0.25 and divisor 1e-300 is 1.525e+301',
    ],
    [
      () => untyped(ring)({ convention: Symbol('x') }),
      'ring: convention is Symbol(x); expected pacgan or wgan-gp',
    ],
    [
      () =>
        untyped(mixture)({
          name: 'm',
          describe: '',
          centres: [
            [0, 1],
            [1, '0'],
          ],
          deviation: 1,
        }),
      'm: centre 1 is [1, "0"]; expected 2 finite numbers',
    ],
    [
      () => untyped(ring().batch)(4),
      'ring: the stream is undefined; expected an object, as { seed: 1, call: 0 }',
    ],
    [
      () => untyped(ring().batch)(4, { seed: 1, call: 0 }, new Float64Array(8)),
      'ring: out is a Float64Array of 64 bytes; expected a Float32Array of 8 numbers',
    ],
    [
      () => ring().batch(2 ** 31, { seed: 1, call: 0 }),
      'ring: 2147483648 examples are 4294967296 numbers; expected 2147483648 at most in one batch',
    ],
    [
      () => imageSet(images).indices(8, { seed: 1, call: 2 ** 32 - 1 }),
      'mine: call is 4294967295 of batches of 8; expected 536870911 at most for 1 images',
    ],
    [
      () => untyped(parseIdx)('a.idx'),
      'IDX data: found "a.idx"; expected the bytes of a file as a Uint8Array',
    ],
  ])('%#', (make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
  it('so do the errors of promises', async () => {
    await expect(untyped(fashionMnist)({ source: 3 })).rejects.toThrow(
      "fashion-mnist: source is 3; expected 'embedded', 'full' or a folder",
    );
    await expect(untyped(fashionMnist)(null)).rejects.toThrow('the options of fashion-mnist are null');
    await expect(untyped(datasetFrom)(undefined)).rejects.toThrow(
      "the dataset is undefined; expected a spec, as 'ring'",
    );
    await expect(fashionMnist({ maxBytes: 7_840_015 })).rejects.toThrow(
      /t10k-images-idx3-ubyte\.gz: claims 7840016 bytes .*raise maxBytes/,
    );
    await expect(untyped(readIdx)(null)).rejects.toThrow('IDX data: found null');
    await expect(readIdx(bytes, 'x', { maxBytes: 0 })).rejects.toThrow(
      'readIdx: maxBytes is 0; expected a whole number >= 1',
    );
  });
});

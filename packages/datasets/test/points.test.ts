import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { imagesFrom, pointSet } from '../src/index.js';

const square = { name: 'mine', describe: 'a square', shape: [4, 2], data: [0, 0, 0, 1, 1, 0, 1, 1] };

describe('pointSet', () => {
  it('returns every point once an epoch, as it is, with its label', () => {
    const set = pointSet({ ...square, labels: [0, 1, 2, 3] });
    expect([set.shape, set.count, [...set.values()], [...set.values(1, 2)]]).toEqual([
      [2],
      4,
      square.data,
      [0, 1],
    ]);
    for (const call of [0, 1, 7]) {
      const stream = { seed: 3, call };
      const batch = set.batch(4, stream);
      const indices = [...set.indices(4, stream)];
      expect(new Set(indices)).toEqual(new Set([0, 1, 2, 3]));
      const labels = indices.map((i) => set.labels?.[i]);
      expect(labels).toEqual(Array.from(indices, (_, i) => 2 * batch[2 * i]! + batch[2 * i + 1]!));
    }
  });
  it('has an identity of its content', () => {
    const { identity } = pointSet(square);
    expect(pointSet({ ...square, data: Float32Array.from(square.data) }).identity).toEqual(identity);
    expect(pointSet({ ...square, data: [...square.data.slice(1), 1] }).identity).not.toEqual(identity);
    expect(pointSet({ ...square, labels: [0, 0, 0, 0] }).identity).not.toEqual(identity);
  });
  it.each([
    [{ shape: [8] }, 'mine: shape is [8]; expected [count, dim], both > 0'],
    [{ shape: [0, 2], data: [] }, 'mine: shape is [0, 2]'],
    [{ shape: [3, 2] }, 'expected 6 numbers for shape [3, 2]'],
    [
      { data: [0, 0, 0, Number.NaN, 1, 0, 1, 1] },
      'mine: coordinate 1 of point 1 is NaN; expected a finite number',
    ],
    [{ data: [0, 0, 0, 1, 1e39, 0, 1, 1] }, 'mine: coordinate 0 of point 2 is 1e+39'],
    [{ labels: [0, 1, 2] }, 'mine: labels are 3 numbers; expected 4 numbers'],
    [{ labels: [0, 1, 2, 256] }, 'mine: label 3 is 256; expected a whole number from 0 to 255'],
    [{ labels: [0, 1, 2, 0.5] }, 'mine: label 3 is 0.5'],
  ])('refuses %o', (change, message) => {
    expect(() => pointSet({ ...square, ...change })).toThrow(message);
    expect(() => pointSet({ ...square, ...change })).toThrow(InputError);
  });
  it('refuses a call beyond the counters, and a wrong part', () => {
    expect(() => pointSet(square).batch(2 ** 31, { seed: 1, call: 2 ** 32 - 1 })).toThrow(
      'expected 7 at most for 4 points',
    );
    expect(() => pointSet(square).values(3, 2)).toThrow('points 3 to 2');
  });
});

const grey = { name: 'mine', describe: 'two pixels', shape: [1, 1, 2] };

describe('imagesFrom', () => {
  it('takes bytes as they are, and maps a range to them', () => {
    expect([...imagesFrom({ ...grey, data: Uint8Array.of(0, 255) }).bytes]).toEqual([0, 255]);
    const from = (data: ArrayLike<number>, range: readonly [number, number]): number[] => [
      ...imagesFrom({ ...grey, data, range }).bytes,
    ];
    expect(from([0, 0.5], [0, 1])).toEqual([0, 128]);
    expect(from(Float32Array.of(-1, 1), [-1, 1])).toEqual([0, 255]);
    expect(from([0, 65_535], [0, 65_535])).toEqual([0, 255]);
    const set = imagesFrom({ ...grey, shape: [2, 1, 1], data: Uint8Array.of(0, 255), labels: [4, 2] });
    expect([set.shape, [...set.labels], [...set.values()]]).toEqual([
      [1, 1, 1],
      [4, 2],
      [-1, 1],
    ]);
  });
  it.each([
    [
      { data: Float32Array.of(0, 1) },
      'mine: pixels are a Float32Array of 8 bytes from 0 to 1, and range is undefined; expected the pixels of black and white, range=[0,1] in a spec, range: [0, 1] in a program',
    ],
    [
      { data: Uint8Array.of(0, 1), dtype: 'bool' },
      'pixels are bytes that are 0 or 1 only, and range is undefined',
    ],
    [{ data: Uint8Array.of(1, 1) }, 'pixels are bytes that are 0 or 1 only'],
    [{ data: [0, 1.5], range: [0, 1] as const }, 'mine: pixel 1 is 1.5; expected 0 to 1, the range'],
    [{ data: [0, Number.NaN], range: [0, 1] as const }, 'mine: pixel 1 is NaN'],
    [{ data: [0, 1], range: [1, 0] as const }, 'range is [1, 0]'],
    [{ data: [0, 1, 2] }, 'expected 2 numbers for shape [1, 1, 2]'],
    [{ data: [], shape: [0, 1, 2] }, 'shape is [0, 1, 2]'],
    [
      { data: new Uint8Array(48), shape: [1, 3, 1, 16] },
      'channels come first here, so save numpy.moveaxis(a, 1, -1)',
    ],
  ])('refuses %o', (change, message) => {
    expect(() => imagesFrom({ ...grey, ...change })).toThrow(message);
  });
});

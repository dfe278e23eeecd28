import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { datasetFrom, fashionMnist, imageSet, knownStacks, stackedImages } from '../src/index.js';

// Image i has the bytes 2i and 2i + 1, so that a pixel says which image it is of.
const images = imageSet({
  name: 'tiny',
  describe: 'six images of 1×2 pixels',
  shape: [1, 2, 1],
  bytes: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: Uint8Array.of(0, 1, 2, 0, 1, 2),
});
const byte = (x: number): number => Math.round((x + 1) * 127.5);
const stream = { seed: 3, call: 5 };

describe('stacked images', () => {
  const train = stackedImages('tiny', { images, channels: 3 });

  it('hold one image in each channel, all of its pixels', () => {
    const batch = train.batch(50, stream);
    expect([train.shape, batch.length]).toEqual([[1, 2, 3], 300]);
    for (let i = 0; i < 50; i++)
      for (let c = 0; c < 3; c++) {
        const [first, second] = [batch[i * 6 + c]!, batch[i * 6 + 3 + c]!].map(byte);
        expect([first! % 2, second]).toEqual([0, first! + 1]);
      }
  });
  it('are a pure function of size and stream, written to `out`, with the values of the image set', () => {
    const out = new Float32Array(12);
    expect(train.batch(2, stream, out)).toBe(out);
    expect(train.batch(2, stream)).toEqual(out);
    expect(train.batch(2, { ...stream, player: 1 })).not.toEqual(out);
    const values = new Set(images.values());
    expect([...out].every((x) => values.has(x))).toBe(true);
  });
  it('draw each channel’s image independently and uniformly: all 216 stacks, χ² within five deviations', () => {
    const n = 21_600;
    const batch = train.batch(n, stream);
    const counts = new Array<number>(216).fill(0);
    for (let i = 0; i < n; i++) {
      const [a, b, c] = [0, 1, 2].map((channel) => byte(batch[i * 6 + channel]!) / 2);
      counts[a! + 6 * b! + 36 * c!]!++;
    }
    const chi = counts.reduce((sum, k) => sum + (k - 100) ** 2 / 100, 0);
    expect(Math.abs(chi - 215)).toBeLessThan(5 * Math.sqrt(2 * 215)); // mean 215, variance 2·215
  });
  it('refuses images with channels, and other numbers of channels', () => {
    const colour = imageSet({ ...images, shape: [1, 2, 1], describe: '' });
    expect(() => stackedImages('s', { images: { ...colour, shape: [1, 1, 2] }, channels: 3 })).toThrow(
      new InputError('s: images of shape [1, 1, 2]; expected grey ones, [height, width, 1]'),
    );
    expect(() => stackedImages('s', { images, channels: 0 })).toThrow(
      's: channels is 0; expected a whole number from 1 to 6',
    );
  });
});

describe('known stacks', () => {
  const labelsOf = (batch: Float32Array, size: number): number[] =>
    Array.from({ length: size }, (_, i) =>
      [0, 1].reduce((mode, c) => mode + 3 ** c * images.labels[byte(batch[i * 4 + c]!) / 2]!, 0),
    );
  it('are of exactly so many modes, the same for every stream, each equally often', () => {
    const options = { images, channels: 2, classes: 3, modes: 4 };
    const n = 4000;
    const modes = labelsOf(knownStacks(options, n, stream), n);
    const found = [...new Set(modes)].toSorted((a, b) => a - b);
    expect(found).toHaveLength(4);
    expect(new Set(labelsOf(knownStacks(options, n, { seed: 9, call: 1 }), n))).toEqual(new Set(found));
    for (const mode of found)
      expect(Math.abs(modes.filter((one) => one === mode).length - 1000)).toBeLessThan(
        5 * Math.sqrt(n * 0.25 * 0.75),
      );
    expect(new Set(labelsOf(knownStacks({ ...options, modes: 9 }, n, stream), n)).size).toBe(9);
  });
  it('names a class without images and too many modes', () => {
    const options = { images, channels: 2, classes: 4, modes: 4 };
    expect(() => knownStacks(options, 1, stream)).toThrow('no image of tiny has the label 3');
    expect(() => knownStacks({ ...options, classes: 3, modes: 10 }, 1, stream)).toThrow(
      'knownStacks: modes is 10; expected a whole number from 1 to 9',
    );
  });
});

describe('stacked-fashion', () => {
  it('stacks training images, and leaves the held-out ones for measuring', async () => {
    const { train, stacks, test } = await datasetFrom('stacked-fashion');
    const fashion = await fashionMnist();
    expect([train.name, train.shape, test]).toEqual(['stacked-fashion', [28, 28, 3], undefined]);
    expect(stacks).toMatchObject({ channels: 3, classes: 10 });
    expect(stacks!.images.bytes).toEqual(fashion.test.bytes);
    const known = new Set(
      Array.from({ length: fashion.train.count }, (_, i) =>
        Buffer.from(fashion.train.bytes.subarray(i * 784, (i + 1) * 784)).toString('latin1'),
      ),
    );
    const batch = train.batch(3, stream);
    for (let i = 0; i < 9; i++) {
      const [which, c] = [Math.floor(i / 3), i % 3];
      const image = Uint8Array.from({ length: 784 }, (_, p) => byte(batch[which * 2352 + p * 3 + c]!));
      expect(known.has(Buffer.from(image).toString('latin1'))).toBe(true);
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { antialiasedBicubic, tf1Bilinear, type Image } from '../src/index.js';

// Made by bench/pytorch/metrics.py, with PIL and torch-fidelity.
const {
  cases,
}: {
  readonly cases: readonly {
    readonly image: Omit<Image, 'values'> & { readonly values: readonly number[] };
    readonly height: number;
    readonly width: number;
    readonly tf1Bilinear: readonly number[];
    readonly antialiasedBicubic: readonly number[];
  }[];
} = JSON.parse(readFileSync(new URL('fixtures/resize.json', import.meta.url), 'utf8'));

const one = (width: number, ...values: number[]): Image => ({
  height: values.length / width,
  width,
  channels: 1,
  values: Float32Array.from(values),
});
const worst = (found: Float32Array, expected: readonly number[]): number =>
  expected.reduce(
    (most, x, i) => Math.max(most, Math.abs(x - found[i]!)),
    Math.abs(found.length - expected.length),
  );

describe.each(cases)('$image.height × $image.width × $image.channels to $height × $width', (known) => {
  const image = { ...known.image, values: Float32Array.from(known.image.values) };
  // Values are below 300, where float32 numbers are 2⁻¹⁵ apart: each of the two passes rounds to half of
  // that, and the published side computes in float32 too (bilinear: a few roundings; bicubic: in float64).
  it('bilinear as TensorFlow 1', () => {
    const resized = tf1Bilinear(image, known.height, known.width);
    expect(resized).toMatchObject({ height: known.height, width: known.width, channels: image.channels });
    expect(worst(resized.values, known.tf1Bilinear)).toBeLessThan(8 * 2 ** -15);
  });
  it('bicubic as PIL', () => {
    const resized = antialiasedBicubic(image, known.height, known.width);
    expect(worst(resized.values, known.antialiasedBicubic)).toBeLessThan(4 * 2 ** -15);
  });
});

describe('in closed form', () => {
  it('bilinear reads at i·size/to: a ramp doubled, the last pixel repeated; halved, every other pixel', () => {
    expect([...tf1Bilinear(one(4, 0, 2, 4, 6), 1, 8).values]).toEqual([0, 1, 2, 3, 4, 5, 6, 6]);
    expect([...tf1Bilinear(one(4, 0, 2, 4, 7), 1, 2).values]).toEqual([0, 4]);
  });
  it('bicubic halves an impulse by the cubic at ¼, ¾, 1¼ and 1¾ output pixels', () => {
    // in output pixels, inputs are ¼, ¾, 1¼ and 1¾ away from a centre on either side
    const k = (t: number): number =>
      t < 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2;
    const impulse = one(16, ...Array.from({ length: 16 }, (_, i) => (i === 8 ? 1 : 0)));
    const total = 2 * (k(0.25) + k(0.75) + k(1.25) + k(1.75));
    const { values } = antialiasedBicubic(impulse, 1, 8);
    const expected = [0, 0, k(1.75), k(0.75), k(0.25), k(1.25), 0, 0].map((x) => x / total);
    expect(worst(values, expected)).toBeLessThan(2 ** -24);
  });
  it('both leave an image of the same size as it is, and constant images constant', () => {
    const image = one(3, 5, 1, 9, 2, 8, 7);
    for (const resize of [tf1Bilinear, antialiasedBicubic]) {
      expect(resize(image, 2, 3)).toEqual(image);
      expect(
        worst(resize(one(3, ...Array<number>(6).fill(4)), 7, 2).values, Array<number>(14).fill(4)),
      ).toBeLessThan(2 ** -21);
    }
  });
});

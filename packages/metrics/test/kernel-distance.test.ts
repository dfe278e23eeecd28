import { describe, expect, it } from 'vitest';
import { normal } from '@stillpoint/operators';
import { kernelDistance, withPerfect } from '../src/index.js';
import { gaussians, meanOf } from './samples.js';

describe('kernelDistance', () => {
  it('is what is counted by hand, negative values included', () => {
    // k = (xy + 1)³: real pairs 1, 1, 27; the fake pair 64; across 1, 1, 8, 64, 27, 343.
    const { distance, standardError } = kernelDistance(
      { real: Float64Array.of(0, 1, 2), fake: Float64Array.of(1, 3) },
      { dim: 1 },
    );
    expect(distance).toBeCloseTo(29 / 3 + 64 - 2 * 74, 12);
    expect(standardError).toBeNull();
    // Across (½ + 1)³ twice and 1 twice; within the orthogonal units 1 and 1: the dimension divides.
    expect(
      kernelDistance({ real: Float64Array.of(1, 0, 0, 1), fake: Float64Array.of(1, 0, 0, 1) }, { dim: 2 })
        .distance,
    ).toBeCloseTo(2 - (2 * (2 * 1.5 ** 3 + 2)) / 4, 14);
  });

  it('is 0 for features that are all one point', () => {
    const ones = (n: number): Float64Array => new Float64Array(3 * n).fill(1);
    expect(kernelDistance({ real: ones(50), fake: ones(41) }, { dim: 3, block: 20 })).toMatchObject({
      distance: 0,
      standardError: 0,
    });
  });

  it('has its expected value: Σ binomial(3, p)(E xᵖ − E yᵖ)² in one dimension, 0 for equal distributions', () => {
    const [n, m, runs] = [60, 80, 600];
    const run = (shift: number) =>
      meanOf(
        runs,
        (call) =>
          kernelDistance(
            { real: gaussians(n, 2 * call), fake: gaussians(m, 2 * call + 1).map((x) => x + shift) },
            { dim: 1, block: 40 },
          ).distance,
      );
    const [equal, shifted] = [run(0), run(1)];
    expect(Math.abs(equal.mean)).toBeLessThan(5 * equal.error);
    // moments 0, 1, 0 and 1, 2, 4: 3·1 + 3·1 + 16
    expect(Math.abs(shifted.mean - 22)).toBeLessThan(5 * shifted.error);
    expect(shifted.error).toBeLessThan(1.1); // so that the line above is a real condition
  });

  it('averages consecutive blocks of sizes that differ by at most 1, the larger last, with the standard error', () => {
    const dim = 2;
    const [real, fake] = [gaussians(11 * dim, 1), gaussians(7 * dim, 2)];
    const { distance, standardError, settings } = kernelDistance({ real, fake }, { dim, block: 4 });
    const cut = (set: Float64Array, from: number, to: number): Float64Array =>
      set.slice(from * dim, to * dim);
    const single = (
      [
        [0, 3],
        [3, 7],
        [7, 11],
      ] as const
    ).map(
      ([from, to], i) =>
        kernelDistance({ real: cut(real, from, to), fake: cut(fake, [0, 2, 4][i]!, [2, 4, 7][i]!) }, { dim })
          .distance,
    );
    const mean = single.reduce((sum, x) => sum + x, 0) / 3;
    expect(distance).toBeCloseTo(mean, 14);
    expect(standardError).toBeCloseTo(
      Math.sqrt(single.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2 / 3),
      14,
    );
    expect(settings).toEqual({
      metric: 'kernel-distance',
      features: 'raw',
      dim,
      kernel: '(x·y/dim + 1)³',
      estimator: 'unbiased',
      block: 4,
      blocks: 3,
      real: 11,
      fake: 7,
    });
  });

  it('is symmetric, and real against real with withPerfect', () => {
    const [real, fake, other] = [gaussians(200, 3), gaussians(160, 4).map((x) => 2 * x), gaussians(160, 5)];
    const { figure, perfect } = withPerfect(kernelDistance, { real, fake, other }, { dim: 2, block: 50 });
    expect(kernelDistance({ real: fake, fake: real }, { dim: 2, block: 50 }).distance).toBeCloseTo(
      figure.distance,
      12,
    );
    expect(perfect.distance).toBe(kernelDistance({ real, fake: other }, { dim: 2, block: 50 }).distance);
    expect(figure.distance).toBeGreaterThan(Math.abs(perfect.distance) + 5 * perfect.standardError!);
  });

  it('refuses sets that give no estimate', () => {
    const set = gaussians(40, 1);
    expect(() => kernelDistance({ real: set, fake: set }, { dim: 2, block: 1 })).toThrow(
      'block is 1; expected a whole number >= 2, such as 1024',
    );
    expect(() => kernelDistance({ real: set, fake: set.slice(0, 4) }, { dim: 2, block: 5 })).toThrow(
      '20 real and 2 fake examples in 4 blocks of at most 5; expected at least 2 of each in a block: 8, or sets nearer in size',
    );
    const huge = set.map((x) => x * 1e150);
    expect(() => kernelDistance({ real: huge, fake: huge }, { dim: 2 })).toThrow(
      /^features of size up to .*e\+150 have a kernel distance beyond float64.*below 1e50: divide all features by the same number$/,
    );
    expect(
      kernelDistance({ real: set, fake: set.map((x) => x * 1e40) }, { dim: 2, block: 10 }).standardError,
    ).toBeLessThan(Infinity); // though its square is not
    expect(() => kernelDistance({ real: set, fake: Float64Array.of(1, Number.NaN) }, { dim: 2 })).toThrow(
      'fake: example 0 has NaN',
    );
  });
});

it('features with a large mean beside their spread lose digits, and the error bounds the loss', () => {
  const exact = (offset: number): { readonly distance: number; readonly error: number } => {
    const [real, fake] = ['a', 'b'].map((purpose) =>
      normal(new Float64Array(300), { seed: 9, purpose }).map((x) => x + offset),
    );
    return kernelDistance({ real: real!, fake: fake! }, { dim: 3 });
  };
  const near = exact(0);
  expect(near.error).toBeLessThan(1e-9);
  // MMD² under the cubic kernel grows like offset⁴ times the squared distance of the means, its rounding like
  // offset⁶
  const far = exact(1e9);
  expect(far.error).toBeGreaterThan(Math.abs(far.distance) / 100);
});

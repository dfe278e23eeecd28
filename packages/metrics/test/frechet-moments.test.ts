import { describe, expect, it } from 'vitest';
import { featureMoments, frechetOfMoments, type FeatureMoments } from '../src/index.js';
import { gaussians } from './samples.js';
import { definite, moments, times, traceOf } from './covariances.js';

describe('featureMoments', () => {
  it('divides by n − 1: pytorch-fid’s three images of 0, ½, 1 have mean ½ and covariance ¼', () => {
    const dim = 12;
    const { mean, covariance, count } = featureMoments(
      Float64Array.from({ length: 3 * dim }, (_, at) => Math.floor(at / dim) / 2),
      { dim },
    );
    expect([count, ...mean, ...covariance]).toEqual([
      3,
      ...Array<number>(dim).fill(0.5),
      ...Array<number>(dim * dim).fill(0.25),
    ]);
  });
  it('keeps its digits far from the origin', () => {
    // the mean is exact: 2⁴⁰ + 4 and 2⁴⁰ + 8/3 up to 2⁻¹²
    const set = Float64Array.of(1, 2, 3, 5, 8, 1).map((x) => 2 ** 40 + x);
    const near = featureMoments(Float64Array.of(1, 2, 3, 5, 8, 1), { dim: 2 }).covariance;
    featureMoments(set, { dim: 2 }).covariance.forEach((x, at) =>
      expect(Math.abs(x - near[at]!)).toBeLessThan(2 ** -10),
    );
  });
  it('refuses one example', () =>
    expect(() => featureMoments(new Float64Array(4), { dim: 4 }, 'real')).toThrow(
      'real: 1 example; expected at least 2: one has no covariance',
    ));
});

describe('frechetOfMoments', () => {
  it('is the dimension for two identity covariances with means 0 and 1 (pytorch-fid’s test has dimension 2048)', () => {
    const identity = (mean: number): FeatureMoments =>
      moments(
        64,
        () => mean,
        (i, j) => (i === j ? 1 : 0),
      );
    expect(frechetOfMoments({ real: identity(0), fake: identity(1) })).toMatchObject({
      distance: 64,
      means: 64,
      covariances: 0,
      settings: { realRank: 64, fakeRank: 64 },
    });
  });
  it('accepts singular covariances: mimicry’s 16 + 16(3 − 2√2)', () => {
    const [real, fake] = [
      moments(
        16,
        () => 1,
        () => 1,
      ),
      moments(
        16,
        () => 2,
        () => 2,
      ),
    ];
    for (const { distance, settings } of [
      frechetOfMoments({ real, fake }),
      frechetOfMoments({ real: fake, fake: real }),
    ]) {
      // the trace is 48, with an error of n·2⁻⁵³·‖Σ‖ per term
      expect(Math.abs(distance - 18.745166004060955)).toBeLessThan(16 * 16 * 2 ** -52 * 16);
      expect([settings.realRank, settings.fakeRank]).toEqual([1, 1]);
    }
  });
  it('is (μ₁ − μ₂)² + (σ₁ − σ₂)² in one dimension, and the sum of those for diagonal covariances', () => {
    const deviations = [0.5, 1, 3, 0, 7, 1e-9];
    for (const dim of [1, 6]) {
      const real = moments(
        dim,
        (j) => j,
        (i, j) => (i === j ? deviations[i]! ** 2 : 0),
      );
      const fake = moments(
        dim,
        (j) => 2 * j - 1,
        (i, j) => (i === j ? deviations[5 - i]! ** 2 : 0),
      );
      const expected = deviations
        .slice(0, dim)
        .reduce((sum, σ, j) => sum + (j - 1) ** 2 + (σ - deviations[5 - j]!) ** 2, 0);
      // Deviations, at most 7, are roots of squares: a root and a difference of two have two roundings each.
      expect(Math.abs(frechetOfMoments({ real, fake }).distance - expected)).toBeLessThan(
        dim * 8 * 49 * 2 ** -53,
      );
    }
  });
  it('has the closed form of 2×2 matrices: (Tr (Σ₁Σ₂)^½)² = Tr Σ₁Σ₂ + 2 (det Σ₁ det Σ₂)^½', () => {
    for (let call = 0; call < 20; call++) {
      const [a, b] = [definite(2, 2 * call), definite(2, 2 * call + 1)];
      const det = (m: Float64Array): number => m[0]! * m[3]! - m[1]! * m[2]!;
      const expected =
        traceOf(a, 2) +
        traceOf(b, 2) -
        2 * Math.sqrt(traceOf(times(a, b, 2), 2) + 2 * Math.sqrt(det(a) * det(b)));
      const [real, fake] = [a, b].map((m) =>
        moments(
          2,
          () => 0,
          (i, j) => m[2 * i + j]!,
        ),
      );
      expect(frechetOfMoments({ real: real!, fake: fake! }).distance).toBeCloseTo(expected, 12);
      expect(frechetOfMoments({ real: fake!, fake: real! }).distance).toBeCloseTo(expected, 12);
    }
  });
  it('has the closed form of a covariance s²uuᵀ of rank 1: Tr (Σ₁Σ₂)^½ = s(uᵀΣ₁u)^½', () => {
    const dim = 16;
    const [a, u] = [definite(dim, 7), gaussians(dim, 8)];
    const [real, fake] = [
      moments(
        dim,
        () => 0,
        (i, j) => a[i * dim + j]!,
      ),
      moments(
        dim,
        () => 0,
        (i, j) => u[i]! * u[j]!,
      ),
    ];
    const quadratic = u.reduce(
      (sum, x, i) => sum + u.reduce((inner, y, j) => inner + x * a[i * dim + j]! * y, 0),
      0,
    );
    const expected = traceOf(a, dim) + traceOf(fake.covariance, dim) - 2 * Math.sqrt(quadratic);
    // Terms of about 20 and 16 of them: 16·20·2⁻⁵², times a margin of 10. The root of a rounding error would
    // be 1e−8.
    expect(frechetOfMoments({ real, fake }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real: fake, fake: real }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real, fake }).settings).toMatchObject({ realRank: 16, fakeRank: 1 });
  });
  it('refuses moments of different features', () => {
    expect(() =>
      frechetOfMoments({
        real: moments(
          2,
          () => 0,
          () => 1,
        ),
        fake: {
          ...moments(
            2,
            () => 0,
            () => 1,
          ),
          features: 'other',
        },
      }),
    ).toThrow('fake: statistics with features other; expected features test, as of the real examples');
    expect(() =>
      frechetOfMoments({
        real: moments(
          2,
          () => 0,
          () => 1,
        ),
        fake: moments(
          3,
          () => 0,
          () => 1,
        ),
      }),
    ).toThrow('with dim 3; expected dim 2');
  });
});

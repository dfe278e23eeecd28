import { describe, expect, it } from 'vitest';
import { featureMoments, frechetDistance, frechetOfMoments, type FeatureMoments } from '../src/index.js';
import { gaussians, reordered } from './samples.js';
import { definite, mapped, moments, times, traceOf } from './covariances.js';

describe('features in different units', () => {
  const n = 200;
  const dim = 3;
  const scaledBy = (set: Float64Array, units: readonly number[]): Float64Array =>
    set.map((x, at) => x * units[at % units.length]!);
  /** √Tr Σ₁ + √Tr Σ₂, squared: what errors are relative to. */
  const size = (real: Float64Array, fake: Float64Array): number =>
    [real, fake]
      .map((set) => Math.sqrt(traceOf(featureMoments(set, { dim }).covariance, dim)))
      .reduce((a, b) => a + b) ** 2;

  it('are at distance 0 from themselves in any units, up to the square of rounding', () => {
    for (const units of [
      [1e4, 1, 1],
      [1e4, 1, 1e-4],
      [1e9, 1, 1e-9],
      [1, 1e-70, 1e70],
    ]) {
      const set = scaledBy(gaussians(n * dim, 3), units);
      const { distance, settings } = frechetDistance({ real: set, fake: set.slice() }, { dim });
      // each entry of A has the error of a few roundings
      expect(distance).toBeLessThanOrEqual((8 * dim * 2 ** -53) ** 2 * size(set, set));
      expect([settings.realRank, settings.fakeRank]).toEqual([dim, dim]);
      const { distance: reversed } = frechetDistance(
        {
          real: set,
          fake: reordered(
            set,
            dim,
            Uint32Array.from({ length: n }, (_, i) => n - 1 - i),
          ),
        },
        { dim },
      );
      // sums of n terms in another order
      expect(reversed).toBeLessThanOrEqual((8 * n * 2 ** -53) ** 2 * size(set, set));
    }
  });
  it('have distance 1 from diag(1e8, 1) to diag(1e8, 4): (1 − 2)² in the small feature, beside one of any size', () => {
    for (const big of [1, 1e4, 1e8, 1e12]) {
      const gaussian = (deviation: number): FeatureMoments =>
        moments(
          2,
          () => 0,
          (i, j) => (i === j ? [big ** 2, deviation ** 2][i]! : 0),
        );
      expect(frechetOfMoments({ real: gaussian(1), fake: gaussian(2) }).distance).toBeCloseTo(1, 14);
    }
  });
  it('may be correlated: a small feature stretched by 2 beside large ones adds its own variance', () => {
    // x₃ is independent noise times 1e−6; fake = real·diag(1, 1, 2), the optimal map if Σ has no entries
    // beside the diagonal one in x₃'s row.
    const base = gaussians(n * dim, 4);
    const mixed = base.map((x, at) => (at % dim === 1 ? 0.9 * base[at - 1]! + 0.1 * x : x));
    const real = scaledBy(mixed, [1e6, 1e6, 1e-6]);
    const { covariance } = featureMoments(real, { dim });
    // in a draw these entries are not 0 but 1e-6·1e6/√n, and T is optimal only for Σ without them
    const off = [2, 5].map((at) => covariance[at]!);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(1);
    const { covariances, error } = frechetDistance({ real, fake: scaledBy(real, [1, 1, 2]) }, { dim });
    // nearly all of x₃ is independent of the other features
    expect(covariances).toBeGreaterThan(0.5 * covariance[8]!);
    // the cost of the map diag(1, 1, 2), an upper bound; the rounding error of Tr Σ is 1e8 times as large
    expect(covariances).toBeLessThanOrEqual(covariance[8]! * (1 + 1e-6));
    expect(error).toBeLessThan(1e-12 * size(real, real) * 8);
  });
  it('may be scaled by a power of 2: every figure scales to the bit, within float64’s range', () => {
    const [real, fake] = [gaussians(n * dim, 5), gaussians(n * dim, 6)];
    const { distance, settings } = frechetDistance({ real, fake }, { dim });
    for (const k of [-530, -301, 301, 500]) {
      const [a, b] = [real, fake].map((set) => set.map((x) => x * 2 ** k));
      const found = frechetDistance({ real: a!, fake: b! }, { dim });
      if (k > -500) expect(found.distance).toBe(distance * 2 ** k * 2 ** k);
      else expect(found.distance).toBeCloseTo(distance * 2 ** k * 2 ** k, 322); // denormal
      expect(found.settings).toEqual(settings);
    }
    const huge = real.map((x) => x * 2 ** 530);
    expect(() => frechetDistance({ real: huge, fake: huge }, { dim })).toThrow(
      /^real: features of size up to .* have a covariance beyond float64; expected sizes below about 1e154/,
    );
    const far = moments(
      1,
      () => 1e160,
      () => 1,
    );
    expect(() =>
      frechetOfMoments({
        real: far,
        fake: moments(
          1,
          () => 0,
          () => 1,
        ),
      }),
    ).toThrow('have a squared distance beyond float64');
  });
  it('are measured within the stated error, from features and from moments alone', () => {
    // Gaussians with independent features: the distance is the sum over the features of their deviations'
    // distances.
    for (let call = 0; call < 20; call++) {
      const set = gaussians(n * dim, 60 + call);
      const units = [1, 10 ** -(call % 9), 1e3];
      const real = scaledBy(set, units);
      const T = [1 + call / 7, 3, 0.5];
      const { mean, covariance, factor, ...rest } = featureMoments(real, { dim });
      const fake = featureMoments(scaledBy(real, T), { dim });
      const measured = frechetOfMoments({ real: { ...rest, mean, covariance, factor: factor! }, fake });
      const alone = frechetOfMoments({
        real: { ...rest, mean, covariance },
        fake: { ...rest, mean: fake.mean, covariance: fake.covariance },
      });
      expect(Math.abs(measured.distance - alone.distance)).toBeLessThanOrEqual(measured.error + alone.error);
      expect(measured.error).toBeLessThanOrEqual(alone.error * n);
    }
  });
  it('keep deviations that the covariance loses: two features that differ by 1e-9', () => {
    // x₂ = x₁ + 1e−9·e. Σ has an eigenvalue of some 1e−18/2, below rounding; A has its root. Against
    // isotropic Gaussians the exact figure is
    // Tr Σ₁ + 2 − 2(√λ₁ + √λ₂).
    const e = 1e-9;
    const count = 5;
    const x = [1, -1, 0, 0, 0];
    const d = [0, 0, 1, -1, 0]; // orthogonal to x, both with mean 0
    const real = Float64Array.from(
      { length: 2 * count },
      (_, at) => x[at >> 1]! + (at % 2) * e * d[at >> 1]!,
    );
    const isotropic = {
      ...moments(
        2,
        () => 0,
        (i, j) => (i === j ? 1 : 0),
      ),
      features: 'raw',
    };
    const [a, b] = [2 / 4, (2 / 4) * e * e]; // Σ = [[a, a], [a, a + b]]: det = ab
    const roots = Math.sqrt(2 * a + b + 2 * Math.sqrt(a * b)); // (√λ₁ + √λ₂)² = Tr + 2√det
    const { distance, error, settings } = frechetOfMoments({
      real: featureMoments(real, { dim: 2 }),
      fake: isotropic,
    });
    // the root of e·e alone would be missed by 1e−9
    expect(Math.abs(distance - (2 * a + b + 2 - 2 * roots))).toBeLessThanOrEqual(64 * 2 ** -53 * 4);
    expect(error).toBeLessThan(1e-12);
    expect(settings.precision).toBeLessThan(1e-12);
  });
  it('have the same figure by the other algorithm, which serves many dimensions', () => {
    const [many, examples] = [120, 150];
    const real = gaussians(examples * many, 7);
    const T = definite(many, 70);
    const off = T.map((x, at) => x - (at % (many + 1) === 0 ? 1 : 0));
    const { covariance } = featureMoments(real, { dim: many });
    const expected = traceOf(times(times(off, covariance, many), off, many), many);
    const { covariances } = frechetDistance({ real, fake: mapped(real, T, many) }, { dim: many });
    expect(Math.abs(covariances / expected - 1)).toBeLessThan(1e-10);
    expect(frechetDistance({ real, fake: real.slice() }, { dim: many }).distance).toBeLessThan(
      (64 * many * 2 ** -53) ** 2 * 4 * many + 64 * many * 2 ** -53,
    );
  });
  it('have means of any size beside deviations of any other', () => {
    const at = (mean: number, deviation: number): FeatureMoments =>
      moments(
        1,
        () => mean,
        () => deviation ** 2,
      );
    expect(frechetOfMoments({ real: at(1e150, 1), fake: at(1e150, 2) })).toMatchObject({
      means: 0,
      covariances: 1,
    });
    expect(frechetOfMoments({ real: at(1e-100, 1e100), fake: at(3e-100, 1e100) })).toMatchObject({
      means: expect.closeTo(4e-200, 213),
      covariances: 0,
    });
  });
  it('refuses moments that no set has', () => {
    const good = moments(
      2,
      () => 0,
      (i, j) => (i === j ? 1 : 0),
    );
    for (const [change, message] of [
      [
        { mean: new Float64Array(3) },
        'fake: moments with a mean that does not fit; expected a Float64Array of dim = 2 numbers',
      ],
      [
        { covariance: new Float64Array(3) },
        'fake: moments with a covariance that does not fit; expected a Float64Array of dim² = 4 numbers',
      ],
      [{ covariance: Float64Array.of(1, 0, 0, NaN) }, 'fake: moments that are not finite'],
      [{ factor: new Float64Array(3) }, 'fake: moments with a factor that does not fit'],
      [
        { covariance: Float64Array.of(1, 2, 2, 1) },
        'fake: a covariance with a negative eigenvalue; expected a positive semidefinite one',
      ],
      [{ covariance: Float64Array.of(1, 0, 0, -1) }, 'a covariance with a negative eigenvalue'],
      [{ covariance: Float64Array.of(1, 1, 1, 0) }, 'a covariance with a negative eigenvalue'],
    ] as const)
      expect(() => frechetOfMoments({ real: good, fake: { ...good, ...change } })).toThrow(message);
  });
});

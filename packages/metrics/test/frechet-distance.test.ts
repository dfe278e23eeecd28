import { describe, expect, it } from 'vitest';
import { featureMoments, frechetDistance, frechetOfMoments, withPerfect, type FeatureMoments } from '../src/index.js';
import { gaussians, joined, meanOf, reordered } from './samples.js';

const moments = (dim: number, mean: (j: number) => number, covariance: (i: number, j: number) => number): FeatureMoments => ({
  features: 'test', dim, count: 1000,
  mean: Float64Array.from({ length: dim }, (_, j) => mean(j)),
  covariance: Float64Array.from({ length: dim * dim }, (_, at) => covariance(Math.floor(at / dim), at % dim)),
});
const times = (a: Float64Array, b: Float64Array, dim: number): Float64Array =>
  Float64Array.from({ length: dim * dim }, (_, at) => Array.from({ length: dim }, (__, k) => a[Math.floor(at / dim) * dim + k]! * b[k * dim + (at % dim)]!).reduce((s, x) => s + x, 0));
const traceOf = (a: Float64Array, dim: number): number => Array.from({ length: dim }, (_, j) => a[j * dim + j]!).reduce((s, x) => s + x, 0);
/** A symmetric positive definite matrix. */
const definite = (dim: number, call: number): Float64Array => {
  const g = gaussians(dim * dim, call);
  return times(g, Float64Array.from(g, (_, at) => g[(at % dim) * dim + Math.floor(at / dim)]!), dim).map((x, at) => x / dim + (at % (dim + 1) === 0 ? 0.1 : 0));
};
/** Each example mapped by a symmetric matrix. */
const mapped = (set: Float64Array, matrix: Float64Array, dim: number): Float64Array =>
  set.map((_, at) => Array.from({ length: dim }, (__, k) => matrix[(at % dim) * dim + k]! * set[at - (at % dim) + k]!).reduce((s, x) => s + x, 0));

describe('featureMoments', () => {
  it('divides by n − 1: pytorch-fid’s three images of 0, ½, 1 have mean ½ and covariance ¼', () => {
    const dim = 12;
    const { mean, covariance, count } = featureMoments(Float64Array.from({ length: 3 * dim }, (_, at) => Math.floor(at / dim) / 2), { dim });
    expect([count, ...mean, ...covariance]).toEqual([3, ...Array<number>(dim).fill(0.5), ...Array<number>(dim * dim).fill(0.25)]);
  });
  it('keeps its digits far from the origin', () => {
    const set = Float64Array.of(1, 2, 3, 5, 8, 1).map((x) => 2 ** 40 + x); // the mean is exact: 2⁴⁰ + 4 and 2⁴⁰ + 8/3 up to 2⁻¹²
    const near = featureMoments(Float64Array.of(1, 2, 3, 5, 8, 1), { dim: 2 }).covariance;
    featureMoments(set, { dim: 2 }).covariance.forEach((x, at) => expect(Math.abs(x - near[at]!)).toBeLessThan(2 ** -10));
  });
  it('refuses one example', () => expect(() => featureMoments(new Float64Array(4), { dim: 4 }, 'real')).toThrow('real: 1 example; expected at least 2: one has no covariance'));
});

describe('frechetOfMoments', () => {
  it('is the dimension for two identity covariances with means 0 and 1 (pytorch-fid’s test has dimension 2048)', () => {
    const identity = (mean: number): FeatureMoments => moments(64, () => mean, (i, j) => (i === j ? 1 : 0));
    expect(frechetOfMoments({ real: identity(0), fake: identity(1) })).toMatchObject({ distance: 64, means: 64, covariances: 0, settings: { realRank: 64, fakeRank: 64 } });
  });
  it('bears singular covariances: mimicry’s 16 + 16(3 − 2√2)', () => {
    const [real, fake] = [moments(16, () => 1, () => 1), moments(16, () => 2, () => 2)];
    for (const { distance, settings } of [frechetOfMoments({ real, fake }), frechetOfMoments({ real: fake, fake: real })]) {
      expect(Math.abs(distance - 18.745166004060955)).toBeLessThan(16 * 16 * 2 ** -52 * 16); // the trace is 48, off by n·2⁻⁵³·‖Σ‖ a term
      expect([settings.realRank, settings.fakeRank]).toEqual([1, 1]);
    }
  });
  it('is (μ₁ − μ₂)² + (σ₁ − σ₂)² in one dimension, and the sum of those for diagonal covariances', () => {
    const deviations = [0.5, 1, 3, 0, 7, 1e-3];
    for (const dim of [1, 6]) {
      const real = moments(dim, (j) => j, (i, j) => (i === j ? deviations[i]! ** 2 : 0));
      const fake = moments(dim, (j) => 2 * j - 1, (i, j) => (i === j ? deviations[5 - i]! ** 2 : 0));
      const expected = deviations.slice(0, dim).reduce((sum, σ, j) => sum + (j - 1) ** 2 + (σ - deviations[5 - j]!) ** 2, 0);
      // A root below √(n·2⁻⁵²)·7·7 counts as 0.
      expect(Math.abs(frechetOfMoments({ real, fake }).distance - expected)).toBeLessThan(2 * dim * 49 * Math.sqrt(dim * 2 ** -52));
    }
  });
  it('has the closed form of 2×2 matrices: (Tr (Σ₁Σ₂)^½)² = Tr Σ₁Σ₂ + 2 (det Σ₁ det Σ₂)^½', () => {
    for (let call = 0; call < 20; call++) {
      const [a, b] = [definite(2, 2 * call), definite(2, 2 * call + 1)];
      const det = (m: Float64Array): number => m[0]! * m[3]! - m[1]! * m[2]!;
      const expected = traceOf(a, 2) + traceOf(b, 2) - 2 * Math.sqrt(traceOf(times(a, b, 2), 2) + 2 * Math.sqrt(det(a) * det(b)));
      const [real, fake] = [a, b].map((m) => moments(2, () => 0, (i, j) => m[2 * i + j]!));
      expect(frechetOfMoments({ real: real!, fake: fake! }).distance).toBeCloseTo(expected, 12);
      expect(frechetOfMoments({ real: fake!, fake: real! }).distance).toBeCloseTo(expected, 12);
    }
  });
  it('has the closed form of a covariance s²uuᵀ of rank 1: Tr (Σ₁Σ₂)^½ = s(uᵀΣ₁u)^½', () => {
    const dim = 16;
    const [a, u] = [definite(dim, 7), gaussians(dim, 8)];
    const [real, fake] = [moments(dim, () => 0, (i, j) => a[i * dim + j]!), moments(dim, () => 0, (i, j) => u[i]! * u[j]!)];
    const quadratic = u.reduce((sum, x, i) => sum + u.reduce((inner, y, j) => inner + x * a[i * dim + j]! * y, 0), 0);
    const expected = traceOf(a, dim) + traceOf(fake.covariance, dim) - 2 * Math.sqrt(quadratic);
    // Terms of about 20 and 16 of them: 16·20·2⁻⁵² with a decade to spare. The root of rounding errors would be 1e−8.
    expect(frechetOfMoments({ real, fake }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real: fake, fake: real }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real, fake }).settings).toMatchObject({ realRank: 16, fakeRank: 1 });
  });
  it('refuses statistics of unlike features', () => {
    expect(() => frechetOfMoments({ real: moments(2, () => 0, () => 1), fake: { ...moments(2, () => 0, () => 1), features: 'other' } })).toThrow('fake: statistics with features other; expected features test, as of the real examples');
    expect(() => frechetOfMoments({ real: moments(2, () => 0, () => 1), fake: moments(3, () => 0, () => 1) })).toThrow('with dim 3; expected dim 2');
  });
});

describe('frechetDistance', () => {
  it.each([1, 2, 5, 16, 40])('is what the optimal map costs: Tr (T − I)Σ(T − I) for fake = T·real, T symmetric and positive (dim %i)', (dim) => {
    const n = 100;
    const real = gaussians(n * dim, dim);
    const T = definite(dim, 50 + dim);
    const off = T.map((x, at) => x - (at % (dim + 1) === 0 ? 1 : 0));
    const { covariance } = featureMoments(real, { dim });
    const expected = traceOf(times(times(off, covariance, dim), off, dim), dim);
    const { covariances, settings } = frechetDistance({ real, fake: mapped(real, T, dim) }, { dim });
    expect(Math.abs(covariances / expected - 1)).toBeLessThan(1e-10); // dim²·2⁻⁵² and the condition of T, some 10²
    expect(settings).toEqual({ metric: 'frechet-distance', features: 'raw', dim, ddof: 1, real: n, fake: n, realRank: dim, fakeRank: dim, warning: null });
  });

  it('is 0 from a set to itself in any order, and ‖s‖² after a shift by s', () => {
    const [n, dim] = [64, 8];
    const set = gaussians(n * dim, 1);
    const zero = frechetDistance({ real: set, fake: reordered(set, dim, Uint32Array.from({ length: n }, (_, i) => n - 1 - i)) }, { dim });
    expect(zero.distance).toBeLessThan(1e-13); // 2·Tr Σ, about 16, times dim·2⁻⁵³
    const { means, covariances } = frechetDistance({ real: set, fake: set.map((x, at) => x + (at % dim)) }, { dim });
    expect(means).toBeCloseTo(140, 11); // 0² + … + 7²
    expect(covariances).toBeLessThan(1e-12);
  });

  it('is a number, with a warning, for fewer examples than features: where sqrtm gives NaN', () => {
    for (const [n, dim] of [[4, 4], [2, 8], [5, 32], [32, 32]] as const) {
      const [real, fake] = [gaussians(n * dim, n), gaussians(n * dim, n + 1)];
      const { distance, settings } = frechetDistance({ real, fake }, { dim });
      expect(distance).toBeGreaterThan(0);
      expect([settings.realRank, settings.fakeRank]).toEqual([n - 1, n - 1]);
      expect(settings.warning).toContain(`${n} examples for ${dim} features`);
      expect(frechetDistance({ real, fake: real }, { dim }).distance).toBeLessThan(8 * dim * 2 * dim * 2 ** -53); // 2·Tr Σ, about 2·dim, times dim·2⁻⁵³; 8 is ours
    }
    expect(frechetDistance({ real: gaussians(33 * 32, 1), fake: gaussians(33 * 32, 2) }, { dim: 32 }).settings).toMatchObject({ realRank: 32, warning: null });
  });

  it('adds up where the two laws share no direction: then Tr (Σ₁Σ₂)^½ = 0', () => {
    const [n, dim] = [50, 10];
    const [real, fake] = [0, 1].map((half) => gaussians(n * dim, half).map((x, at) => (Math.floor((at % dim) / 5) === half ? x : 0)));
    const [a, b] = [real!, fake!].map((set) => featureMoments(set, { dim }));
    const { covariances, settings } = frechetDistance({ real: real!, fake: fake! }, { dim });
    expect(covariances).toBeCloseTo(traceOf(a!.covariance, dim) + traceOf(b!.covariance, dim), 12);
    expect([settings.realRank, settings.fakeRank]).toEqual([5, 5]);
  });

  it('has a floor: real against real the means alone give dim(1/n + 1/m)', () => {
    const [n, m, dim] = [40, 60, 3];
    const perfect = (run: number) => withPerfect(frechetDistance, { real: gaussians(n * dim, 3 * run), fake: gaussians(m * dim, 3 * run + 1), other: gaussians(m * dim, 3 * run + 2) }, { dim }).perfect;
    const { mean, error } = meanOf(300, (run) => perfect(run).means);
    expect(Math.abs(mean - dim * (1 / n + 1 / m))).toBeLessThan(5 * error);
    expect(perfect(0).distance).toBe(frechetDistance({ real: gaussians(n * dim, 0), fake: gaussians(m * dim, 2) }, { dim }).distance);
  });

  it('refuses sets that are none', () => {
    const set = gaussians(20, 1);
    expect(() => frechetDistance({ real: set, fake: set.slice(1) }, { dim: 2 })).toThrow('fake: 19 numbers; expected a multiple of 2');
    expect(() => frechetDistance({ real: joined(set, Float64Array.of(0, Number.NaN)), fake: set }, { dim: 2 })).toThrow('real: example 10 has NaN at coordinate 1');
  });
});

import { describe, expect, it } from 'vitest';
import {
  featureMoments,
  frechetDistance,
  frechetOfMoments,
  withPerfect,
  type FeatureMoments,
} from '../src/index.js';
import { gaussians, joined, meanOf, reordered } from './samples.js';

const moments = (
  dim: number,
  mean: (j: number) => number,
  covariance: (i: number, j: number) => number,
): FeatureMoments => ({
  features: 'test',
  dim,
  count: 1000,
  mean: Float64Array.from({ length: dim }, (_, j) => mean(j)),
  covariance: Float64Array.from({ length: dim * dim }, (_, at) => covariance(Math.floor(at / dim), at % dim)),
});
const times = (a: Float64Array, b: Float64Array, dim: number): Float64Array =>
  Float64Array.from({ length: dim * dim }, (_, at) =>
    Array.from(
      { length: dim },
      (__, k) => a[Math.floor(at / dim) * dim + k]! * b[k * dim + (at % dim)]!,
    ).reduce((s, x) => s + x, 0),
  );
const traceOf = (a: Float64Array, dim: number): number =>
  Array.from({ length: dim }, (_, j) => a[j * dim + j]!).reduce((s, x) => s + x, 0);
/** A symmetric positive definite matrix. */
const definite = (dim: number, call: number): Float64Array => {
  const g = gaussians(dim * dim, call);
  return times(
    g,
    Float64Array.from(g, (_, at) => g[(at % dim) * dim + Math.floor(at / dim)]!),
    dim,
  ).map((x, at) => x / dim + (at % (dim + 1) === 0 ? 0.1 : 0));
};
/** Each example mapped by a symmetric matrix. */
const mapped = (set: Float64Array, matrix: Float64Array, dim: number): Float64Array =>
  set.map((_, at) =>
    Array.from({ length: dim }, (__, k) => matrix[(at % dim) * dim + k]! * set[at - (at % dim) + k]!).reduce(
      (s, x) => s + x,
      0,
    ),
  );

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
  it('bears singular covariances: mimicry’s 16 + 16(3 − 2√2)', () => {
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
      // the trace is 48, off by n·2⁻⁵³·‖Σ‖ a term
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
      // Deviations are roots of squares, and a root and a difference of two at most 7 have two roundings
      // each.
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
    // Terms of about 20 and 16 of them: 16·20·2⁻⁵² with a decade to spare. The root of rounding errors would
    // be 1e−8.
    expect(frechetOfMoments({ real, fake }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real: fake, fake: real }).distance).toBeCloseTo(expected, 11);
    expect(frechetOfMoments({ real, fake }).settings).toMatchObject({ realRank: 16, fakeRank: 1 });
  });
  it('refuses statistics of unlike features', () => {
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

describe('frechetDistance', () => {
  it.each([1, 2, 5, 16, 40])(
    'is what the optimal map costs: Tr (T − I)Σ(T − I) for fake = T·real, T symmetric and positive (dim %i)',
    (dim) => {
      const n = 100;
      const real = gaussians(n * dim, dim);
      const T = definite(dim, 50 + dim);
      const off = T.map((x, at) => x - (at % (dim + 1) === 0 ? 1 : 0));
      const { covariance } = featureMoments(real, { dim });
      const expected = traceOf(times(times(off, covariance, dim), off, dim), dim);
      const { covariances, settings } = frechetDistance({ real, fake: mapped(real, T, dim) }, { dim });
      // dim²·2⁻⁵² and the condition of T, some 10²
      expect(Math.abs(covariances / expected - 1)).toBeLessThan(1e-10);
      const precision = 8 * (n + dim) * 2 ** -53;
      expect(settings).toEqual({
        metric: 'frechet-distance',
        features: 'raw',
        dim,
        ddof: 1,
        real: n,
        fake: n,
        realRank: dim,
        fakeRank: dim,
        precision,
        warning: null,
      });
    },
  );

  it('is 0 from a set to itself in any order, and ‖s‖² after a shift by s', () => {
    const [n, dim] = [64, 8];
    const set = gaussians(n * dim, 1);
    const zero = frechetDistance(
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
    expect(zero.distance).toBeLessThan(1e-13); // 2·Tr Σ, about 16, times dim·2⁻⁵³
    const { means, covariances } = frechetDistance(
      { real: set, fake: set.map((x, at) => x + (at % dim)) },
      { dim },
    );
    expect(means).toBeCloseTo(140, 11); // 0² + … + 7²
    expect(covariances).toBeLessThan(1e-12);
  });

  it('is a number, with a warning, for fewer examples than features: where sqrtm gives NaN', () => {
    for (const [n, dim] of [
      [4, 4],
      [2, 8],
      [5, 32],
      [32, 32],
    ] as const) {
      const [real, fake] = [gaussians(n * dim, n), gaussians(n * dim, n + 1)];
      const { distance, settings } = frechetDistance({ real, fake }, { dim });
      expect(distance).toBeGreaterThan(0);
      expect([settings.realRank, settings.fakeRank]).toEqual([n - 1, n - 1]);
      expect(settings.warning).toContain(`${n} examples for ${dim} features`);
      expect(frechetDistance({ real, fake: real }, { dim }).distance).toBeLessThan(
        8 * dim * 2 * dim * 2 ** -53,
      ); // 2·Tr Σ, about 2·dim, times dim·2⁻⁵³; 8 is ours
    }
    expect(
      frechetDistance({ real: gaussians(33 * 32, 1), fake: gaussians(33 * 32, 2) }, { dim: 32 }).settings,
    ).toMatchObject({ realRank: 32, warning: null });
  });

  it('adds up where the two laws share no direction: then Tr (Σ₁Σ₂)^½ = 0', () => {
    const [n, dim] = [50, 10];
    const [real, fake] = [0, 1].map((half) =>
      gaussians(n * dim, half).map((x, at) => (Math.floor((at % dim) / 5) === half ? x : 0)),
    );
    const [a, b] = [real!, fake!].map((set) => featureMoments(set, { dim }));
    const { covariances, settings } = frechetDistance({ real: real!, fake: fake! }, { dim });
    expect(covariances).toBeCloseTo(traceOf(a!.covariance, dim) + traceOf(b!.covariance, dim), 12);
    expect([settings.realRank, settings.fakeRank]).toEqual([5, 5]);
  });

  it('has a floor: real against real the means alone give dim(1/n + 1/m)', () => {
    const [n, m, dim] = [40, 60, 3];
    const perfect = (run: number) =>
      withPerfect(
        frechetDistance,
        {
          real: gaussians(n * dim, 3 * run),
          fake: gaussians(m * dim, 3 * run + 1),
          other: gaussians(m * dim, 3 * run + 2),
        },
        { dim },
      ).perfect;
    const { mean, error } = meanOf(300, (run) => perfect(run).means);
    expect(Math.abs(mean - dim * (1 / n + 1 / m))).toBeLessThan(5 * error);
    expect(perfect(0).distance).toBe(
      frechetDistance({ real: gaussians(n * dim, 0), fake: gaussians(m * dim, 2) }, { dim }).distance,
    );
  });

  it('refuses sets that are none', () => {
    const set = gaussians(20, 1);
    expect(() => frechetDistance({ real: set, fake: set.slice(1) }, { dim: 2 })).toThrow(
      'fake: 19 numbers; expected a multiple of 2',
    );
    expect(() =>
      frechetDistance({ real: joined(set, Float64Array.of(0, Number.NaN)), fake: set }, { dim: 2 }),
    ).toThrow('real: example 10 has NaN at coordinate 1');
  });
});

describe('features in unlike units', () => {
  const n = 200;
  const dim = 3;
  const scaledBy = (set: Float64Array, units: readonly number[]): Float64Array =>
    set.map((x, at) => x * units[at % units.length]!);
  /** √Tr Σ₁ + √Tr Σ₂, squared: what errors are relative to. */
  const size = (real: Float64Array, fake: Float64Array): number =>
    [real, fake]
      .map((set) => Math.sqrt(traceOf(featureMoments(set, { dim }).covariance, dim)))
      .reduce((a, b) => a + b) ** 2;

  it('have 0 from themselves, whatever the units: rounding enters squared', () => {
    for (const units of [
      [1e4, 1, 1],
      [1e4, 1, 1e-4],
      [1e9, 1, 1e-9],
      [1, 1e-70, 1e70],
    ]) {
      const set = scaledBy(gaussians(n * dim, 3), units);
      const { distance, settings } = frechetDistance({ real: set, fake: set.slice() }, { dim });
      // each entry of A is turned by a few roundings
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
  it('have 1 from diag(1e8, 1) to diag(1e8, 4), and (1 − 2)² in the small feature beside one of any size', () => {
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
  it('of correlated features, too: a small feature stretched by 2 beside large ones costs its own variance', () => {
    // x₃ is independent noise times 1e−6 plus nothing; fake = real·diag(1, 1, 2), the optimal map where Σ has
    // no entries beside x₃'s.
    const base = gaussians(n * dim, 4);
    const mixed = base.map((x, at) => (at % dim === 1 ? 0.9 * base[at - 1]! + 0.1 * x : x));
    const real = scaledBy(mixed, [1e6, 1e6, 1e-6]);
    const { covariance } = featureMoments(real, { dim });
    // of some draw they are not 0, but 1e-6·1e6/√n: T is optimal only for Σ without them
    const off = [2, 5].map((at) => covariance[at]!);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(1);
    const { covariances, error } = frechetDistance({ real, fake: scaledBy(real, [1, 1, 2]) }, { dim });
    // x₃'s part that the others do not explain is nearly all
    expect(covariances).toBeGreaterThan(0.5 * covariance[8]!);
    // what the map diag(1, 1, 2) costs, at most; rounding of Tr Σ is 1e8 times as much
    expect(covariances).toBeLessThanOrEqual(covariance[8]! * (1 + 1e-6));
    expect(error).toBeLessThan(1e-12 * size(real, real) * 8);
  });
  it('scale: by a power of 2 every figure does so to the bit, as far as float64 goes', () => {
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
  it('are measured within the error stated, from features and from moments alone', () => {
    // One dimension after another: Gaussians with independent features have the distances of their
    // deviations.
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
  it('in many dimensions take another way, with the same figure', () => {
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
  it('refuses moments of no set', () => {
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

import { describe, expect, it } from 'vitest';
import { featureMoments, frechetDistance, withPerfect } from '../src/index.js';
import { gaussians, joined, meanOf, reordered } from './samples.js';
import { definite, mapped, times, traceOf } from './covariances.js';

describe('frechetDistance', () => {
  it.each([1, 2, 5, 16, 40])(
    'is the cost of the optimal map: Tr (T − I)Σ(T − I) for fake = T·real, T symmetric and positive (dim %i)',
    (dim) => {
      const n = 100;
      const real = gaussians(n * dim, dim);
      const T = definite(dim, 50 + dim);
      const off = T.map((x, at) => x - (at % (dim + 1) === 0 ? 1 : 0));
      const { covariance } = featureMoments(real, { dim });
      const expected = traceOf(times(times(off, covariance, dim), off, dim), dim);
      const { covariances, settings } = frechetDistance({ real, fake: mapped(real, T, dim) }, { dim });
      // dim²·2⁻⁵² times the condition number of T, about 100
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

  it('is a number, with a warning, for fewer examples than features, for which sqrtm returns NaN', () => {
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
      ); // 2·Tr Σ, about 2·dim, times dim·2⁻⁵³; the factor 8 is ours
    }
    expect(
      frechetDistance({ real: gaussians(33 * 32, 1), fake: gaussians(33 * 32, 2) }, { dim: 32 }).settings,
    ).toMatchObject({ realRank: 32, warning: null });
  });

  it('is Tr Σ₁ + Tr Σ₂ for covariances with orthogonal ranges, for which Tr (Σ₁Σ₂)^½ = 0', () => {
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

  it('refuses invalid sets', () => {
    const set = gaussians(20, 1);
    expect(() => frechetDistance({ real: set, fake: set.slice(1) }, { dim: 2 })).toThrow(
      'fake: 19 numbers; expected a multiple of 2',
    );
    expect(() =>
      frechetDistance({ real: joined(set, Float64Array.of(0, Number.NaN)), fake: set }, { dim: 2 }),
    ).toThrow('real: example 10 has NaN at coordinate 1');
  });
});

import { InputError, permutation } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  densityCoverage,
  densityCoverageOfBalls,
  expectedCoverage,
  neighbourBalls,
  precisionRecall,
  precisionRecallOfBalls,
  withPerfect,
} from '../src/index.js';
import { gaussians, joined, meanOf, reordered, squaredDistances } from './samples.js';

/** All figures from full distance matrices, by the formulas of the papers. */
function byBruteForce(
  real: Float64Array,
  fake: Float64Array,
  dim: number,
  k: number,
): Record<'precision' | 'recall' | 'density' | 'coverage', number> {
  const radii = (set: Float64Array): number[] =>
    // place 0 is the example itself
    squaredDistances(set, set, dim).map((row) => [...row].sort((a, b) => a - b)[k]!);
  const [realRadii, fakeRadii] = [radii(real), radii(fake)];
  const between = squaredDistances(real, fake, dim);
  const [n, m] = [realRadii.length, fakeRadii.length];
  const share = (count: number, of: (i: number) => boolean): number =>
    Array.from({ length: count }, (_, i) => of(i)).filter(Boolean).length / count;
  return {
    precision: share(m, (j) => between.some((row, i) => row[j]! <= realRadii[i]!)),
    recall: share(n, (i) => between[i]!.some((d, j) => d <= fakeRadii[j]!)),
    density: between.reduce((sum, row, i) => sum + row.filter((d) => d < realRadii[i]!).length, 0) / (k * m),
    coverage: share(n, (i) => between[i]!.some((d) => d < realRadii[i]!)),
  };
}
const allFour = (real: Float64Array, fake: Float64Array, dim: number, k: number): object => {
  const { precision, recall } = precisionRecall({ real, fake }, { dim, k });
  const { density, coverage } = densityCoverage({ real, fake }, { dim, k });
  return { precision, recall, density, coverage };
};

describe('precision, recall, density, coverage', () => {
  it('are what is counted by hand, with `<=` and with `<` on the surface', () => {
    // Real radii 1, 1, 1, 8; fake radii 4.5, 4.5, 2, 2 (k = 1). 3 is on the ball of 2 and inside that of 10,
    // 18 on that of 10.
    const [real, fake] = [Float64Array.of(0, 1, 2, 10), Float64Array.of(-1.5, 3, 18, 20)];
    expect(allFour(real, fake, 1, 1)).toEqual({
      precision: 2 / 4,
      recall: 3 / 4,
      density: 1 / 4,
      coverage: 1 / 4,
    });
  });

  it.each([
    [1, 1, 9, 14],
    [2, 3, 40, 25],
    [3, 5, 30, 30],
    [8, 2, 20, 33],
    [13, 4, 17, 23],
    [1024, 3, 150, 90],
  ])(
    'equal the figures from full distance matrices, ties included (dim %i, k %i, %i real, %i fake)',
    (dim, k, n, m) => {
      // On whole numbers every distance is exact, and there are many ties; the last row has several tiles.
      const [real, fake] = [
        gaussians(n * dim, 1).map((x) => Math.round(2 * x)),
        gaussians(m * dim, 2).map((x) => Math.round(2 * x)),
      ];
      const expected = byBruteForce(real, fake, dim, k);
      // so that there is something to compare
      expect(Math.min(...Object.values(expected))).toBeGreaterThan(0);
      expect(allFour(real, fake, dim, k)).toEqual(expected);
      expect(
        allFour(reordered(real, dim, permutation(n, { seed: 1, purpose: 'test' })), fake, dim, k),
      ).toEqual(allFour(real, fake, dim, k));
      expect(allFour(Float64Array.from(Float32Array.from(real)), fake, dim, k)).toEqual(
        allFour(real, fake, dim, k),
      );
    },
  );

  it('rank real above fake: torch-fidelity’s orientation test', () => {
    const [n, dim] = [200, 16];
    const [fake, real] = [gaussians(n * dim, 3).map((x) => 0.1 * x), gaussians(n * dim, 4).map((x) => 3 * x)];
    const { precision, recall } = precisionRecall({ real, fake }, { dim });
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeLessThan(0.3);
    const swapped = precisionRecall({ real: fake, fake: real }, { dim });
    expect([swapped.precision, swapped.recall]).toEqual([recall, precision]);
  });

  it('are 1 with the surface and 0 without it, if all features are the same point', () => {
    const ones = new Float64Array(20).fill(1);
    expect(allFour(ones, ones, 2, 3)).toEqual({ precision: 1, recall: 1, density: 0, coverage: 0 });
  });

  it('do not detect copies of the real examples', () => {
    // Ball i holds strictly its own copy and those of k − 1 neighbours: kN of them in all.
    const real = gaussians(2 * 300, 5);
    for (const k of [1, 3, 5])
      expect(allFour(real, real, 2, k)).toEqual({ precision: 1, recall: 1, density: 1, coverage: 1 });
  });

  it('carry their settings', () => {
    const [real, fake] = [gaussians(40, 6), gaussians(60, 7)];
    expect(precisionRecall({ real, fake }, { dim: 4 }).settings).toEqual({
      metric: 'precision-recall',
      features: 'raw',
      dim: 4,
      k: 3,
      distance: 'euclidean',
      boundary: '<=',
      real: 10,
      fake: 15,
    });
    const figure = densityCoverage({ real, fake }, { dim: 4, features: 'cnn-1' });
    expect(figure.settings).toEqual({
      metric: 'density-coverage',
      features: 'cnn-1',
      dim: 4,
      k: 5,
      distance: 'euclidean',
      boundary: '<',
      real: 10,
      fake: 15,
    });
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  });

  it('accept balls computed before, and refuse balls of different features or k', () => {
    const [real, fake] = [gaussians(60, 8), gaussians(60, 9)];
    const of = (set: Float64Array, options: { dim?: number; k?: number; features?: string } = {}) =>
      neighbourBalls(set, { dim: 2, k: 3, ...options });
    expect(precisionRecallOfBalls({ real: of(real), fake: of(fake) })).toEqual(
      precisionRecall({ real, fake }, { dim: 2 }),
    );
    expect(densityCoverageOfBalls({ real: of(real), fake })).toEqual(
      densityCoverage({ real, fake }, { dim: 2, k: 3 }),
    );
    expect(() => precisionRecallOfBalls({ real: of(real), fake: of(fake, { k: 4 }) })).toThrow(
      'fake: statistics with k 4; expected k 3, as of the real examples',
    );
    expect(() => precisionRecallOfBalls({ real: of(real), fake: of(fake, { dim: 3 }) })).toThrow(
      'fake: statistics with dim 3; expected dim 2',
    );
    expect(() => precisionRecallOfBalls({ real: of(real, { features: 'a' }), fake: of(fake) })).toThrow(
      'with features raw; expected features a',
    );
  });

  it('refuse invalid sets, and a k that is not less than the number of examples', () => {
    const real = gaussians(20, 1);
    expect(() => precisionRecall({ real, fake: new Float64Array(3) }, { dim: 2 })).toThrow(
      'fake: 3 numbers; expected a multiple of 2',
    );
    expect(() => densityCoverage({ real, fake: Float64Array.of(0, Number.NaN) }, { dim: 2 })).toThrow(
      'fake: example 0 has NaN',
    );
    expect(() => precisionRecall({ real, fake: real }, { dim: 2, k: 10 })).toThrow(
      'k is 10; expected a whole number from 1 to 9, one less than the 10 examples of real',
    );
    expect(() => densityCoverage({ real, fake: real }, { dim: 2, k: 0 })).toThrow(InputError);
    expect(() =>
      withPerfect(precisionRecall, { real, fake: real, other: real.slice(2) }, { dim: 2 }),
    ).toThrow('other: 9 examples; expected 10, as many as the fake ones');
  });
});

describe('what a perfect sampler gets', () => {
  it('is known for coverage: 1 − Πⱼ(N − j)/(N + M − j)', () => {
    expect(expectedCoverage(2, 1, 1)).toBe(1 / 2);
    expect(expectedCoverage(3, 2, 2)).toBeCloseTo(1 - (2 / 4) * (1 / 3), 15);
    // k neighbours, all of them real: with N = M the product is 2⁻ᵏ up to k²/N.
    for (const k of [1, 3, 5])
      expect(Math.abs(expectedCoverage(1e6, 1e6, k) - (1 - 2 ** -k))).toBeLessThan(k * k * 1e-6);
    expect(1 - 2 ** -5).toBe(0.96875);
  });

  it.each([
    [50, 50, 5, 2],
    [40, 80, 3, 1],
    [60, 20, 2, 5],
  ])(
    'is the mean over runs of density and coverage, for any distribution (%i real, %i fake, k %i, dim %i)',
    (n, m, k, dim) => {
      const runs = 400;
      const law = (count: number, call: number): Float64Array =>
        gaussians(count * dim, call).map((x, at) => (at % dim === 0 ? x ** 3 : Math.abs(x)));
      const figures = Array.from({ length: runs }, (_, run) =>
        densityCoverage({ real: law(n, 2 * run), fake: law(m, 2 * run + 1) }, { dim, k }),
      );
      const { expected } = figures[0]!;
      for (const key of ['density', 'coverage'] as const) {
        const { mean, error } = meanOf(runs, (run) => figures[run]![key]);
        expect(Math.abs(mean - expected[key])).toBeLessThan(5 * error);
        expect(error).toBeLessThan(0.02); // so that the line above is a real condition
      }
    },
  );

  it('is measured by withPerfect for the others', () => {
    const [real, other] = [gaussians(400, 10), gaussians(300, 11)];
    const fake = joined(
      gaussians(150, 12),
      gaussians(150, 13).map((x) => 9 + x),
    );
    const { figure, perfect } = withPerfect(precisionRecall, { real, fake, other }, { dim: 2 });
    expect(figure).toEqual(precisionRecall({ real, fake }, { dim: 2 }));
    expect(perfect).toEqual(precisionRecall({ real, fake: other }, { dim: 2 }));
    expect(perfect.precision).toBeLessThan(1);
    expect(figure.precision).toBeLessThan(0.6 * perfect.precision); // half of the fakes are 9 deviations away
    expect(withPerfect(densityCoverage, { real, fake, other }, { dim: 2 }).perfect.expected).toEqual({
      density: 1,
      coverage: expectedCoverage(200, 150, 5),
    });
  });
});

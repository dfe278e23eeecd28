import { InputError, permutation } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { chiBelow } from '../src/chi.js';
import { modeCoverage, type KnownMixture } from '../src/index.js';
import { draw, reordered, ring } from './samples.js';

const P = 1 - Math.exp(-4.5);
const at = (mode: number, sigmas: number): number[] => [
  ring.centres[mode]![0]! + sigmas * ring.deviation,
  ring.centres[mode]![1]!,
];

describe('modeCoverage', () => {
  it('counts exactly', () => {
    // Five of high quality (2 + 3 in two modes), two beyond 3σ, one at the origin.
    const samples = Float64Array.from(
      [at(0, 0), at(0, 2.999), at(2, 0), at(2, -1), at(2, 2), at(4, 3.001), at(6, -4), [0, 0]].flat(),
    );
    const { modes, highQuality, reverseKl, histogram } = modeCoverage(samples, ring);
    expect([modes, highQuality, histogram]).toEqual([2, 5 / 8, [2, 0, 3, 0, 0, 0, 0, 0]]);
    expect(reverseKl).toBeCloseTo(0.4 * Math.log(0.4 * 8) + 0.6 * Math.log(0.6 * 8), 14);
  });

  it('is strict at the edge', () => {
    // powers of two: no rounding
    const line: KnownMixture = { name: 'line', centres: [[0], [8]], deviation: 0.5 };
    expect(modeCoverage(Float64Array.of(1.5, 9.5), line).highQuality).toBe(0);
    expect(modeCoverage(Float64Array.of(1.4999, 1.5, 9), line).histogram).toEqual([1, 1]);
    expect(modeCoverage(Float64Array.of(1.5, 9.5), line, { sigmas: 4 }).highQuality).toBe(1);
  });

  it('counts a mode by the share asked for', () => {
    const line: KnownMixture = { name: 'line', centres: [[0], [8], [16]], deviation: 1 };
    const samples = Float64Array.of(0, 0, 0, 0, 0, 8, 8, 16, 50, 60); // 5, 2 and 1 of 10
    for (const [share, modes] of [
      [0, 3],
      [0.1, 3],
      [0.11, 2],
      [0.2, 2],
      [0.21, 1],
      [1, 0],
    ] as const)
      expect(modeCoverage(samples, line, { share }).modes).toBe(modes);
    expect(() => modeCoverage(samples, line, { share: 1.5 })).toThrow(
      'share is 1.5; expected a number from 0 to 1, such as 0.01',
    );
  });

  it('compares the histogram with the modes’ weights', () => {
    const weights = [0.5, 0.25, 0.25];
    const line: KnownMixture = { name: 'line', centres: [[0], [8], [16]], deviation: 1, weights };
    const right = modeCoverage(Float64Array.of(0, 0, 8, 16), line);
    expect([right.reverseKl, right.reverseKlWorst]).toEqual([0, Math.log(4)]);
    const all = modeCoverage(Float64Array.of(8, 8, 8), line);
    expect(all.reverseKl).toBe(Math.log(4));
    const even = modeCoverage(Float64Array.of(0, 8, 16), line).reverseKl!;
    expect(even).toBeCloseTo((Math.log(2 / 3) + 2 * Math.log(4 / 3)) / 3, 14);
    for (const wrong of [[0.5, 0.5], [0.5, 0.5, 0], [0.5, 0.3, 0.3], 'even'])
      expect(() =>
        Reflect.apply(modeCoverage, undefined, [Float64Array.of(0), { ...line, weights: wrong }]),
      ).toThrow('expected a number > 0 for each of 3 modes, which sum to 1');
  });

  it('is the ceiling for a perfect sampler', () => {
    const n = 20_000;
    const { modes, highQuality, reverseKl, histogram, ceiling, settings } = modeCoverage(
      draw(ring, n, 0),
      ring,
    );
    expect(modes).toBe(8);
    expect(ceiling).toBeCloseTo(0.98889, 5);
    expect(Math.abs(highQuality - P)).toBeLessThan(5 * Math.sqrt((P * (1 - P)) / n)); // binomial, five s.d.
    const high = histogram.reduce((a, b) => a + b, 0);
    expect(high).toBe(Math.round(highQuality * n));
    // χ² with 7 degrees of freedom, in the limit
    expect(2 * high * reverseKl!).toBeLessThan(7 + 5 * Math.sqrt(14));
    expect(settings).toEqual({
      metric: 'mode-coverage',
      mixture: 'ring',
      samples: n,
      modes: 8,
      dim: 2,
      deviation: 0.01,
      sigmas: 3,
      share: 0,
    });
  });

  it("states a perfect sampler's mean reverse KL as its floor", () => {
    const [runs, n] = [200, 1000];
    const figures = Array.from({ length: runs }, (_, run) => modeCoverage(draw(ring, n, 100 + run), ring));
    const floor = figures[0]!.reverseKlFloor;
    expect(floor).toBeCloseTo(7 / (2 * n * P), 15);
    const mean = figures.reduce((sum, { reverseKl }) => sum + reverseKl!, 0) / runs;
    // 2nKL is χ² with 7 degrees of freedom: s.d. √14, so that of KL is floor·√14/7.
    expect(Math.abs(mean - floor)).toBeLessThan((5 * floor * Math.sqrt(14)) / 7 / Math.sqrt(runs));
  });

  it('gets worse as modes are lost, down to log 8 for one', () => {
    const all = [...ring.centres.keys()];
    const figures = all.map((_, k) => modeCoverage(draw(ring, 2000, k, all.slice(0, k + 1)), ring));
    expect(figures.map(({ modes }) => modes)).toEqual(all.map((k) => k + 1));
    figures.forEach(({ reverseKl, reverseKlWorst }, k) => {
      // log(8/kept) + KL to uniform over the kept, which is below (k + 5√(2k))/2n' for n' > 1,900 of high
      // quality
      const excess = reverseKl! - Math.log(8 / (k + 1));
      expect(excess).toBeGreaterThanOrEqual(-1e-15);
      expect(excess).toBeLessThan((k + 5 * Math.sqrt(2 * k)) / 3800 + 1e-15);
      expect(reverseKl).toBeLessThanOrEqual(reverseKlWorst);
    });
    expect(figures[0]!.reverseKl).toBeCloseTo(Math.log(8), 15);
    expect(figures[0]!.reverseKlWorst).toBe(Math.log(8));
  });

  it('gets worse as the samples spread', () => {
    // Deviation tσ: a sample is of high quality with probability 1 − e^{−4.5/t²}.
    const n = 5000;
    const shares = [1, 2, 4, 8].map((t) => {
      const p = 1 - Math.exp(-4.5 / t ** 2);
      const { highQuality } = modeCoverage(draw({ ...ring, deviation: t * ring.deviation }, n, t), ring);
      expect(Math.abs(highQuality - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
      return highQuality;
    });
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
  });

  it('has no reverse KL (null) without a sample of high quality', () => {
    const figure = modeCoverage(new Float32Array(20), ring);
    expect([figure.modes, figure.highQuality, figure.reverseKl]).toEqual([0, 0, null]);
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
  });

  it('is 0 for a uniform histogram, whatever the order of the samples', () => {
    const centres = Float64Array.from(ring.centres.flat());
    expect(modeCoverage(centres, ring)).toMatchObject({ modes: 8, highQuality: 1, reverseKl: 0 });
    const samples = Float64Array.from(draw(ring, 300, 5, [0, 3, 3, 4]));
    expect(modeCoverage(reordered(samples, 2, permutation(300, { seed: 1, purpose: 'test' })), ring)).toEqual(
      modeCoverage(samples, ring),
    );
  });

  it('works in any dimension, with the ceiling of that dimension', () => {
    for (const dim of [1, 3, 5]) {
      const mixture: KnownMixture = {
        name: 'corners',
        centres: [Array<number>(dim).fill(0), Array<number>(dim).fill(10)],
        deviation: 0.5,
      };
      const n = 20_000;
      const { highQuality, ceiling, modes } = modeCoverage(draw(mixture, n, dim), mixture);
      expect(modes).toBe(2);
      expect(Math.abs(highQuality - ceiling)).toBeLessThan(5 * Math.sqrt((ceiling * (1 - ceiling)) / n));
    }
  });

  it('refuses invalid samples', () => {
    expect(() => modeCoverage(new Float32Array(0), ring)).toThrow(
      'samples of ring: 0 numbers; expected a multiple of 2',
    );
    expect(() => modeCoverage(new Float32Array(5), ring)).toThrow(InputError);
    expect(() => modeCoverage(Float32Array.of(0, 0, 1, Number.NaN), ring)).toThrow(
      'samples of ring: example 1 has NaN at coordinate 1; expected finite numbers',
    );
    expect(() => modeCoverage(Float32Array.of(Infinity, 0), ring)).toThrow(
      'example 0 has Infinity at coordinate 0',
    );
    expect(() => modeCoverage(new Float32Array(2), { ...ring, centres: [] })).toThrow(
      'mixture ring: centres of lengths none',
    );
    expect(() => modeCoverage(new Float32Array(2), { ...ring, centres: [[0, 0], [1]] })).toThrow(
      'centres of lengths 2, 1; expected one length',
    );
    expect(() => modeCoverage(new Float32Array(2), { ...ring, deviation: 0 })).toThrow(
      'deviation is 0; expected a number > 0',
    );
    expect(() => modeCoverage(new Float32Array(2), ring, { sigmas: -1 })).toThrow('sigmas is -1');
  });
});

describe('chiBelow', () => {
  it('has the closed forms of small dimensions', () => {
    const erf3 = 0.9973002039367398; // erf(3/√2), Abramowitz and Stegun table 26.1
    expect(chiBelow(3, 1)).toBeCloseTo(erf3, 14);
    expect(chiBelow(3, 2)).toBeCloseTo(1 - Math.exp(-4.5), 15);
    expect(chiBelow(4, 2)).toBeCloseTo(1 - Math.exp(-8), 15);
    expect(chiBelow(3, 3)).toBeCloseTo(erf3 - Math.sqrt(2 / Math.PI) * 3 * Math.exp(-4.5), 14);
    expect(chiBelow(3, 4)).toBeCloseTo(1 - Math.exp(-4.5) * 5.5, 14); // 1 − e^{−x}(1 + x)
  });
  it('stays between 0 and 1 for very large radii and dimensions', () => {
    expect([chiBelow(100, 2), chiBelow(3, 100_000), chiBelow(1e-200, 5)]).toEqual([1, 0, 0]);
  });
});

import { dot, permutation, uniform } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  slicedWasserstein,
  slicedWassersteinReport,
  squaredWasserstein1d,
  unitDirections,
} from '../src/index.js';
import { gaussians, reordered } from './samples.js';

const shifted = (samples: Float64Array, s: readonly number[]): Float64Array =>
  samples.map((x, at) => x + s[at % s.length]!);

/** Mean over the directions of ⟨s, θ⟩²: what a shift by s does to the squared distance, exactly. */
function shiftSquared(s: readonly number[], projections: number): number {
  const directions = unitDirections({ dim: s.length, projections });
  const vector = Float64Array.from(s);
  let sum = 0;
  for (let p = 0; p < projections; p++)
    sum += dot(directions.subarray(p * s.length, (p + 1) * s.length), vector) ** 2;
  return sum / projections;
}

describe('squaredWasserstein1d', () => {
  it('has the closed forms', () => {
    const x = gaussians(1000, 0).sort();
    expect(squaredWasserstein1d(x, x)).toBe(0);
    expect(squaredWasserstein1d(Float64Array.of(0), Float64Array.of(-1, 3))).toBe(5); // (1 + 9)/2
    // 0·⅓ + ¼·⅙ + ¼·⅙ + 0·⅓
    expect(squaredWasserstein1d(Float64Array.of(0, 1), Float64Array.of(0, 0.5, 1))).toBeCloseTo(1 / 12, 15);
  });

  it('is (μ₁ − μ₂)² + (σ₁ − σ₂)² for Gaussians', () => {
    // On x and μ + σx it is the mean of (μ + (σ − 1)x)², so off the closed form by x̄ (s.e. 1/√n) and the
    // mean of x² (s.e. √(2/n)).
    const n = 20_000;
    const x = gaussians(n, 1).sort();
    for (const [mean, deviation] of [
      [3, 1],
      [0, 2],
      [-1, 0.5],
      [2, 3],
    ] as const) {
      const squared = squaredWasserstein1d(
        x,
        x.map((value) => mean + deviation * value),
      );
      const bound =
        (5 * (2 * Math.abs(mean * (deviation - 1)) + (deviation - 1) ** 2 * Math.SQRT2)) / Math.sqrt(n);
      expect(Math.abs(squared - mean ** 2 - (deviation - 1) ** 2)).toBeLessThanOrEqual(bound + 1e-12);
    }
  });

  it('matches quantiles of unequal sets as if each were repeated to a common size', () => {
    for (const [n, m] of [
      [1, 7],
      [4, 6],
      [10, 5],
      [9, 14],
      [13, 12],
    ] as const) {
      const [a, b] = [gaussians(n, n).sort(), gaussians(m, 50 + m).sort()];
      const repeat = (v: Float64Array, times: number): Float64Array =>
        Float64Array.from({ length: v.length * times }, (_, i) => v[Math.floor(i / times)]!);
      // Two sums of at most nm terms in another order: a relative 2nm·2⁻⁵³ apart.
      expect(
        Math.abs(squaredWasserstein1d(a, b) / squaredWasserstein1d(repeat(a, m), repeat(b, n)) - 1),
      ).toBeLessThan(2 * n * m * 2 ** -52);
      expect(squaredWasserstein1d(b, a)).toBe(squaredWasserstein1d(a, b));
    }
  });
});

describe('slicedWasserstein', () => {
  it('in one dimension is W₂', () => {
    expect(slicedWasserstein(Float64Array.of(3, 1, 2), Float64Array.of(7, 5, 6), { dim: 1 })).toBeCloseTo(
      4,
      14,
    );
  });

  it('is ‖s‖/√dim in the mean for a shift by s', () => {
    for (const [dim, projections] of [
      [2, 128],
      [7, 64],
      [50, 257],
    ] as const) {
      const real = gaussians(40 * dim, dim);
      const s = [...gaussians(dim, 90 + dim)];
      const length2 = s.reduce((sum, x) => sum + x * x, 0);
      const squared = slicedWasserstein(shifted(real, s), real, { dim, projections }) ** 2;
      expect(squared / shiftSquared(s, projections)).toBeCloseTo(1, 12);
      // ⟨ŝ, θ⟩² has mean 1/d and second moment 3/(d(d + 2)).
      const deviation = Math.sqrt((3 / (dim * (dim + 2)) - 1 / dim ** 2) / projections);
      expect(Math.abs(squared / length2 - 1 / dim)).toBeLessThan(5 * deviation);
    }
  });

  it('is a metric: 0 from a set to itself, symmetric, with the triangle inequality; it scales with the data', () => {
    for (let draw = 0; draw < 30; draw++) {
      const dim = 1 + (draw % 5);
      const options = { dim, projections: 1 + (draw % 9), seed: draw };
      const [n, m, k] = [1 + ((draw * 7) % 11), 1 + ((draw * 5) % 13), 1 + ((draw * 3) % 8)];
      const [a, b, c] = [
        gaussians(n * dim, 3 * draw),
        gaussians(m * dim, 3 * draw + 1).map((x) => 2 * x + 1),
        gaussians(k * dim, 3 * draw + 2),
      ];
      const ab = slicedWasserstein(a, b, options);
      expect(slicedWasserstein(a, a, options)).toBe(0);
      expect(slicedWasserstein(b, a, options)).toBe(ab);
      expect(ab).toBeLessThanOrEqual(
        (slicedWasserstein(a, c, options) + slicedWasserstein(c, b, options)) * (1 + 1e-12),
      );
      expect(
        slicedWasserstein(
          a.map((x) => 4 * x),
          b.map((x) => 4 * x),
          options,
        ),
      ).toBe(4 * ab);
      expect(
        slicedWasserstein(reordered(a, dim, permutation(n, { seed: draw, purpose: 'test' })), b, options),
      ).toBe(ab);
    }
  });

  it('accepts Float32Array as well', () => {
    const [a, b] = [Float32Array.from(gaussians(200, 1)), Float32Array.from(gaussians(100, 2))];
    expect(slicedWasserstein(a, b, { dim: 2 })).toBe(
      slicedWasserstein(Float64Array.from(a), Float64Array.from(b), { dim: 2 }),
    );
  });

  it('has, from real to real, the expected value that follows from order statistics', () => {
    // Two sets of n uniform numbers: E W₂² = (2/n) Σ Var U₍ᵢ₎ = 1/(3(n + 1)).
    const [runs, n] = [400, 50];
    const squares = Array.from({ length: runs }, (_, run) => {
      const both = uniform(new Float64Array(2 * n), { seed: 3, purpose: 'test', call: run });
      return slicedWasserstein(both.slice(0, n), both.slice(n), { dim: 1, projections: 1 }) ** 2;
    });
    const mean = squares.reduce((a, b) => a + b, 0) / runs;
    const variance = squares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (runs - 1);
    expect(Math.abs(mean - 1 / (3 * (n + 1)))).toBeLessThan(5 * Math.sqrt(variance / runs));
  });

  it('reports its floor and settings, and grows with the shift within the bounds of the triangle inequality', () => {
    const [dim, n, m] = [6, 300, 500];
    const [real, other] = [gaussians(m * dim, 200), gaussians(n * dim, 201)];
    const s = [1, 0, -1, 2, 0, 0];
    const step = Math.sqrt(shiftSquared(s, 32));
    const figures = [0, 1, 2, 4].map((t) =>
      slicedWassersteinReport(
        shifted(
          other,
          s.map((x) => t * x),
        ),
        real,
        other,
        { dim, projections: 32 },
      ),
    );
    const { floor, settings } = figures[0]!;
    expect(settings).toEqual({
      metric: 'sliced-wasserstein',
      order: 2,
      features: 'raw',
      dim,
      projections: 32,
      seed: 0,
      fake: n,
      real: m,
    });
    expect(floor).toBe(slicedWasserstein(other, real, { dim, projections: 32 }));
    expect(figures[0]!.distance).toBe(floor);
    expect(2 * floor).toBeLessThan(step); // so that the bounds below do not overlap
    [0, 1, 2, 4].forEach((t, i) =>
      expect(Math.abs(figures[i]!.distance - t * step)).toBeLessThanOrEqual(floor * (1 + 1e-12)),
    );
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it('has unit directions; fewer directions are the first of more', () => {
    const more = unitDirections({ dim: 784, projections: 5, seed: 1 });
    for (let p = 0; p < 5; p++) expect(dot(more, more, p * 784, (p + 1) * 784)).toBeCloseTo(1, 14);
    expect(unitDirections({ dim: 784, projections: 3, seed: 1 })).toEqual(more.subarray(0, 3 * 784));
    expect(unitDirections({ dim: 784, projections: 3 })).not.toEqual(more.subarray(0, 3 * 784));
  });

  it('refuses invalid sets', () => {
    const real = gaussians(20, 1);
    expect(() => slicedWasserstein(new Float32Array(3), real, { dim: 2 })).toThrow(
      'fake: 3 numbers; expected a multiple of 2 > 0, 2 for each example (the nearest: 4)',
    );
    expect(() => slicedWasserstein(real, new Float32Array(0), { dim: 2 })).toThrow('real: 0 numbers');
    expect(() => slicedWasserstein(real, Float64Array.of(0, Number.NaN), { dim: 2 })).toThrow(
      'real: example 0 has NaN at coordinate 1; expected finite numbers only',
    );
    expect(() => slicedWasserstein(real, real, { dim: 0 })).toThrow('dim is 0; expected a whole number > 0');
    expect(() => slicedWasserstein(real, real, { dim: 2, projections: 0 })).toThrow(
      'projections is 0; expected a whole number > 0, such as 128',
    );
    expect(() => slicedWasserstein(real, real, { dim: 2, seed: -1 })).toThrow('seed is -1');
    expect(() => slicedWassersteinReport(real, real, real.slice(2), { dim: 2 })).toThrow(
      'other: 9 examples; expected 10, as many as the fake ones',
    );
  });
});

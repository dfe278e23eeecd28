import { describe, expect, it } from 'vitest';
import { fourGaussians, mixture } from '../src/index.js';

describe('fourGaussians', () => {
  it('has the centres of five angles from 0 to 2π, the two that coincide as one of twice the weight', () => {
    const { centres, weights, deviation, shape } = fourGaussians();
    expect([shape, deviation]).toEqual([[2], 0.01]);
    const shares = [0, 0, 0, 0];
    for (let k = 0; k < 5; k++) {
      const θ = (2 * Math.PI * k) / 4;
      const at = centres.findIndex(([x = 9, y = 9]) => Math.hypot(x - Math.sin(θ), y - Math.cos(θ)) < 1e-9);
      shares[at] = shares[at]! + 0.2;
    }
    weights!.forEach((weight, k) => expect(weight).toBeCloseTo(shares[k]!, 12));
  });
  it('draws them so often', () => {
    const n = 50_000;
    const { batch, centres, weights, deviation } = fourGaussians();
    const points = batch(n, { seed: 5, call: 0 });
    const counts = [0, 0, 0, 0];
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const far = centres.map(([x = 0, y = 0]) => Math.hypot(points[2 * i]! - x, points[2 * i + 1]! - y));
      const k = far.indexOf(Math.min(...far));
      counts[k] = counts[k]! + 1;
      squares += far[k]! ** 2;
    }
    // five standard errors of a binomial count and of a variance of 2n
    counts.forEach((count, k) => {
      const p = weights![k]!;
      expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)));
    });
    expect(Math.abs(squares / (2 * n) / deviation ** 2 - 1)).toBeLessThan(5 / Math.sqrt(n));
    expect(batch(7, { seed: 5, call: 0 })).toEqual(points.slice(0, 14));
  });
  it('weights have any scale, and equal ones draw what none do', () => {
    const options = { name: 'two', describe: 'two', centres: [[0], [5]], deviation: 0.1 };
    const stream = { seed: 1, call: 0 };
    expect(mixture({ ...options, weights: [3, 9] }).weights).toEqual([0.25, 0.75]);
    expect(mixture({ ...options, weights: [4, 4] }).batch(50, stream)).toEqual(
      mixture(options).batch(50, stream),
    );
    expect(mixture({ ...options, weights: [1, 2] }).identity).not.toEqual(mixture(options).identity);
    for (const weights of [[1], [1, 0], [1, NaN], 3])
      expect(() => Reflect.apply(mixture, undefined, [{ ...options, weights }])).toThrow(
        'expected a number > 0 for each of 2 centres',
      );
  });
});

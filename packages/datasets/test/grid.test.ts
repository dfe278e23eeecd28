import { describe, expect, it } from 'vitest';
import { grid } from '../src/index.js';

const PACGAN = [-4, -2, 0, 2, 4];

describe('grid', () => {
  it("is PacGAN's by default", () => {
    const { name, shape, centres, deviation } = grid();
    expect([name, shape, deviation]).toEqual(['grid', [2], 0.05]);
    expect(centres).toEqual(PACGAN.flatMap((x) => PACGAN.map((y) => [x, y])));
  });

  it("is WGAN-GP's on request: centres and deviation divided alike; sizes given are in data units", () => {
    const { centres, deviation, describe: words } = grid({ convention: 'wgan-gp' });
    expect(deviation).toBe(0.05 / 2.828);
    // gan_toy.py: 2i / 2.828 for i = −2 … 2, here as (2/2.828)·i: one rounding more.
    const expected = PACGAN.flatMap((x) => PACGAN.map((y) => [x / 2.828, y / 2.828]));
    centres.forEach((centre, k) =>
      centre.forEach((x, j) => expect(Math.abs(x - expected[k]![j]!)).toBeLessThanOrEqual(2 ** -52)),
    );
    expect(words).toBe(
      '25 equally likely Gaussians on a square grid, 0.707214 apart, deviation 0.0176803; new points in every batch',
    );
    expect(grid({ convention: 'wgan-gp', spacing: 2 }).centres).toEqual(grid().centres);
    expect(grid({ convention: 'wgan-gp', spacing: 2 }).deviation).toBe(0.05 / 2.828);
  });

  it('lies around the origin for any side', () => {
    expect(grid({ side: 1 }).centres).toEqual([[0, 0]]);
    expect(grid({ side: 2, spacing: 3 }).centres).toEqual([
      [-1.5, -1.5],
      [-1.5, 1.5],
      [1.5, -1.5],
      [1.5, 1.5],
    ]);
    expect(grid({ side: 4 }).centres).toHaveLength(16);
  });

  it.each(['pacgan', 'wgan-gp'] as const)(
    'has the shares, means and variances of its definition (%s)',
    (convention) => {
      const n = 100_000;
      const { centres, deviation, batch } = grid({ convention });
      const spacing = centres[1]![1]! - centres[0]![1]!;
      const points = batch(n, { seed: 5, call: 0 });
      const counts = centres.map(() => 0);
      const [sums, squares] = [
        [0, 0],
        [0, 0],
      ];
      let product = 0;
      for (let i = 0; i < n; i++) {
        const [p, q] = [points[2 * i]!, points[2 * i + 1]!].map((x) => Math.round(x / spacing));
        const k = 5 * (p! + 2) + q! + 2;
        const off = [0, 1].map((j) => points[2 * i + j]! - centres[k]![j]!);
        counts[k] = counts[k]! + 1;
        off.forEach((d, j) => {
          sums[j] = sums[j]! + d;
          squares[j] = squares[j]! + d * d;
        });
        product += off[0]! * off[1]!;
      }
      // Five standard errors of: a binomial count with p = 1/25, a mean of n, a variance of n (√(2/n)), a
      // correlation of n (1/√n).
      for (const count of counts)
        expect(Math.abs(count - n / 25)).toBeLessThan(5 * Math.sqrt((n / 25) * (24 / 25)));
      for (const sum of sums) expect(Math.abs(sum / n)).toBeLessThan((5 * deviation) / Math.sqrt(n));
      for (const square of squares)
        expect(Math.abs(square / n / deviation ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
      expect(Math.abs(product / n / deviation ** 2)).toBeLessThan(5 / Math.sqrt(n));
    },
  );

  it('is a pure function of the stream, and begins a longer batch with the shorter one', () => {
    const { batch } = grid();
    const stream = { seed: 1, call: 2, player: 1, worker: 3 };
    const long = batch(64, stream);
    expect(grid().batch(64, stream)).toEqual(long);
    for (const size of [1, 2, 3, 63]) expect(batch(size, stream)).toEqual(long.subarray(0, 2 * size));
    for (const other of [{ seed: 2 }, { call: 3 }, { player: 0 }, { worker: 0 }])
      expect(batch(64, { ...stream, ...other })).not.toEqual(long);
  });

  it('refuses invalid arguments', () => {
    expect(() => grid({ side: 0 })).toThrow('grid: side is 0; expected a whole number > 0, such as 5');
    expect(() => grid({ side: 2.5 })).toThrow('grid: side is 2.5');
    expect(() => grid({ spacing: 0 })).toThrow('grid: spacing is 0; expected a number > 0, such as 2');
    expect(() => grid({ spacing: Number.NaN })).toThrow('grid: spacing is NaN');
    expect(() => grid({ deviation: -1 })).toThrow('grid: deviation is -1; expected a number > 0');
    expect(() => grid().batch(0, { seed: 1, call: 0 })).toThrow('grid: batch size is 0');
  });
});

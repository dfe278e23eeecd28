import { describe, expect, it } from 'vitest';
import { memorisation } from '../src/index.js';
import { gaussians, meanOf } from './samples.js';

const of = (...xs: number[]): Float64Array => Float64Array.from(xs);
const share = (fake: Float64Array, real: Float64Array, train: Float64Array, dim = 1): number =>
  memorisation({ train, real, fake }, { dim }).share;

describe('memorisation', () => {
  it('counts pairs, ties as half: by hand', () => {
    // distances to the nearest of 0 and 10: fakes 1, 2; held out 2, 3, 0.5
    expect(share(of(1, 12), of(2, 7, 9.5), of(0, 10))).toBe((1 + 1 + 0 + 0.5 + 1 + 0) / 6);
  });
  it('is 1 for copies of training examples, 0 for samples far away, ½ for the held-out examples themselves', () => {
    const [train, real] = [gaussians(300, 1), gaussians(210, 2)];
    expect(share(train.slice(0, 90), real, train, 3)).toBe(1);
    expect(
      share(
        real.map((x) => x + 100),
        real,
        train,
        3,
      ),
    ).toBe(0);
    expect(share(real, real, train, 3)).toBe(0.5);
  });
  it('is that of a search over all pairs, in a dimension that is no multiple of 8 and over several tiles', () => {
    const dim = 13;
    const [train, real, fake] = [gaussians(6000 * dim, 3), gaussians(11 * dim, 4), gaussians(9 * dim, 5)];
    const nearest = (set: Float64Array): number[] =>
      Array.from({ length: set.length / dim }, (_, i) => {
        let least = Infinity;
        for (let t = 0; t < 6000; t++) {
          let sum = 0;
          for (let j = 0; j < dim; j++) sum += (set[i * dim + j]! - train[t * dim + j]!) ** 2;
          least = Math.min(least, sum);
        }
        return least;
      });
    const [held, theirs] = [nearest(real), nearest(fake)];
    const pairs = theirs.flatMap((x) => held.map((y) => (x < y ? 1 : x === y ? 0.5 : 0)));
    expect(share(fake, real, train, dim)).toBe(pairs.reduce<number>((sum, x) => sum + x, 0) / 99);
  });
  it('is ½ for a perfect sampler, with the standard deviation that it states, whatever the training examples', () => {
    const train = gaussians(40, 6).map((x) => 3 * x + 1);
    const runs = 400;
    const [n, m] = [30, 50];
    const figure = (run: number) =>
      memorisation(
        { train, real: gaussians(2 * m, 1000 + run), fake: gaussians(2 * n, 9000 + run) },
        { dim: 2 },
      );
    const { mean, error } = meanOf(runs, (run) => figure(run).share);
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * error);
    // the deviation over 400 runs is known to 1/√(2·400) = 3.5 %; five times that
    const { standardDeviation } = figure(0);
    expect(standardDeviation).toBe(Math.sqrt((n + m + 1) / (12 * n * m)));
    expect(Math.abs((error * Math.sqrt(runs)) / standardDeviation - 1)).toBeLessThan(0.18);
  });
  it('does not depend on units, down to 1e-240 and up to 1e150', () => {
    const [train, real, fake] = [gaussians(60, 7), gaussians(40, 8), gaussians(50, 9)];
    for (const k of [-800, 498]) {
      const scaled = (set: Float64Array): Float64Array => set.map((x) => x * 2 ** k);
      expect(share(scaled(fake), scaled(real), scaled(train), 2)).toBe(share(fake, real, train, 2));
    }
  });
});

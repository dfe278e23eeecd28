import { describe, expect, it } from 'vitest';
import { mixture, ring } from '../src/index.js';

describe('ring', () => {
  it("is PacGAN's by default", () => {
    const { name, shape, centres, deviation } = ring();
    expect([name, shape, deviation, centres.length]).toEqual(['ring', [2], 0.01, 8]);
    expect(centres[0]).toEqual([1, 0]);
    expect(centres[1]![0]).toBeCloseTo(Math.SQRT1_2, 15);
    expect(centres[2]![1]).toBe(1);
  });

  it("is WGAN-GP's on request: centres and deviation divided alike; sizes given are in data units", () => {
    const { centres, deviation } = ring({ convention: 'wgan-gp' });
    expect(deviation).toBe(0.02 / 1.414);
    centres.forEach((centre, k) => {
      // gan_toy.py: 2·(cos, sin) / 1.414, here as (2/1.414)·(cos, sin): two roundings each.
      expect(Math.abs(centre[0]! - (2 * Math.cos((Math.PI * k) / 4)) / 1.414)).toBeLessThanOrEqual(2 ** -51);
      expect(Math.abs(centre[1]! - (2 * Math.sin((Math.PI * k) / 4)) / 1.414)).toBeLessThanOrEqual(2 ** -51);
    });
    expect(ring({ convention: 'wgan-gp', radius: 1 }).centres).toEqual(ring().centres);
    expect(ring({ convention: 'wgan-gp', radius: 1 }).deviation).toBe(0.02 / 1.414);
    expect(ring({ convention: 'wgan-gp', deviation: 0.01 }).deviation).toBe(0.01);
    const misspelt = JSON.parse('{"convention":"wgan"}');
    expect(() => ring(misspelt)).toThrow(
      'ring: convention is wgan; expected pacgan or wgan-gp (the nearest: wgan-gp)',
    );
  });

  it('has the mean shares, means and variances of its definition', () => {
    const n = 80_000;
    const { centres, deviation, batch } = ring();
    const points = batch(n, { seed: 5, call: 0 });
    const counts = Array.from({ length: 8 }, () => 0);
    const sums = [0, 0];
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const [x, y] = [points[2 * i]!, points[2 * i + 1]!];
      const k = (Math.round((Math.atan2(y, x) * 8) / (2 * Math.PI)) + 8) % 8;
      const [dx, dy] = [x - centres[k]![0]!, y - centres[k]![1]!];
      counts[k] = counts[k]! + 1;
      sums[0] = sums[0]! + dx;
      sums[1] = sums[1]! + dy;
      squares += dx * dx + dy * dy;
    }
    // Five standard errors of: a binomial count with p = 1/8, a mean of n, a variance of 2n (s.e. √(2/2n)).
    for (const count of counts) expect(Math.abs(count - n / 8)).toBeLessThan(5 * Math.sqrt((n * 7) / 64));
    for (const sum of sums) expect(Math.abs(sum / n)).toBeLessThan((5 * deviation) / Math.sqrt(n));
    expect(Math.abs(squares / (2 * n) / deviation ** 2 - 1)).toBeLessThan(5 / Math.sqrt(n));
  });

  it('is a pure function of seed, call, player and worker', () => {
    const { batch } = ring();
    const base = { seed: 1, call: 2, player: 1, worker: 3 };
    const points = batch(16, base);
    expect(batch(16, base)).toEqual(points);
    expect(ring().batch(16, base)).toEqual(points);
    for (const other of [{ seed: 2 }, { call: 3 }, { player: 0 }, { worker: 0 }])
      expect(batch(16, { ...base, ...other })).not.toEqual(points);
    expect(batch(16, { seed: 1, call: 2 })).toEqual(batch(16, { seed: 1, call: 2, player: 0, worker: 0 }));
  });

  it('begins a longer batch with the shorter one', () => {
    const { batch } = ring();
    const long = batch(100, { seed: 1, call: 0 });
    for (const size of [1, 2, 3, 7, 99])
      expect(batch(size, { seed: 1, call: 0 })).toEqual(long.subarray(0, 2 * size));
  });

  it('writes to the array given, and to no other memory', () => {
    const { batch } = ring();
    const memory = new Float32Array(10).fill(7);
    const out = memory.subarray(1, 9);
    expect(batch(4, { seed: 1, call: 0 }, out)).toBe(out);
    expect(out).toEqual(batch(4, { seed: 1, call: 0 }));
    expect([memory[0], memory[9]]).toEqual([7, 7]);
    expect(() => batch(5, { seed: 1, call: 0 }, out)).toThrow(
      'ring: out holds 8 numbers; expected 10 for 5 examples of shape [2]',
    );
  });

  it('refuses invalid arguments', () => {
    const { batch } = ring();
    expect(() => batch(0, { seed: 1, call: 0 })).toThrow('ring: batch size is 0; expected an integer from 1');
    expect(() => batch(1.5, { seed: 1, call: 0 })).toThrow('batch size is 1.5');
    expect(() => batch(1, { seed: -1, call: 0 })).toThrow('ring: seed is -1');
    expect(() => batch(1, { seed: 1, call: 2 ** 32 })).toThrow('ring: call is 4294967296');
    expect(() => ring({ modes: 0 })).toThrow('ring: modes is 0; expected a whole number > 0');
    expect(() => ring({ radius: Number.NaN })).toThrow('radius is NaN');
    expect(() => ring({ deviation: 0 })).toThrow('deviation is 0; expected a number > 0');
    expect(() => mixture({ name: 'm', describe: '', centres: [[0], [1, 2]], deviation: 1 })).toThrow(
      'm: centre 1 is [1, 2]; expected 1 finite numbers',
    );
    expect(() => mixture({ name: 'm', describe: '', centres: [], deviation: 1 })).toThrow('m: no centre');
  });
});

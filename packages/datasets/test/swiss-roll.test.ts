import { describe, expect, it } from 'vitest';
import { swissRoll } from '../src/index.js';

const stream = { seed: 3, call: 0 };
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Fails if the sample mean is further than five of its own standard errors from the expected mean. */
function expectMean(values: readonly number[], expected: number): void {
  const found = mean(values);
  const error = Math.sqrt(mean(values.map((x) => (x - found) ** 2)) / values.length);
  expect(Math.abs(found - expected)).toBeLessThan(5 * error);
}

describe('swissRoll', () => {
  it('without noise lies on the spiral: its radius is its angle, from 1.5π to 4.5π', () => {
    const n = 5000;
    const points = swissRoll({ noise: 0, divisor: 1 }).batch(n, stream);
    const radii = Array.from({ length: n }, (_, i) => Math.hypot(points[2 * i]!, points[2 * i + 1]!));
    radii.forEach((t, i) => {
      // float32 coordinates of at most 4.5π < 16 are off by 2⁻²¹ each; the angle moves the point by t times
      // as much.
      const bound = 2 ** -20 * (1 + t);
      expect(Math.abs(points[2 * i]! - t * Math.cos(t))).toBeLessThan(bound);
      expect(Math.abs(points[2 * i + 1]! - t * Math.sin(t))).toBeLessThan(bound);
      expect(t).toBeGreaterThan(1.5 * Math.PI - bound);
      expect(t).toBeLessThan(4.5 * Math.PI + bound);
    });
    expectMean(radii, 3 * Math.PI); // t is uniform
    expectMean(
      radii.map((t) => (t - 3 * Math.PI) ** 2),
      (3 * Math.PI) ** 2 / 12,
    );
  });

  it('has the moments of its law, with the sizes of WGAN-GP’s code by default', () => {
    const [n, noise] = [100_000, 0.25];
    const points = swissRoll().batch(n, stream);
    const [x, y] = [0, 1].map((j) => Array.from({ length: n }, (_, i) => 7.5 * points[2 * i + j]!));
    // With t uniform on [1.5π, 4.5π]: E t cos t = 2, E t sin t = 2/(3π), E t² = 39π²/4, E t² cos 2t = −1/2, E
    // t² sin 2t = 3π.
    expectMean(x!, 2);
    expectMean(y!, 2 / (3 * Math.PI));
    expectMean(
      x!.map((v) => v * v),
      (39 * Math.PI ** 2) / 8 - 1 / 4 + noise ** 2,
    );
    expectMean(
      y!.map((v) => v * v),
      (39 * Math.PI ** 2) / 8 + 1 / 4 + noise ** 2,
    );
    expectMean(
      x!.map((v, i) => v * y![i]!),
      (3 * Math.PI) / 2,
    );
  });

  it('adds the noise before the division, so that it is divided too', () => {
    const [n, noise] = [20_000, 0.25];
    const [noisy, bare] = [
      swissRoll({ noise, divisor: 2 }).batch(n, stream),
      swissRoll({ noise: 0, divisor: 2 }).batch(n, stream),
    ];
    const off = Array.from(noisy, (v, i) => (2 * (v - bare[i]!)) / noise);
    expectMean(off, 0);
    expectMean(
      off.map((v) => v * v),
      1,
    );
  });

  it('is a pure function of the stream, and begins a longer batch with the shorter one', () => {
    const { batch } = swissRoll();
    const base = { seed: 1, call: 2, player: 1, worker: 3 };
    const long = batch(64, base);
    expect(swissRoll().batch(64, base)).toEqual(long);
    for (const size of [1, 2, 3, 63]) expect(batch(size, base)).toEqual(long.subarray(0, 2 * size));
    for (const other of [{ seed: 2 }, { call: 3 }, { player: 0 }, { worker: 0 }])
      expect(batch(64, { ...base, ...other })).not.toEqual(long);
    const memory = new Float32Array(8);
    expect(batch(4, base, memory)).toBe(memory);
    expect(memory).toEqual(long.slice(0, 8));
  });

  it('refuses invalid arguments', () => {
    expect(() => swissRoll({ noise: -1 })).toThrow(
      'swiss-roll: noise is -1; expected a number >= 0, such as 0.25',
    );
    expect(() => swissRoll({ divisor: 0 })).toThrow(
      'swiss-roll: divisor is 0; expected a number > 0, such as 7.5',
    );
    expect(() => swissRoll().batch(4, stream, new Float32Array(7))).toThrow(
      'swiss-roll: out holds 7 numbers; expected 8',
    );
  });
});

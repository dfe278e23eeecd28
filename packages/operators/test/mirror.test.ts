import { describe, expect, it } from 'vitest';
import { entropyStep, mirrors, normal, uniform, type Vector } from '../src/index.js';

const step = (from: readonly number[], γ: number, g: readonly number[]): number[] => {
  const out = new Float64Array(from.length);
  entropyStep(out, Float64Array.from(from), γ, Float64Array.from(g));
  return Array.from(out);
};

describe('the entropy mirror step', () => {
  it('is multiplicative weights, as computed by hand', () => {
    expect(step([0.5, 0.5], 1, [Math.log(3), 0])).toEqual([
      expect.closeTo(0.25, 15),
      expect.closeTo(0.75, 15),
    ]);
    expect(step([1, 2, 1], 2, [0, Math.log(2) / 2, 0])).toEqual([
      expect.closeTo(4 / 3, 15),
      expect.closeTo(4 / 3, 15),
      expect.closeTo(4 / 3, 15),
    ]); // the sum, 4, is kept
    expect(step([0.3, 0.7], 0, [5, -5])).toEqual([expect.closeTo(0.3, 15), expect.closeTo(0.7, 15)]);
    expect(step([7], 3, [100])).toEqual([7]);
  });
  it('solves its problem: γg_i + log(u_i/from_i) is the same for all i, and Σu = Σfrom', () => {
    for (let call = 0; call < 100; call++) {
      const from = uniform(new Float64Array(6), { seed: 1, purpose: 'from', call }).map((x) => x + 0.01);
      const g = normal(new Float64Array(6), { seed: 1, purpose: 'g', call }, 0, 3);
      const γ = 0.1 + (call % 7);
      const u = step(Array.from(from), γ, Array.from(g));
      const slope = u.map((x, i) => γ * g[i]! + Math.log(x / from[i]!));
      const sum = (z: Iterable<number>): number => Array.from(z).reduce((a, b) => a + b, 0);
      // |γg| and the logarithm are below 100; each is off by a few roundings of that.
      for (const x of slope) expect(Math.abs(x - slope[0]!)).toBeLessThanOrEqual(8 * 100 * 2 ** -53);
      expect(Math.abs(sum(u) - sum(from))).toBeLessThanOrEqual(6 * 8 * 2 ** -53 * sum(from));
      /** γ⟨g, v⟩ + Σ v log(v/from): no other point of the simplex has less. */
      const objective = (v: readonly number[]): number =>
        sum(v.map((x, i) => γ * g[i]! * x + x * Math.log(x / from[i]!)));
      const other = uniform(new Float64Array(6), { seed: 1, purpose: 'other', call }).map((x) => x + 1e-3);
      expect(objective(Array.from(other, (x) => (x * sum(from)) / sum(other)))).toBeGreaterThan(objective(u));
    }
  });
  it('neither overflows nor underflows to nothing', () => {
    expect(step([0.5, 0.5], 1, [-1e300, 0])).toEqual([1, 0]);
    expect(step([0.5, 0.5], 1, [1e300, 1e300])).toEqual([0.5, 0.5]);
    expect(step([0.5, 0.5], 1, [5000, 5000 + Math.log(3)])).toEqual([
      expect.closeTo(0.75, 12),
      expect.closeTo(0.25, 12),
    ]); // 5000 + log 3 is rounded to 1e-12
    expect(step([1e-300, 1], 1, [-800, 0])[0]).toBeGreaterThan(0.99); // e⁸⁰⁰ overflows by itself
  });
  it('leaves zeros zero, whatever their gradient', () => {
    expect(step([0, 0.5, 0.5], 1, [-1e308, 0, 0])).toEqual([0, 0.5, 0.5]);
    expect(step([0, 1], 1, [-Infinity, 0])).toEqual([0, 1]);
  });
  it.each<[string, (n: number) => Vector]>([
    ['float64', (n) => new Float64Array(n)],
    ['float32', (n) => new Float32Array(n)],
  ])('of a slice, in %s, leaves the rest alone; `out` may be `from` or `g`', (_, make) => {
    const [from, g, out] = [make(5), make(5), make(5).fill(9)];
    from.set([-1, 0.5, 0.25, 0.25, -1]);
    g.set([1, 1, 2, 3, 1]);
    entropyStep(out, from, 1, g, 1, 4);
    expect([out[0], out[4]]).toEqual([9, 9]);
    const [overFrom, overG] = [from.slice(), g.slice()];
    entropyStep(overFrom, overFrom, 1, g, 1, 4);
    entropyStep(overG, from, 1, overG, 1, 4);
    expect(overFrom.subarray(1, 4)).toEqual(out.subarray(1, 4));
    expect(overG.subarray(1, 4)).toEqual(out.subarray(1, 4));
    expect([overFrom[0], overG[4]]).toEqual([-1, 1]);
  });
  it('refuses points outside the simplex', () => {
    expect(() => step([0.5, -0.1], 1, [0, 0])).toThrow(
      'the entropy mirror map needs entries >= 0; entry 1 is -0.1. Start inside the simplex, or use mirror=euclidean',
    );
    expect(() => step([0, 0], 1, [0, 0])).toThrow('needs a positive sum; entries 0 to 1 add up to 0');
    expect(() => step([NaN, 1], 1, [0, 0])).toThrow('needs a positive sum; entries 0 to 1 add up to NaN');
  });
  it('is one of the mirror maps', () =>
    expect(mirrors.map(({ name }) => name)).toEqual(['euclidean', 'entropy']));
});

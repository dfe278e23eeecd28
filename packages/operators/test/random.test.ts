import { describe, expect, it } from 'vitest';
import { normal, permutation, philox, randomFrom, subset, uniform } from '../src/index.js';

/** Philox4x32-10 known answers, from the authors' Random123 distribution (tests/kat_vectors). */
const published: readonly (readonly [
  counter: readonly number[],
  key: readonly number[],
  words: readonly number[],
])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('philox4x32-10', () => {
  it.each(published)('counter %j, key %j', ([c0 = 0, c1 = 0, c2 = 0, c3 = 0], [k0 = 0, k1 = 0], words) => {
    const out = new Uint32Array(4);
    philox(out, c0, c1, c2, c3, k0, k1);
    expect(Array.from(out)).toEqual(words);
  });
});

describe('streams', () => {
  const stream = { seed: 7, purpose: 'test' };
  it('are pure functions of their key and counter', () => {
    expect(uniform(new Float64Array(37), stream)).toEqual(uniform(new Float64Array(37), stream));
  });
  it('have prefixes: a shorter vector is the head of a longer one', () => {
    expect(normal(new Float64Array(5), stream)).toEqual(normal(new Float64Array(64), stream).slice(0, 5));
  });
  it.each(['seed', 'call', 'player', 'worker'] as const)('differ in %s', (field) => {
    expect(uniform(new Float64Array(4), { ...stream, [field]: 1 })).not.toEqual(
      uniform(new Float64Array(4), { ...stream, [field]: 2 }),
    );
  });
  it('differ in purpose', () => {
    expect(uniform(new Float64Array(4), { seed: 1, purpose: 'a' })).not.toEqual(
      uniform(new Float64Array(4), { seed: 1, purpose: 'b' }),
    );
  });
  it.each([-1, 0.5, 2 ** 32, NaN])('refuse the seed %d', (seed) => {
    expect(() => uniform(new Float64Array(1), { seed, purpose: '' })).toThrow(
      `seed is ${seed}; expected an integer`,
    );
  });
  it('stay below 1 in float32', () => {
    expect(Math.max(...uniform(new Float32Array(50_000), stream))).toBeLessThan(1);
  });
  it('have the moments of their laws within 5 standard errors', () => {
    const n = 40_000;
    const mean = (x: Float64Array, power: number): number =>
      x.reduce((sum, value) => sum + value ** power, 0) / n;
    const u = uniform(new Float64Array(n), stream);
    expect(Math.abs(mean(u, 1) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(mean(u, 2) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / n));
    const g = normal(new Float64Array(n), stream);
    expect(Math.abs(mean(g, 1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(mean(g, 2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(g, 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    let product = 0;
    // the two halves of one Box–Muller pair
    for (let i = 0; i < n; i += 2) product += (g[i] ?? 0) * (g[i + 1] ?? 0);
    expect(Math.abs(product / (n / 2))).toBeLessThan(5 * Math.sqrt(2 / n));
  });
});

describe('permutation', () => {
  it.each([0, 1, 2, 3, 7, 100, 1001])('of %d indices has each index once', (n) => {
    expect(Array.from(permutation(n, { seed: 3, purpose: 'order' })).sort((a, b) => a - b)).toEqual(
      Array.from({ length: n }, (_, i) => i),
    );
  });
  it('gives all 24 orders of 4 equally often (chi-square, 23 degrees of freedom, 1 in 10^6)', () => {
    const seen = new Map<string, number>();
    const trials = 24_000;
    for (let call = 0; call < trials; call++) {
      const key = permutation(4, { seed: 5, purpose: 'order', call }).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const expected = trials / 24;
    const chi2 = [...seen.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi2).toBeLessThan(74.4);
  });
});

it('subset: different numbers, every set equally often', () => {
  const at = randomFrom({ seed: 1, purpose: 'subsets' });
  const counts = new Map<string, number>();
  const draws = 6000;
  for (let call = 0; call < draws; call++) {
    const chosen = [...subset(4, 2, at(call))].toSorted((a, b) => a - b);
    expect(new Set(chosen).size).toBe(2);
    counts.set(chosen.join(), (counts.get(chosen.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // 1,000 are expected of each, with a standard deviation of √(6000·(1/6)·(5/6)) = 28.9
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 28.9);
  expect([...subset(5, 5, at(0))].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
});

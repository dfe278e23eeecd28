import { expect } from 'vitest';
import type { ProximalFunction } from '../src/index.js';

/** The prox of f at z. */
export const proxAt = (f: ProximalFunction, z: readonly number[], γ = 1): number[] => {
  const p = Float64Array.from(z);
  f.prox(p, γ);
  return Array.from(p);
};

/** Entries are below 10 and come from fewer than 20 roundings each. */
export const close = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) =>
    expect(Math.abs(x - expected[i]!), `${String(found)} is not ${String(expected)}`).toBeLessThanOrEqual(
      20 * 10 * 2 ** -53,
    ),
  );
};

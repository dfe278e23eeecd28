import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Facts } from '@stillpoint/operators';
import { bound, theorems, type Bound, type TheoremKey } from '../src/certificates.js';
import { methodFrom } from '../src/registry.js';

/** A row of what bench/pep/worst-cases.py printed. */
interface Row {
  readonly method: string;
  readonly facts: Facts;
  readonly k: number;
  /** Whether `worst` is the worst case itself; else it may be larger. */
  readonly exact: boolean;
  readonly worst: number;
}
const rows: readonly Row[] = JSON.parse(
  readFileSync(new URL('fixtures/worst-cases.json', import.meta.url), 'utf8'),
);

const boundOf = ({ method, facts }: Row): Bound => {
  const told = bound(methodFrom(method, facts), facts, 1);
  if ('reason' in told) throw new Error(`${method}: ${told.reason}`);
  return told;
};

/** The solver stops at a relative gap of 1e-8 and its worst cases are printed with seven digits. */
const SOLVED = 1e-6;

/**
 * How many times the worst case a bound is at most, over the rows of its theorem: 1 where the theorem is tight.
 * The others are measured, rounded up in the second digit: where one is large, theory has room. Where k is small
 * many of these are above what L alone gives, ‖F(z₀)‖² ≤ L²‖z₀ − z*‖².
 */
const looseness: { readonly [key in TheoremKey]?: number } = {};

describe('against the worst cases that performance estimation finds', () => {
  it.each(rows)('$method, $facts, k = $k: the bound is not below', (row) => {
    expect(boundOf(row).at(row.k) / row.worst).toBeGreaterThanOrEqual(1 - SOLVED);
  });
  it.each(Object.entries(looseness))('%s is at most %d times the worst case', (key, most) => {
    const own = rows.filter((row) => boundOf(row).key === key);
    const largest = Math.max(...own.map((row) => boundOf(row).at(row.k) / row.worst));
    expect(largest).toBeLessThanOrEqual(most * (1 + SOLVED));
    expect(largest).toBeGreaterThan(0.9 * most); // else the table overstates it
  });
  it('says of every theorem in the rows how loose it is', () => {
    expect(new Set(rows.map((row) => boundOf(row).key))).toEqual(new Set(Object.keys(looseness)));
    expect(Object.keys(theorems)).toEqual(expect.arrayContaining(Object.keys(looseness)));
  });
});

import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectOptions } from '../specs/expect.js';
import { indicator, proximalFunction, roundings, type ProximalFunction } from './contract.js';

/** In which order the entries of a monotone vector are. */
export type Monotone = 'increasing' | 'decreasing';

/**
 * The cone {z_1 ≤ z_2 ≤ … ≤ z_n}, or with ≥: the projection is isotonic regression, by pooling adjacent
 * violators. Ayer, Brunk, Ewing, Reid, Silverman, "An empirical distribution function for sampling with
 * incomplete information", 1955.
 */
export function monotoneCone(options: { readonly order?: Monotone } = {}): ProximalFunction {
  const { order = 'increasing' } = expectOptions('monotone', options, "{ order: 'increasing' }");
  if (order !== 'increasing' && order !== 'decreasing')
    throw new InputError(`monotone: order is ${shown(order)}; expected 'increasing' or 'decreasing'`);
  const sign = order === 'increasing' ? 1 : -1;
  return proximalFunction({
    name: 'monotone',
    is: { cone: true },
    value(z, start, end, slack) {
      let excess = Number.isNaN(z[start]!) ? NaN : 0;
      for (let i = start + 1; i < end; i++) excess = Math.max(excess, sign * (z[i - 1]! - z[i]!));
      return indicator(excess, slack + roundings(z, start, end));
    },
    conjugateValue(z, start, end, slack) {
      // ⟨z, u⟩ ≤ 0 for u = ±(1, …, 1) and for the steps (0, …, 0, 1, …, 1), or their negatives
      let [tail, excess] = [0, 0];
      for (let i = end - 1; i >= start; i--) {
        tail += z[i]!;
        excess = Math.max(excess, sign * tail);
      }
      return indicator(Math.max(excess, Math.abs(tail)), slack + roundings(z, start, end));
    },
    prox: (z, _, start, end) => pool(z, sign, start, end),
  });
}

/** Replaces each maximal run of entries that are out of order by its mean, until none is. */
function pool(z: Vector, sign: number, start: number, end: number): void {
  const [means, counts] = [new Float64Array(end - start), new Int32Array(end - start)];
  let blocks = 0;
  for (let i = start; i < end; i++) {
    // as other projections do, rather than end a run here
    if (!Number.isFinite(z[i]!)) return void z.fill(NaN, start, end);
    let [mean, count] = [z[i]!, 1];
    while (blocks > 0 && sign * (means[blocks - 1]! - mean) >= 0) {
      blocks--;
      const both = count + counts[blocks]!;
      mean += (means[blocks]! - mean) * (counts[blocks]! / both);
      count = both;
    }
    means[blocks] = mean;
    counts[blocks++] = count;
  }
  for (let b = 0, i = start; b < blocks; i += counts[b++]!) z.fill(means[b]!, i, i + counts[b]!);
}

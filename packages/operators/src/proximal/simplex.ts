import { expectOptions, expectPositive } from '../specs/expect.js';
import { indicator, largestEntry, proximalFunction, roundings, type ProximalFunction } from './contract.js';
import { cutDepth, ontoSimplex } from './cut.js';

// The simplex and the largest entry: the conjugate of each is the other.

/** By how much the slice violates z ≥ 0 or Σz_i = sum. */
function missed(z: ArrayLike<number>, sum: number, start: number, end: number): number {
  let total = 0;
  let negative = 0;
  for (let i = start; i < end; i++) {
    total += z[i]!;
    negative = Math.max(negative, -z[i]!);
  }
  return Math.max(negative, Math.abs(total - sum));
}

/** The set {z ≥ 0, Σz_i = sum}. */
export function simplex(options: { readonly sum?: number } = {}): ProximalFunction {
  const { sum = 1 } = expectOptions('simplex', options, '{ sum: 1 }');
  expectPositive('simplex', 'sum', sum);
  return proximalFunction({
    name: 'simplex',
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(missed(z, sum, start, end), slack + roundings(z, start, end, sum)),
    conjugateValue: (z, start, end) => sum * largestEntry(z, start, end),
    prox: (z, _, start, end) => ontoSimplex(z, sum, start, end),
    lmo(g, out, start, end) {
      let place = start;
      for (let i = start + 1; i < end; i++) if (g[i]! < g[place]!) place = i;
      out.fill(0, start, end);
      out[place] = sum;
    },
    gauge(z, start, end) {
      let [total, negative] = [0, 0];
      for (let i = start; i < end; i++) {
        total += z[i]!;
        negative = Math.max(negative, -z[i]!);
      }
      return negative > roundings(z, start, end) ? Infinity : Math.max(total, 0) / sum;
    },
    diameter: (n) => (n > 1 ? sum * Math.SQRT2 : 0),
    section: { lower: 0, upper: Infinity, plane: { normal: 1, value: sum } },
  });
}

/** f(z) = weight·max z_i: the prox lowers the entries above a level to that level, by γ·weight in total. */
export function maxEntry(options: { readonly weight?: number } = {}): ProximalFunction {
  const { weight = 1 } = expectOptions('max', options, '{ weight: 0.5 }');
  expectPositive('max', 'weight', weight);
  return proximalFunction({
    name: 'max',
    is: { homogeneous: true },
    value: (z, start, end) => weight * largestEntry(z, start, end),
    conjugateValue: (z, start, end, slack) =>
      indicator(missed(z, weight, start, end), slack + roundings(z, start, end, weight)),
    prox(z, γ, start, end) {
      const top = largestEntry(z, start, end);
      const level = top - cutDepth(z, top, γ * weight, start, end);
      for (let i = start; i < end; i++) z[i] = Math.min(z[i]!, level);
    },
  });
}

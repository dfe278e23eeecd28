import type { MirrorName, Vector } from '../contracts/index.js';
import { InputError } from '../specs/errors.js';

/** The mirror maps, by name. */
export const mirrors: readonly { readonly name: MirrorName; readonly about: string }[] = [
  { name: 'euclidean', about: 'the ordinary step, followed by the resolvent' },
  {
    name: 'entropy',
    about: 'multiplicative weights: each player’s entries stay positive and keep their sum',
  },
];

/**
 * The entropy mirror step on the slice [start, end):  out_i ∝ from_i·exp(−γg_i), with the sum of `from`: the
 * minimiser of γ⟨g, u⟩ + Σ u_i log(u_i/from_i) over the simplex of that sum. Entries that are 0 stay 0; `out`
 * may be `from` or `g`. Nemirovski, Yudin 1983; Beck, Teboulle 2003.
 * @throws InputError for a negative entry, or none that is positive.
 */
export function entropyStep(
  out: Vector,
  from: Vector,
  γ: number,
  g: Vector,
  start = 0,
  end: number = out.length,
): void {
  let sum = 0;
  let largest = -Infinity;
  for (let i = start; i < end; i++) {
    const x = from[i]!;
    if (x < 0)
      throw new InputError(
        `the entropy mirror map needs entries >= 0; entry ${i} is ${x}. Start inside the simplex, or use mirror=euclidean`,
      );
    sum += x;
    if (x > 0) largest = Math.max(largest, -γ * g[i]!);
  }
  if (!(sum > 0))
    throw new InputError(
      `the entropy mirror map needs a positive sum; entries ${start} to ${end - 1} add up to ${sum}`,
    );
  let total = 0;
  for (let i = start; i < end; i++) {
    const x = from[i]!;
    // the largest exponent is 0: nothing overflows
    const weight = x > 0 ? x * Math.exp(-γ * g[i]! - largest) : 0;
    out[i] = weight;
    total += weight;
  }
  const scale = sum / total;
  for (let i = start; i < end; i++) out[i] = out[i]! * scale;
}

import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectList, expectOptions } from '../specs/expect.js';
import { indicator, proximalFunction, roundings, type ProximalFunction } from './contract.js';

/** One number for all entries, or one per entry. */
export type PerEntry = number | readonly number[];

/** The bound of entry i of the slice. */
export function entryOf(values: PerEntry, i: number): number {
  return typeof values === 'number' ? values : values[i]!;
}

/**
 * The length of the lists among these; undefined if all are numbers. @throws InputError if lengths differ.
 */
export function lengthOf(owner: string, lists: { readonly [name: string]: PerEntry }): number | undefined {
  const given = Object.entries(lists).flatMap(([name, values]) =>
    typeof values === 'number' ? [] : [{ name, length: values.length }],
  );
  const [first, ...rest] = given;
  for (const { name, length } of rest)
    if (length !== first?.length)
      throw new InputError(
        `${owner}: ${name} has ${length} entries; expected ${first?.length}, as ${first?.name} has`,
      );
  return first?.length;
}

/**
 * The set {lower ≤ z_i ≤ upper}, bounds being numbers or lists of one per entry; −Infinity and Infinity mean
 * no bound.
 */
export function box(bounds: { readonly lower: PerEntry; readonly upper: PerEntry }): ProximalFunction {
  const { lower, upper } = expectOptions('box', bounds, '{ lower: 0, upper: 1 }');
  for (const [name, values] of Object.entries({ lower, upper })) {
    if (typeof values !== 'number') expectList('box', name, values, 'a number, or one per entry as [0,1]');
  }
  const length = lengthOf('box', { lower, upper });
  let own = 0;
  let bounded = true;
  let around0 = true;
  for (let i = 0; i < (length ?? 1); i++) {
    const [l, u] = [entryOf(lower, i), entryOf(upper, i)];
    for (const [name, x] of [
      ['lower', l],
      ['upper', u],
    ] as const) {
      if (typeof x !== 'number' || Number.isNaN(x))
        throw new InputError(`box: ${name} of entry ${i} is ${shown(x)}; expected a number`);
    }
    if (!(l <= u) || l === Infinity || u === -Infinity)
      throw new InputError(`box: entry ${i} from ${l} to ${u} is empty; expected lower <= upper`);
    if (l > 0 || u < 0) around0 = false;
    for (const bound of [l, u]) {
      if (Number.isFinite(bound)) own = Math.max(own, Math.abs(bound));
      else bounded = false;
    }
  }
  return proximalFunction({
    name: 'box',
    length,
    is: { set: true, separable: true },
    value(z, start, end, slack) {
      let excess = 0;
      for (let i = start; i < end; i++)
        excess = Math.max(excess, entryOf(lower, i - start) - z[i]!, z[i]! - entryOf(upper, i - start));
      return indicator(excess, slack + roundings(z, start, end, own));
    },
    conjugateValue(z, start, end, slack) {
      const zero = slack + (bounded ? 0 : roundings(z, start, end));
      let sum = 0;
      for (let i = start; i < end; i++) {
        const bound = z[i]! > 0 ? entryOf(upper, i - start) : entryOf(lower, i - start);
        if (Number.isFinite(bound)) sum += z[i]! * bound;
        else if (!(Math.abs(z[i]!) <= zero)) return Infinity;
      }
      return sum;
    },
    prox:
      typeof lower === 'number' && typeof upper === 'number'
        ? (z, _, start, end) => {
            for (let i = start; i < end; i++) z[i] = Math.min(upper, Math.max(lower, z[i]!));
          }
        : (z, _, start, end) => {
            for (let i = start; i < end; i++)
              z[i] = Math.min(entryOf(upper, i - start), Math.max(entryOf(lower, i - start), z[i]!));
          },
    lmo: bounded
      ? (g, out, start, end) => {
          for (let i = start; i < end; i++)
            out[i] = g[i]! > 0 ? entryOf(lower, i - start) : entryOf(upper, i - start);
        }
      : undefined,
    gauge: around0
      ? (z, start, end) => {
          let most = 0;
          for (let i = start; i < end; i++) {
            const x = z[i]!;
            // 0/0 is 0: an entry that may not move, and did not
            if (x !== 0) most = Math.max(most, x / entryOf(x > 0 ? upper : lower, i - start));
          }
          return most;
        }
      : undefined,
    diameter: bounded
      ? (n) => {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += (entryOf(upper, i) - entryOf(lower, i)) ** 2;
          return Math.sqrt(sum);
        }
      : undefined,
    section: { lower, upper },
  });
}

/** The cone {z ≥ 0}. */
export function nonnegativeOrthant(): ProximalFunction {
  const most = (z: Vector, sign: number, start: number, end: number): number => {
    let excess = 0;
    for (let i = start; i < end; i++) excess = Math.max(excess, sign * z[i]!);
    return excess;
  };
  return proximalFunction({
    name: 'nonnegative',
    is: { cone: true, separable: true },
    value: (z, start, end, slack) => indicator(most(z, -1, start, end), slack + roundings(z, start, end)),
    conjugateValue: (z, start, end, slack) =>
      indicator(most(z, 1, start, end), slack + roundings(z, start, end)),
    prox(z, _, start, end) {
      for (let i = start; i < end; i++) z[i] = Math.max(z[i]!, 0);
    },
    section: { lower: 0, upper: Infinity },
  });
}

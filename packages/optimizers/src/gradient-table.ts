import { copy, scale, waxpy, type ValueOf, type Vector } from '@stillpoint/operators';
import type { SpaceWith } from './needs.js';
import * as option from './options.js';

// What SAG and SAGA remember: of every term the gradient last seen, 0 before the first.

/** What methods that keep a table of gradients hold. */
export type TableState = {
  readonly z: Vector;
  /** yᵢ, one after another. */
  readonly table: Vector;
  /** (1/n) Σ yᵢ. */
  readonly mean: Vector;
  /** 1 for each term that was seen. */
  readonly seen: Vector;
  /** How many were. */
  count: number;
  k: number;
};

/** The table is 0. */
export const emptyTable = (space: SpaceWith<'terms'>, z0: Vector): TableState => ({
  z: space.copy(z0),
  table: space.vector(space.terms * space.dim),
  mean: space.vector(),
  seen: space.vector(space.terms),
  count: 0,
  k: 0,
});

/** m: what the sum of the stored gradients is divided by. */
export const normalise = option.choice({
  about: 'what the sum of stored gradients is divided by: n, all terms, or those seen so far',
  symbol: 'm',
  among: ['n', 'seen'],
  default: 'n',
});

/**
 * Stores ∇fᵢ(z) in place of yᵢ and returns Δ = ∇fᵢ(z) − yᵢ, the same vector each time. The mean is left to
 * the method, which may want it as it was.
 */
export function storing(space: SpaceWith<'terms'>): (s: TableState, i: number, gradient: Vector) => Vector {
  const Δ = space.vector();
  return (s, i, gradient) => {
    const y = s.table.subarray(i * space.dim, (i + 1) * space.dim);
    waxpy(Δ, gradient, -1, y);
    copy(y, gradient);
    s.count += 1 - s.seen[i]!;
    s.seen[i] = 1;
    return Δ;
  };
}

/** v = (1/m) Σ yᵢ, of which the state holds 1/n: the same vector each time. */
export function averaging(
  space: SpaceWith<'terms'>,
  divisor: ValueOf<typeof normalise>,
): (s: TableState) => Vector {
  const v = space.vector();
  return ({ mean, count }) => {
    copy(v, mean);
    if (divisor === 'seen') scale(v, space.terms / count);
    return v;
  };
}

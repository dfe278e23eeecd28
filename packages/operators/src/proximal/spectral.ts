import type { Vector } from '../contracts/index.js';
import { expectCount, expectOptions, expectPositive } from '../specs/expect.js';
import { svd, type Svd } from '../linear-algebra/svd.js';
import { isFiniteVector } from '../vectors/vectors.js';
import {
  indicator,
  largestSize,
  proximalFunction,
  roundings,
  sumOfSizes,
  type ProximalFunction,
} from './contract.js';
import { ontoSimplex } from './cut.js';

// Functions of a matrix's singular values alone: the prox changes these and keeps the singular vectors.
// Lewis, "The convex analysis of unitarily invariant matrix functions", 1995.

/** A matrix in a slice: rows·columns entries, row after row. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

interface Spectral {
  readonly length: number;
  /** Singular values, NaN where an entry is not finite. */
  values(z: Vector, start: number): Float64Array;
  /**
   * out ← the matrix z with the singular values that `by` returns. If it returns null, out is not written.
   */
  change(z: Vector, out: Vector, start: number, by: (values: Float64Array) => Float64Array | null): void;
}

function spectral(owner: string, { rows, columns }: MatrixShape): Spectral {
  expectCount(owner, 'rows', rows);
  expectCount(owner, 'columns', columns);
  const length = rows * columns;
  const take = (z: Vector, start: number): Svd | undefined => {
    const matrix = Float64Array.from(z.subarray(start, start + length));
    return isFiniteVector(matrix) ? svd(matrix, rows, columns) : undefined;
  };
  return {
    length,
    values: (z, start) => take(z, start)?.values ?? Float64Array.of(NaN),
    change(z, out, start, by) {
      const found = take(z, start);
      // NaN, as from other projections, so that the run reports it
      if (found === undefined) return void out.fill(NaN, start, start + length);
      const values = by(found.values);
      if (values === null) return;
      const sum = new Float64Array(length);
      values.forEach((σ, m) => {
        if (σ !== 0)
          for (let i = 0, at = 0; i < rows; i++) {
            const x = σ * found.left[m * rows + i]!;
            for (let j = 0; j < columns; j++, at++) sum[at] = sum[at]! + x * found.right[m * columns + j]!;
          }
      });
      out.set(sum, start);
    },
  };
}
const sum = (values: Float64Array): number => sumOfSizes(values, 0, values.length);
const most = (values: Float64Array): number => largestSize(values, 0, values.length);

/** f(Z) = weight·(sum of the singular values): the prox lowers each by γ·weight. Cai, Candès, Shen 2010. */
export function nuclearNorm(options: MatrixShape & { readonly weight?: number }): ProximalFunction {
  const { rows, columns, weight = 1 } = expectOptions('nuclear', options, '{ rows: 2, columns: 3 }');
  expectPositive('nuclear', 'weight', weight);
  const of = spectral('nuclear', { rows, columns });
  return proximalFunction({
    name: 'nuclear',
    length: of.length,
    is: { homogeneous: true },
    value: (z, start) => weight * sum(of.values(z, start)),
    conjugateValue: (z, start, end, slack) =>
      indicator(most(of.values(z, start)) - weight, slack + roundings(z, start, end, weight)),
    prox: (z, γ, start) => of.change(z, z, start, (values) => values.map((σ) => Math.max(σ - γ * weight, 0))),
  });
}

/** The set {sum of the singular values ≤ radius}. */
export function nuclearBall(options: MatrixShape & { readonly radius: number }): ProximalFunction {
  const { rows, columns, radius } = expectOptions(
    'nuclear-ball',
    options,
    '{ rows: 2, columns: 3, radius: 1 }',
  );
  expectPositive('nuclear-ball', 'radius', radius);
  const of = spectral('nuclear-ball', { rows, columns });
  return proximalFunction({
    name: 'nuclear-ball',
    length: of.length,
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(sum(of.values(z, start)) - radius, slack + roundings(z, start, end, radius)),
    conjugateValue: (z, start) => radius * most(of.values(z, start)),
    prox: (z, _, start) =>
      of.change(z, z, start, (values) => {
        if (sum(values) <= radius) return null;
        ontoSimplex(values, radius, 0, values.length);
        return values;
      }),
    lmo: (g, out, start) =>
      of.change(g, out, start, (values) => values.map((_, m) => (m === 0 ? -radius : 0))),
    gauge: (z, start) => sum(of.values(z, start)) / radius,
    diameter: () => 2 * radius,
  });
}

/** The set {largest singular value ≤ radius}. */
export function spectralBall(options: MatrixShape & { readonly radius: number }): ProximalFunction {
  const { rows, columns, radius } = expectOptions(
    'spectral-ball',
    options,
    '{ rows: 2, columns: 3, radius: 1 }',
  );
  expectPositive('spectral-ball', 'radius', radius);
  const of = spectral('spectral-ball', { rows, columns });
  return proximalFunction({
    name: 'spectral-ball',
    length: of.length,
    is: { set: true },
    value: (z, start, end, slack) =>
      indicator(most(of.values(z, start)) - radius, slack + roundings(z, start, end, radius)),
    conjugateValue: (z, start) => radius * sum(of.values(z, start)),
    prox: (z, _, start) =>
      of.change(z, z, start, (values) =>
        most(values) <= radius ? null : values.map((σ) => Math.min(σ, radius)),
      ),
    lmo: (g, out, start) => of.change(g, out, start, (values) => values.map(() => -radius)),
    gauge: (z, start) => most(of.values(z, start)) / radius,
    diameter: () => 2 * radius * Math.sqrt(Math.min(rows, columns)),
  });
}

import { InputError, shown } from '../specs/errors.js';
import { svd } from './svd.js';

/** Of all V with the same AV, the one of the least norm. */
export interface MinimumNorm {
  /** V*, flat `[columns, outputs]`. */
  readonly V: Float64Array;
  /** The rank of A: how many directions of the columns are seen at all. */
  readonly rank: number;
}

/**
 * The V* of least Frobenius norm with AV* = AV: V* = A⁺AV, the projection of V's columns on the row space of
 * A, and of 0 on {U : AU = AV}; for a full row rank Aᵀ(AAᵀ)⁻¹AV. Singular values below
 * max(rows, columns)·`rounding` of the largest count as 0. Where the rank is `columns`, V* = V.
 * @param A flat `[rows, columns]`.
 * @param V flat `[columns, outputs]`.
 * @param rounding the relative rounding of A's entries. Default: that of float64.
 * @throws InputError for lengths that do not fit, and for entries of A that are not finite.
 */
export function minimumNorm(
  A: Float64Array,
  V: Float64Array,
  { rows, columns, rounding = 2 ** -52 }: { rows: number; columns: number; rounding?: number },
): MinimumNorm {
  const { values, right } = svd(A, rows, columns);
  const outputs = V.length / columns;
  if (!(Number.isInteger(outputs) && outputs >= 1))
    throw new InputError(`V has ${shown(V.length)} numbers; expected a multiple of ${columns}, A's columns`);
  const least = (values[0] ?? 0) * Math.max(rows, columns) * rounding;
  const rank = values.filter((value) => value > least).length;
  const projected = new Float64Array(V.length);
  for (let m = 0; m < rank; m++)
    for (let o = 0; o < outputs; o++) {
      let along = 0;
      for (let k = 0; k < columns; k++) along += right[m * columns + k]! * V[k * outputs + o]!;
      for (let k = 0; k < columns; k++) projected[k * outputs + o]! += along * right[m * columns + k]!;
    }
  return { V: rank === columns ? V.slice() : projected, rank };
}

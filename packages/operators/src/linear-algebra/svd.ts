// One-sided Jacobi: rows are rotated in pairs until all are orthogonal. Hestenes, "Inversion of matrices by
// biorthogonalization and related results", 1958; accurate for small singular values, too: Demmel, Veselić,
// "Jacobi's method is more accurate than QR", 1992.
import { InputError, shown } from '../specs/errors.js';
import { dot, norm, scale, waxpy } from '../vectors/vectors.js';

/**
 * The singular value decomposition of a matrix: A = Σₘ valuesₘ · leftₘ rightₘᵀ, m < k = min(rows, columns).
 */
export interface Svd {
  /** `[k]`, descending, all ≥ 0. */
  readonly values: Float64Array;
  /**
   * `[k, rows]`: row m is the left singular vector of `values[m]`; rows are orthonormal, also those of value
   * 0.
   */
  readonly left: Float64Array;
  /** `[k, columns]`: row m is the right singular vector of `values[m]`; rows are orthonormal. */
  readonly right: Float64Array;
}

const SWEEPS = 60;
/** Shorter rows, of a matrix whose largest entry is 1, count as 0: their products would underflow. */
const TINY = 2 ** -480;

/** Rotates rows p and q of a matrix by (c, s). */
function turn(rows: Float64Array, length: number, p: number, q: number, c: number, s: number): void {
  for (let i = p * length, j = q * length, end = i + length; i < end; i++, j++) {
    const x = rows[i]!,
      y = rows[j]!;
    rows[i] = c * x - s * y;
    rows[j] = s * x + c * y;
  }
}

/**
 * Makes the k rows of w orthogonal; `turned` becomes the product of the rotations. Returns the rows' lengths.
 */
function orthogonalise(w: Float64Array, turned: Float64Array, k: number, length: number): Float64Array {
  const small = Math.sqrt(length) * Number.EPSILON; // a cosine of this size is rounding
  const long = (p: number): number => {
    const size = norm(w, p * length, (p + 1) * length);
    return size < TINY ? 0 : size;
  };
  const lengths = Float64Array.from({ length: k }, (_, p) => long(p));
  for (let sweep = 0, busy = k > 1; busy; sweep++) {
    if (sweep > SWEEPS)
      throw new InputError(
        `the singular values of a ${k}×${length} matrix do not converge; expected about ten sweeps`,
      );
    busy = false;
    for (let p = 0; p < k - 1; p++)
      for (let q = p + 1; q < k; q++) {
        const x = lengths[p]!,
          y = lengths[q]!;
        if (x === 0 || y === 0) continue;
        let product = 0;
        for (let i = p * length, j = q * length, end = i + length; i < end; i++, j++)
          product += w[i]! * w[j]!;
        const cosine = product / (x * y);
        if (Math.abs(cosine) <= small) continue;
        busy = true;
        const ζ = (y / x - x / y) / (2 * cosine);
        const t = (ζ < 0 ? -1 : 1) / (Math.abs(ζ) + Math.hypot(1, ζ));
        const c = 1 / Math.hypot(1, t);
        turn(w, length, p, q, c, c * t);
        turn(turned, k, p, q, c, c * t);
        lengths[p] = long(p);
        lengths[q] = long(q);
      }
  }
  return lengths;
}

/**
 * Fills row m with a unit vector orthogonal to the rows before it; for a singular value of 0 any such vector
 * is valid.
 */
function complete(rows: Float64Array, length: number, m: number): void {
  const at = m * length;
  const row = rows.subarray(at, at + length);
  for (let e = 0; e < length; e++) {
    row.fill(0);
    row[e] = 1;
    for (let j = 0; j < m; j++) {
      const other = rows.subarray(j * length, (j + 1) * length);
      waxpy(row, row, -dot(row, other), other);
    }
    const left = norm(row);
    if (left * left * 2 * length >= 1) {
      // true for at least one e, since the squares add up to length − m >= 1; so little cancels that one pass
      // is enough
      scale(row, 1 / left);
      return;
    }
  }
}

/**
 * The singular value decomposition of a matrix, flat `[rows, columns]`, in about 50·rows·columns·k
 * operations. The error of a singular value is small relative to that value if A is well conditioned after a
 * scaling of its shorter side, and relative to the largest one otherwise. A value below 2⁻⁴⁸⁰ of the largest
 * entry is returned as 0. `matrix` is not changed.
 * @throws InputError for a length that does not fit, or an entry that is not finite.
 */
export function svd(matrix: Float64Array, rows: number, columns: number): Svd {
  if (!(matrix instanceof Float64Array))
    throw new InputError(`the matrix is ${shown(matrix)}; expected a Float64Array, row after row`);
  if (
    !(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 1 && columns >= 1) ||
    matrix.length !== rows * columns
  )
    throw new InputError(
      `a matrix of ${matrix.length} numbers; expected ${shown(rows)}×${shown(columns)} = ${rows * columns}, at least one`,
    );
  const size = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0); // NaN stays NaN
  if (!Number.isFinite(size))
    throw new InputError(`a matrix with an entry of size ${size}; expected finite numbers only`);
  const wide = rows <= columns;
  const [k, length] = wide ? [rows, columns] : [columns, rows];
  const unit = size === 0 ? 1 : size; // scaled, no square overflows
  const w = new Float64Array(k * length);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < length; j++) w[i * length + j] = matrix[wide ? i * length + j : j * k + i]! / unit;
  const turned = new Float64Array(k * k);
  for (let i = 0; i < k; i++) turned[i * k + i] = 1;
  const found = orthogonalise(w, turned, k, length);
  const order = Array.from(found.keys()).sort((i, j) => found[j]! - found[i]!);
  const [short, long] = [new Float64Array(k * k), new Float64Array(k * length)];
  order.forEach((from, m) => {
    short.set(turned.subarray(from * k, (from + 1) * k), m * k);
    long.set(w.subarray(from * length, (from + 1) * length), m * length);
    if (found[from]! > 0)
      for (let at = m * length; at < (m + 1) * length; at++) long[at] = long[at]! / found[from]!;
    else complete(long, length, m);
  });
  const values = Float64Array.from(order, (from) => unit * found[from]!);
  return wide ? { values, left: short, right: long } : { values, left: long, right: short };
}

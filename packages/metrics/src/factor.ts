// A covariance Σ as AᵀA. Whatever needs a square root of Σ is computed from A, since Σ has the square of A's
// condition number. Householder: Golub, Van Loan, "Matrix computations" (4th edition, 2013), 5.2; Cholesky
// with pivots: Higham, "Accuracy and stability of numerical algorithms" (2nd edition, 2002), 10.3.

/** Σ = AᵀA. */
export interface Factor {
  /** A, flat `[rows, dim]`. */
  readonly entries: Float64Array;
  readonly rows: number;
  /** The error that rounding may have made in A, in the Frobenius norm, relative to √Tr Σ, to first order. */
  readonly precision: number;
}

/** Number of examples that are reduced to a triangle at once: their rows stay in the cache. */
const BLOCK = 256;

/**
 * Reflects row k and the rows [from, to) of a, flat `[…, dim]`, so that the latter become 0 in column k.
 * Their entries before column k are 0 already.
 */
function reflect(a: Float64Array, dim: number, k: number, from: number, to: number, w: Float64Array): void {
  let tail = 0;
  for (let i = from; i < to; i++) tail += a[i * dim + k]! ** 2;
  if (tail === 0) return;
  const pivot = k * dim;
  const x = a[pivot + k]!;
  const length = Math.sqrt(x * x + tail);
  const first = x + (x > 0 ? length : -length); // both have the same sign, so nothing cancels
  const β = 2 / (first * first + tail);
  for (let j = k; j < dim; j++) w[j] = first * a[pivot + j]!;
  for (let i = from; i < to; i++) {
    const v = a[i * dim + k]!;
    if (v !== 0) for (let j = k, at = i * dim + k; j < dim; j++, at++) w[j] = w[j]! + v * a[at]!;
  }
  for (let j = k; j < dim; j++) a[pivot + j] = a[pivot + j]! - β * first * w[j]!;
  for (let i = from; i < to; i++) {
    const v = β * a[i * dim + k]!;
    if (v !== 0) for (let j = k, at = i * dim + k; j < dim; j++, at++) a[at] = a[at]! - v * w[j]!;
  }
}

/**
 * The factor A, of min(count, dim) rows, with AᵀA = XᵀX for examples X, flat `[count, dim]`, whose entries
 * are at most 1. Columns are processed by decreasing length, so that rows decrease in size as the features
 * do, and small features keep their digits beside large ones.
 * @param row writes the centred features of an example to `out`.
 */
export function factorOf(
  count: number,
  dim: number,
  squares: Float64Array,
  row: (i: number, out: Float64Array) => void,
): Float64Array {
  const order = Array.from(squares.keys()).sort((i, j) => squares[j]! - squares[i]!);
  const rows = Math.min(count, dim);
  const block = count <= dim ? 0 : Math.min(BLOCK, count);
  const a = new Float64Array((rows + block) * dim);
  const [w, example] = [new Float64Array(dim), new Float64Array(dim)];
  const take = (i: number, to: number): void => {
    row(i, example);
    order.forEach((from, j) => {
      a[to * dim + j] = example[from]!;
    });
  };
  if (block === 0) {
    for (let i = 0; i < count; i++) take(i, i);
    for (let k = 0; k < count - 1; k++) reflect(a, dim, k, k + 1, count, w);
  } else
    for (let start = 0; start < count; start += block) {
      const end = Math.min(count, start + block);
      for (let i = start; i < end; i++) take(i, rows + i - start);
      for (let k = 0; k < dim; k++) reflect(a, dim, k, rows, rows + end - start, w);
    }
  const factor = new Float64Array(rows * dim);
  for (let i = 0; i < rows; i++)
    order.forEach((to, j) => {
      factor[i * dim + to] = j < i ? 0 : a[i * dim + j]!;
    });
  return factor;
}

/** AᵀA, flat `[dim, dim]`. */
function gram(
  { entries, rows }: { readonly entries: Float64Array; readonly rows: number },
  dim: number,
): Float64Array {
  const out = new Float64Array(dim * dim);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < dim; j++) {
      const x = entries[i * dim + j]!;
      if (x !== 0)
        for (let l = 0; l <= j; l++) out[j * dim + l] = out[j * dim + l]! + x * entries[i * dim + l]!;
    }
  for (let j = 0; j < dim; j++) for (let l = 0; l < j; l++) out[l * dim + j] = out[j * dim + l]!;
  return out;
}

/** A Cholesky factor with its rank. */
export interface Cholesky {
  /** Flat `[rank, dim]`. */
  readonly entries: Float64Array;
  readonly rank: number;
  /** The smallest pivot that was used, of the matrix scaled to unit diagonal. */
  readonly least: number;
  /**
   * The smallest diagonal entry of the remainder, of the same matrix. If it is below −`negligible`, the
   * matrix has a negative eigenvalue.
   */
  readonly left: number;
}

/**
 * A of Σ = AᵀA by Cholesky's method on Σ scaled to unit diagonal, with the largest pivot first, until pivots
 * are `negligible`. The scaling makes the result independent of the features' units, as the errors in a
 * covariance are: they are relative to its two standard deviations.
 */
export function cholesky(matrix: Float64Array, dim: number, negligible: number): Cholesky {
  const deviations = Float64Array.from({ length: dim }, (_, j) =>
    Math.sqrt(Math.max(0, matrix[j * dim + j]!)),
  );
  const rest = matrix.map((x, at) => {
    const [i, j] = [deviations[Math.floor(at / dim)]!, deviations[at % dim]!];
    return i > 0 && j > 0 ? x / i / j : x === 0 ? 0 : -Infinity; // a covariance ≠ 0 with a variance of 0
  });
  const rows: Float64Array[] = [];
  let least = 1;
  let left = 0;
  for (; rows.length < dim;) {
    let place = 0;
    left = Infinity;
    for (let j = 0; j < dim; j++) {
      if (rest[j * dim + j]! > rest[place * dim + place]!) place = j;
      left = Math.min(left, rest[j * dim + j]!);
    }
    const pivot = rest[place * dim + place]!;
    if (!(pivot > negligible)) break;
    least = Math.min(least, pivot);
    const row = rest.slice(place * dim, (place + 1) * dim).map((x) => x / Math.sqrt(pivot));
    rows.push(row);
    for (let i = 0; i < dim; i++) {
      const x = row[i]!;
      if (x !== 0) for (let j = 0, at = i * dim; j < dim; j++, at++) rest[at] = rest[at]! - x * row[j]!;
    }
    rest.fill(0, place * dim, (place + 1) * dim); // 0 exactly, without rounding errors
    for (let i = 0; i < dim; i++) rest[i * dim + place] = 0;
  }
  const entries = new Float64Array(rows.length * dim);
  rows.forEach((row, i) =>
    row.forEach((x, j) => {
      entries[i * dim + j] = x * deviations[j]!;
    }),
  );
  return { entries, rank: rows.length, least, left };
}

/**
 * The bound below which a pivot of a covariance with unit diagonal may be rounding error alone: the
 * covariance is a sum over the examples and is factorised in `dim` steps.
 */
export const roundingsOf = (count: number, dim: number): number => (count + dim) * Number.EPSILON;

/** The numerical rank of AᵀA with unit diagonal. */
export function rankOf(
  factor: { readonly entries: Float64Array; readonly rows: number },
  count: number,
  dim: number,
): number {
  return cholesky(gram(factor, dim), dim, roundingsOf(count, dim)).rank;
}

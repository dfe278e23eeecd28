// Householder tridiagonalisation, then the implicit symmetric QR algorithm with Wilkinson's shift:
// Golub, Van Loan, "Matrix computations" (4th edition, 2013), algorithms 8.3.1 to 8.3.3.
import { InputError, shown } from '../specs/errors.js';

/** The eigendecomposition of a symmetric matrix: A = Σₘ valuesₘ · vₘ vₘᵀ. */
export interface Eigen {
  /** `[n]`, ascending. */
  readonly values: Float64Array;
  /** `[n, n]`: row m is the unit eigenvector of `values[m]`; rows are orthogonal. Empty if not asked for. */
  readonly vectors: Float64Array;
}

/** A tridiagonal matrix T with A = Q T Qᵀ; `rows` is Qᵀ, or empty. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `[n]`: entry i couples i and i + 1; the last is 0. */
  readonly off: Float64Array;
  readonly rows: Float64Array;
}

/** A ← H A H for the reflector H = I − β v vᵀ of step k, on the lower triangle beyond k; p is scratch. */
function reflect(a: Float64Array, n: number, k: number, v: Float64Array, β: number, p: Float64Array): void {
  p.fill(0);
  for (let i = k + 1; i < n; i++) {
    let sum = 0;
    for (let j = k + 1, at = i * n + j; j < i; j++, at++) {
      sum += a[at]! * v[j]!;
      p[j] = p[j]! + a[at]! * v[i]!;
    }
    p[i] = p[i]! + sum + a[i * n + i]! * v[i]!;
  }
  let pv = 0;
  for (let i = k + 1; i < n; i++) pv += p[i]! * v[i]!;
  for (let i = k + 1; i < n; i++) p[i] = β * (p[i]! - ((β * pv) / 2) * v[i]!); // w; then A ← A − v wᵀ − w vᵀ
  for (let i = k + 1; i < n; i++)
    for (let j = k + 1, at = i * n + j; j <= i; j++, at++) a[at] = a[at]! - v[i]! * p[j]! - p[i]! * v[j]!;
}

function tridiagonalise(a: Float64Array, n: number, wanted: boolean): Tridiagonal {
  const [off, p] = [new Float64Array(n), new Float64Array(n)];
  const reflectors: { readonly v: Float64Array; readonly β: number }[] = [];
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n);
    let tail = 0;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    for (let i = k + 2; i < n; i++) tail += v[i]! ** 2;
    const x = v[k + 1]!;
    const length = Math.sqrt(x * x + tail);
    off[k] = tail === 0 ? x : x > 0 ? -length : length;
    v[k + 1] = x - off[k]!; // the sign above keeps this from cancelling
    const β = tail === 0 ? 0 : 2 / (v[k + 1]! ** 2 + tail);
    if (β > 0) reflect(a, n, k, v, β, p);
    reflectors.push({ v, β });
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2]!;
  const rows = new Float64Array(wanted ? n * n : 0);
  if (wanted) {
    for (let i = 0; i < n; i++) rows[i * n + i] = 1;
    for (let k = n - 3; k >= 0; k--) {
      // backwards: Qᵀ = … H₁ H₀ is still the identity outside k + 1 …
      const { v, β } = reflectors[k]!;
      if (β > 0)
        for (let i = k + 1; i < n; i++) {
          let sum = 0;
          for (let j = k + 1, at = i * n + j; j < n; j++, at++) sum += rows[at]! * v[j]!;
          for (let j = k + 1, at = i * n + j; j < n; j++, at++) rows[at] = rows[at]! - β * sum * v[j]!;
        }
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), off, rows };
}

/** Rotates rows i and i + 1 by (c, s). */
function rotateRows(rows: Float64Array, n: number, i: number, c: number, s: number): void {
  for (let at = i * n, next = at + n, end = next; at < end; at++, next++) {
    const x = rows[at]!,
      y = rows[next]!;
    rows[at] = c * x - s * y;
    rows[next] = s * x + c * y;
  }
}

/** One implicit QR step on the unreduced block low … high: a bulge is made and chased out at the end. */
function qrStep({ diagonal: d, off: e, rows }: Tridiagonal, n: number, low: number, high: number): void {
  const half = (d[high - 1]! - d[high]!) / 2;
  const last = e[high - 1]!;
  const shift = d[high]! - (last / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last))) * last;
  let x = d[low]! - shift,
    z = e[low]!;
  for (let k = low; k < high; k++) {
    const r = Math.hypot(x, z);
    const c = r === 0 ? 1 : x / r,
      s = r === 0 ? 0 : -z / r;
    if (k > low) e[k - 1] = r;
    const a = d[k]!,
      b = e[k]!,
      g = d[k + 1]!;
    d[k] = c * c * a - 2 * c * s * b + s * s * g;
    d[k + 1] = s * s * a + 2 * c * s * b + c * c * g;
    e[k] = c * s * (a - g) + (c * c - s * s) * b;
    if (rows.length > 0) rotateRows(rows, n, k, c, s);
    if (k + 1 < high) {
      x = e[k]!;
      z = -s * e[k + 1]!;
      e[k + 1] = c * e[k + 1]!;
    }
  }
}

/** Turns T into a diagonal matrix in place. */
function diagonalise(t: Tridiagonal, n: number): void {
  const { diagonal: d, off: e } = t;
  const small = (i: number): boolean =>
    Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!)) ||
    Math.abs(e[i]!) < Number.EPSILON ** 2; // entries are ≤ 1
  let high = n - 1;
  for (let steps = 0; high > 0;) {
    if (small(high - 1)) {
      e[--high] = 0;
      steps = 0;
      continue;
    }
    if (steps++ > 60)
      throw new InputError(
        `the eigenvalues of a ${n}×${n} matrix do not converge; expected two or three QR steps for each`,
      );
    let low = high - 1;
    while (low > 0 && !small(low - 1)) low--;
    if (low > 0) e[low - 1] = 0;
    qrStep(t, n, low, high);
  }
}

/**
 * Eigenvalues and, unless `vectors` is false, eigenvectors of a symmetric matrix, flat `[n, n]`, in about
 * (4/3)n³ operations, 9n³ with vectors. Values are off by a few n·2⁻⁵³·‖A‖. Only the lower triangle is read;
 * `matrix` is not changed.
 * @throws InputError for a matrix that is not square or not finite.
 */
export function eigh(
  matrix: Float64Array,
  { vectors: wanted = true }: { readonly vectors?: boolean } = {},
): Eigen {
  if (!(matrix instanceof Float64Array))
    throw new InputError(`the matrix is ${shown(matrix)}; expected a Float64Array, row after row`);
  const n = Math.round(Math.sqrt(matrix.length));
  if (n === 0 || n * n !== matrix.length)
    throw new InputError(
      `a matrix of ${matrix.length} numbers; expected a square number of them, such as ${Math.max(1, n) ** 2}`,
    );
  const size = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0); // NaN stays NaN
  if (!Number.isFinite(size))
    throw new InputError(`a matrix with an entry of size ${size}; expected finite numbers only`);
  const unit = size === 0 ? 1 : size; // scaled, no square over- or underflows
  const t = tridiagonalise(
    matrix.map((x) => x / unit),
    n,
    wanted,
  );
  diagonalise(t, n);
  const order = Array.from(t.diagonal.keys()).sort((i, j) => t.diagonal[i]! - t.diagonal[j]!);
  const vectors = new Float64Array(t.rows.length);
  if (wanted) order.forEach((from, m) => vectors.set(t.rows.subarray(from * n, (from + 1) * n), m * n));
  return { values: Float64Array.from(order, (i) => unit * t.diagonal[i]!), vectors };
}

import { denseMatrix, eigh, svd, type Matrix } from '@stillpoint/operators';

/** The solution of Mz = b, M square `[n, n]`, by elimination with partial pivoting; undefined where M is singular to rounding. */
export function solveLinear(M: Float64Array, b: ArrayLike<number>): Float64Array | undefined {
  const n = b.length;
  const [a, z] = [M.slice(), Float64Array.from(b)];
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    if (!(Math.abs(a[pivot * n + k]!) > 1e-13 * n * largest)) return undefined;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [a[k * n + j], a[pivot * n + j]] = [a[pivot * n + j]!, a[k * n + j]!];
      [z[k], z[pivot]] = [z[pivot]!, z[k]!];
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k]! / a[k * n + k]!;
      for (let j = k; j < n; j++) a[i * n + j] = a[i * n + j]! - factor * a[k * n + j]!;
      z[i] = z[i]! - factor * z[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) z[i] = z[i]! - a[i * n + j]! * z[j]!;
    z[i] = z[i]! / a[i * n + i]!;
  }
  return z;
}

/** M⁻¹, or undefined where M is singular to rounding. */
export function inverse(M: Float64Array, n: number): Float64Array | undefined {
  const inverted = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = solveLinear(M, Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
    if (column === undefined) return undefined;
    for (let i = 0; i < n; i++) inverted[i * n + j] = column[i]!;
  }
  return inverted;
}

/** ‖M‖₂. */
export function spectralNorm({ entries, rows, columns }: Pick<Matrix, 'entries' | 'rows' | 'columns'>): number {
  return svd(entries, rows, columns).values[0] ?? 0;
}

/** The least eigenvalue of (M + Mᵀ)/2. */
export function leastSymmetric(M: Float64Array, n: number): number {
  const symmetric = Float64Array.from(M, (x, at) => (x + M[(at % n) * n + Math.floor(at / n)]!) / 2);
  return eigh(symmetric, { vectors: false }).values[0] ?? 0;
}

/** ρ of the affine operator with matrix M: the least eigenvalue of sym(M⁻¹); where M is singular 0 if it is monotone, else undefined (no ρ need exist). */
export function comonotonicity(M: Float64Array, n: number): number | undefined {
  const inverted = inverse(M, n);
  if (inverted !== undefined) return leastSymmetric(inverted, n);
  const scale = spectralNorm(denseMatrix(M, n, n));
  return leastSymmetric(M, n) >= -1e-14 * n * scale ? 0 : undefined;
}

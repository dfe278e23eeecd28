import { eigh, svd, type Matrix } from '@stillpoint/operators';

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

/** ‖M‖₂. */
export function spectralNorm({ entries, rows, columns }: Pick<Matrix, 'entries' | 'rows' | 'columns'>): number {
  return svd(entries, rows, columns).values[0] ?? 0;
}

/** The least eigenvalue of (M + Mᵀ)/2. */
export function leastSymmetric(M: Float64Array, n: number): number {
  const symmetric = Float64Array.from(M, (x, at) => (x + M[(at % n) * n + Math.floor(at / n)]!) / 2);
  return eigh(symmetric, { vectors: false }).values[0] ?? 0;
}

/** Whether zᵀMz ≥ 0 for all z, to rounding. */
export function isMonotone(M: Float64Array, n: number): boolean {
  return leastSymmetric(M, n) >= -1e-14 * n * M.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/**
 * The largest ρ with zᵀMz ≥ ρ‖Mz‖² for all z: the least eigenvalue of sym(M⁻¹). Where M is singular that of sym(M⁺) on the range of M,
 * provided that Mᵀ vanishes where M does; where it does not, zᵀMz is linear along the kernel and no ρ exists: undefined.
 */
export function comonotonicity(M: Float64Array, n: number): number | undefined {
  const { values, left, right } = svd(M, n, n);
  const largest = values[0] ?? 0;
  const rank = values.filter((value) => value > 1e-13 * n * largest).length;
  if (rank === 0) return 0;
  const overlap = (m: number, k: number): number => { // ⟨right m, left k⟩
    let sum = 0;
    for (let i = 0; i < n; i++) sum += right[m * n + i]! * left[k * n + i]!;
    return sum;
  };
  for (let m = rank; m < n; m++) for (let k = 0; k < rank; k++) if (Math.abs(overlap(m, k)) * (values[k] ?? 0) > 1e-12 * n * largest) return undefined;
  const inverse = Float64Array.from({ length: rank * rank }, (_, at) => overlap(at % rank, Math.floor(at / rank)) / (values[at % rank] ?? NaN)); // UᵀM⁺U, U the first `rank` left vectors
  return leastSymmetric(inverse, rank);
}

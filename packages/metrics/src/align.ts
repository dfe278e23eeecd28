// ‖A₁‖² + ‖A₂‖² − 2‖A₁A₂ᵀ‖⁎ = min ‖A₁ − QA₂‖² over partial isometries Q: Schönemann, "A generalized solution
// of the orthogonal Procrustes problem" (1966). For AᵢᵀAᵢ = Σᵢ the left side is Tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½); the
// right side is a sum of squares, in which nothing cancels.
import { eigh, svd } from '@stillpoint/operators';

/** A matrix, flat `[rows, dim]`. */
export interface Rows {
  readonly entries: Float64Array;
  readonly rows: number;
}

/** Σ_l a[i, l]·b[l, j], of flat `[n, inner]` and `[inner, m]`. */
function product(a: Float64Array, b: Float64Array, n: number, inner: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let l = 0; l < inner; l++) {
      const x = a[i * inner + l]!;
      if (x !== 0)
        for (let j = 0, at = i * m, from = l * m; j < m; j++, at++, from++) out[at] = out[at]! + x * b[from]!;
    }
  return out;
}

function transposed(a: Float64Array, n: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = a[i * m + j]!;
  return out;
}

/**
 * Largest number of rows for which `svd` starts from M itself, which keeps all digits of small features.
 * Above it `svd` takes long, so its rotations start from the eigenvectors of MMᵀ.
 */
const DIRECT = 96;

/**
 * Singular vectors of M, flat `[n, m]`, n ≤ m: `left` is `[n, n]` and `right` `[n, m]`, one vector per row.
 */
function singularVectors(
  M: Float64Array,
  n: number,
  m: number,
): { readonly left: Float64Array; readonly right: Float64Array } {
  if (n <= DIRECT) return svd(M, n, m);
  const { vectors } = eigh(product(M, transposed(M, n, m), n, m, n));
  const largestFirst = Float64Array.from(
    { length: n * n },
    (_, at) => vectors[(n - 1 - Math.floor(at / n)) * n + (at % n)]!,
  );
  const { left, right } = svd(product(largestFirst, M, n, n, m), n, m);
  return { left: product(left, largestFirst, n, n, n), right };
}

/** min ‖A₁ − QA₂‖² over partial isometries Q, for entries of about 1 at most. */
export function squaredDistanceOfFactors(one: Rows, other: Rows, dim: number): number {
  const [a, b] = one.rows <= other.rows ? [one, other] : [other, one];
  if (b.rows === 0) return 0;
  if (a.rows === 0) return b.entries.reduce((sum, x) => sum + x * x, 0);
  const M = product(a.entries, transposed(b.entries, b.rows, dim), a.rows, dim, b.rows);
  const { left, right } = singularVectors(M, a.rows, b.rows);
  const [turnedA, turnedB] = [
    product(left, a.entries, a.rows, a.rows, dim),
    product(right, b.entries, a.rows, b.rows, dim),
  ];
  const matched = turnedA.reduce((sum, x, at) => sum + (x - turnedB[at]!) ** 2, 0);
  if (a.rows === b.rows) return matched;
  // the part of A₂ in the range of Q
  const within = product(transposed(right, a.rows, b.rows), turnedB, b.rows, a.rows, dim);
  return matched + b.entries.reduce((sum, x, at) => sum + (x - within[at]!) ** 2, 0);
}

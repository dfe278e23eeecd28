import { eigh } from './eigh.js';
import { svd } from './svd.js';

/** The least eigenvalue of (M + Mᵀ)/2, M `[n, n]` row by row: F(z) = Mz is μ-strongly monotone with it. */
export function leastSymmetric(M: Float64Array, n: number): number {
  const symmetric = Float64Array.from(M, (x, at) => (x + M[(at % n) * n + Math.floor(at / n)]!) / 2);
  return eigh(symmetric, { vectors: false }).values[0] ?? 0;
}

/** Whether zᵀMz ≥ 0 for all z, to rounding, or to entries that are wrong by `error` times the largest. */
export function isMonotone(M: Float64Array, n: number, error = 1e-14): boolean {
  return leastSymmetric(M, n) >= -error * n * M.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/**
 * The largest ρ with ⟨z, Mz⟩ ≥ ρ‖Mz‖² for all z: the least eigenvalue of sym(M⁻¹). If M is singular, it is
 * that of sym(M⁺) on the range of M, provided that Mᵀ vanishes on the kernel of M. If it does not, ⟨z, Mz⟩ is
 * linear along the kernel and no ρ exists: undefined.
 * @param M `[n, n]` row by row, or `[m, n]` with m > n: then Mz has more coordinates than z, whose own come
 *   first.
 * @param error how wrong an entry may be, as a share of ‖M‖. Directions that M shortens so much that ρ would
 *   be wrong by more than 5 % of 1/‖M‖ then count as its kernel. Default: rounding.
 */
export function comonotonicity(M: Float64Array, n: number, error?: number): number | undefined {
  const rows = M.length / n;
  const square = rows === n ? M : M.slice(0, n * n);
  const { values, left, right } = svd(M, rows, n);
  const largest = values[0] ?? 0;
  // an error of e‖M‖ moves ρ by e‖M‖/σ² along a direction that M shortens to σ
  const least = error === undefined ? 1e-13 * n : Math.sqrt(20 * error);
  const rank = values.filter((value) => value > least * largest).length;
  if (rank === 0) return 0;
  const overlap = (m: number, k: number): number => {
    // ⟨right m, left k⟩
    let sum = 0;
    for (let i = 0; i < n; i++) sum += right[m * n + i]! * left[k * rows + i]!;
    return sum;
  };
  const crossing = error === undefined ? 1e-12 * n : 2 * least;
  for (let m = rank; m < n; m++)
    for (let k = 0; k < rank; k++)
      if (Math.abs(overlap(m, k)) * (values[k] ?? 0) > crossing * largest)
        return isMonotone(square, n, error) ? 0 : undefined;
  const inverse = Float64Array.from(
    { length: rank * rank },
    (_, at) => overlap(at % rank, Math.floor(at / rank)) / (values[at % rank] ?? NaN),
  ); // UᵀM⁺U, U the first `rank` left vectors
  const ρ = leastSymmetric(inverse, rank);
  return ρ < 0 && isMonotone(square, n, error) ? 0 : ρ; // below 0 by rounding only
}

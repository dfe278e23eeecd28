import type { Vector } from '../contracts/index.js';
import { norm } from '../vectors/vectors.js';

/** What `orthogonaliser` may be told. */
export interface OrthogonaliserOptions {
  /** Of the Newton–Schulz iteration. Default 5. */
  readonly iterations?: number;
  /** a, b and c of the quintic. Default: those of Jordan et al. 2024. */
  readonly coefficients?: readonly [a: number, b: number, c: number];
  /** What the Frobenius norm counts at least. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Nearly the orthogonal factor UVᵀ of a matrix M = UΣVᵀ, in its place, `[rows, columns]` from `start` on, by
 * Newton–Schulz iterations in float64:
 *   X ← M/max(‖M‖_F, ε),  and `iterations` times  G = XXᵀ,  X ← aX + (bG + cG²)X.
 * With the default coefficients singular values come near 1, to some 0.7 … 1.2, soon instead of to 1 at last
 * (Jordan et al., "Muon", 2024). Its scratch is made once.
 */
export function orthogonaliser(
  rows: number,
  columns: number,
  { iterations = 5, coefficients = [3.4445, -4.775, 2.0315], epsilon = 1e-7 }: OrthogonaliserOptions = {},
): (matrix: Vector, start: number) => void {
  const [a, b, c] = coefficients;
  const tall = rows > columns; // then its transpose is worked on: G is the smaller one
  const [m, n] = tall ? [columns, rows] : [rows, columns];
  const X = new Float64Array(m * n);
  const next = new Float64Array(m * n);
  const G = new Float64Array(m * m);
  const H = new Float64Array(m * m);
  return (matrix, start) => {
    const size = Math.max(norm(matrix, start, start + rows * columns), epsilon);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        X[tall ? j * rows + i : i * columns + j] = matrix[start + i * columns + j]! / size;
    for (let k = 0; k < iterations; k++) {
      for (let i = 0; i < m; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let l = 0; l < n; l++) sum += X[i * n + l]! * X[j * n + l]!;
          G[i * m + j] = G[j * m + i] = sum;
        }
      for (let i = 0; i < m; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let l = 0; l < m; l++) sum += G[i * m + l]! * G[j * m + l]!;
          H[i * m + j] = H[j * m + i] = b * G[i * m + j]! + c * sum;
        }
      for (let i = 0; i < m; i++) {
        for (let l = 0; l < n; l++) next[i * n + l] = a * X[i * n + l]!;
        for (let j = 0; j < m; j++) {
          const h = H[i * m + j]!;
          for (let l = 0; l < n; l++) next[i * n + l]! += h * X[j * n + l]!;
        }
      }
      X.set(next);
    }
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        matrix[start + i * columns + j] = X[tall ? j * rows + i : i * columns + j]!;
  };
}

import { dot, type Asking, type Space, type Vector } from '@stillpoint/operators';

/** The system (JᵀJ + D)x = Jᵀr + p at a point: J is the residual's Jacobian there, D diagonal, D > 0. */
export interface DampedSystem {
  readonly at: Vector;
  readonly r: Vector;
  readonly p: Vector;
  readonly D: Vector;
}

/**
 * x = (JᵀJ + D)⁻¹(Jᵀr + p) by one dense solve on the shorter side of J, m × N. By its rows, m products with
 * Jᵀ, through Woodbury's identity:
 *   x = D⁻¹(p + Jᵀw),  (I + JD⁻¹Jᵀ)w = r − JD⁻¹p
 * (no difference of long vectors, so it is as exact for a small D); by its columns, N products with J, as it
 * stands. Returns ⟨x, Jᵀr + p⟩ > 0. Where a number is not finite, x is not either.
 */
export function dampedLeastSquares(
  { dim: N, residuals: m, vector }: Pick<Space, 'dim' | 'vector'> & { readonly residuals: number },
  side: 'rows' | 'columns' = m <= N ? 'rows' : 'columns',
): (x: Vector, system: DampedSystem) => Asking<number> {
  const J = new Float64Array(m * N); // by rows, or by columns
  const [n, other] = side === 'rows' ? [m, N] : [N, m];
  const K = new Float64Array(n * n);
  const w = new Float64Array(n);
  const over = new Float64Array(other); // a row of JD⁻¹, or a column of J
  const e = vector(n);
  const line = (i: number): Float64Array => J.subarray(i * other, (i + 1) * other);

  return function* (x, { at, r, p, D }) {
    for (let i = 0; i < n; i++) {
      e.fill(0);
      e[i] = 1;
      line(i).set(yield { want: 'residual-product', at, along: e, transposed: side === 'rows' });
    }
    for (let i = 0; i < n; i++) {
      const a = line(i);
      for (let k = 0; k < other; k++) over[k] = side === 'rows' ? a[k]! / D[k]! : a[k]!;
      for (let j = 0; j <= i; j++) {
        const b = line(j);
        let sum = i === j ? (side === 'rows' ? 1 : D[i]!) : 0;
        for (let k = 0; k < other; k++) sum += over[k]! * b[k]!;
        K[i * n + j] = sum;
      }
      w[i] = side === 'rows' ? r[i]! - dot(over, p) : p[i]! + dot(over, r);
    }
    let along = 0; // ⟨x, Jᵀr + p⟩
    if (side === 'columns') {
      const b = w.slice();
      solvePositive(K, w);
      w.forEach((y, i) => (along += (x[i] = y) * b[i]!));
      return along;
    }
    solvePositive(K, w);
    for (let k = 0; k < N; k++) {
      let sum = p[k]!;
      for (let i = 0; i < m; i++) sum += J[i * N + k]! * w[i]!;
      x[k] = sum / D[k]!;
      along += x[k]! * p[k]!;
    }
    for (let i = 0; i < m; i++) {
      along += dot(line(i), x) * r[i]!;
    }
    return along;
  };
}

/** b ← K⁻¹b, K positive definite, of which the lower triangle is read and overwritten: Cholesky. */
function solvePositive(K: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = K[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= K[i * n + k]! * K[j * n + k]!;
      K[i * n + j] = i === j ? Math.sqrt(sum) : sum / K[j * n + j]!;
    }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= K[i * n + k]! * b[k]!;
    b[i]! /= K[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= K[k * n + i]! * b[k]!;
    b[i]! /= K[i * n + i]!;
  }
}

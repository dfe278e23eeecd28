// The problems that all libraries are timed on. A problem is plain data, so that a process in another
// language reads the same numbers.
import { denseMatrix, normal, projection, simplex, svd } from '@stillpoint/operators';

/** [rows, columns] drawn from N(0, 1), a pure function of the purpose. */
const draw = (purpose, rows, columns) => normal(new Float64Array(rows * columns), { seed: 1, purpose });
const largest = (entries, rows, columns) => svd(entries, rows, columns).values[0];

/** min x max y of xy:  F(z) = (z₂, −z₁). */
function bilinear() {
  return { name: 'bilinear, d=2', kind: 'bilinear', dim: 2, lipschitz: 1, start: [1, 1], constrained: false };
}

/** min x max y of xᵀAy on two simplices of d/2 choices, A of normal entries. */
function matrixGame(dim) {
  const n = dim / 2;
  const A = draw(`matrix game ${dim}`, n, n);
  return {
    name: `matrix game, d=${dim}`,
    kind: 'matrix',
    dim,
    matrix: Array.from(A),
    lipschitz: largest(A, n, n),
    start: Array(dim).fill(1 / n),
    constrained: true,
  };
}

/** F(z) = Mz + q of ½xᵀPx + xᵀAy − ½yᵀQy + …, P and Q = BᵀB/n: monotone, without constraints. */
function quadratic(dim) {
  const n = dim / 2;
  const [A, B, C] = ['A', 'B', 'C'].map((name) => draw(`quadratic ${dim} ${name}`, n, n));
  const M = new Float64Array(dim * dim);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        M[i * dim + j] += (B[k * n + i] * B[k * n + j]) / n;
        M[(n + i) * dim + n + j] += (C[k * n + i] * C[k * n + j]) / n;
      }
      M[i * dim + n + j] = A[i * n + j];
      M[(n + j) * dim + i] = -A[i * n + j];
    }
  const q = draw(`quadratic ${dim} q`, dim, 1);
  return {
    name: `quadratic, d=${dim}`,
    kind: 'affine',
    dim,
    matrix: Array.from(M),
    offset: Array.from(q),
    lipschitz: largest(M, dim, dim),
    start: Array(dim).fill(1),
    constrained: false,
  };
}

export const problems = () => [bilinear(), matrixGame(10), matrixGame(100), quadratic(10), quadratic(100)];

/** A problem as a user of Stillpoint writes it. */
export function gameOf({ name, kind, dim, matrix, offset, start }) {
  const half = dim / 2;
  const shape = {
    name,
    dim,
    start,
    players: [
      { name: 'x', start: 0, end: half },
      { name: 'y', start: half, end: dim },
    ],
  };
  if (kind === 'bilinear') {
    return {
      ...shape,
      operator(z, out) {
        out[0] = z[1];
        out[1] = -z[0];
      },
    };
  }
  if (kind === 'matrix') {
    const A = denseMatrix(Float64Array.from(matrix), half, half);
    const project = projection(simplex());
    return {
      ...shape,
      operator(z, out) {
        A.times(out, 0, z, half);
        A.transposedTimes(out, half, z, 0, -1);
      },
      constraint: {
        prox(z, _, player) {
          if (player !== 1) project(z, 0, half);
          if (player !== 0) project(z, half, dim);
        },
      },
    };
  }
  const M = denseMatrix(Float64Array.from(matrix), dim, dim);
  return {
    ...shape,
    operator(z, out) {
      M.times(out, 0, z, 0);
      for (let i = 0; i < dim; i++) out[i] += offset[i];
    },
  };
}

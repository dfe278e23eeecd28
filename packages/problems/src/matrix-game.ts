import { denseMatrix, dot, lazyFacts, matrixOf, normal, simplex, type Game, type Matrix, type Vector } from '@stillpoint/operators';
import { playersOf } from './affine.js';
import { spectralNorm } from './linear-algebra.js';
import { onlyEquilibrium } from './matrix-solution.js';

const onSimplex = simplex();

/** Larger games state no solution: the simplex method would take longer than solving the game. */
const SOLVED_UP_TO = 10_000;

/**
 * The matrix game  min over x, max over y of xᵀAy,  x and y on simplices:  F(x, y) = (A₀y, −A₀ᵀx),  A₀ = A − mean(A).
 * On simplices xᵀAy = xᵀA₀y + mean(A), and (Ay, −Aᵀx) differs from F by multiples of 1, which no step on a simplex sees: so
 * a constant added to all payoffs changes nothing. L = ‖A₀‖₂; in the geometry of entropy half the range of the entries.
 * Monotone. The start is inside the simplices, where entropy steps can go anywhere: weights 1, 2, … upwards for x,
 * downwards for y, since the uniform point often is the solution. The equilibrium is stated where there is one only (matrix-solution.ts).
 * Source: von Neumann, "Zur Theorie der Gesellschaftsspiele", 1928.
 * @param matrix `[rows, columns]`: x chooses a row, y a column.
 */
export function matrixGame({ matrix }: { readonly matrix: readonly (readonly number[])[] }): Game {
  return fromMatrix('matrix-game', matrixOf(matrix));
}

/** A matrix game with entries N(0, 1), a pure function of the seed. */
export function randomMatrixGame({ rows, columns, seed }: { readonly rows: number; readonly columns: number; readonly seed: number }): Game {
  return fromMatrix('random-matrix-game', denseMatrix(normal(new Float64Array(rows * columns), { seed, purpose: 'matrix game' }), rows, columns));
}

function fromMatrix(name: string, A: Matrix): Game {
  const { entries, rows: m, columns: n } = A;
  const base = entries[0] ?? 0; // first, so that a constant matrix leaves exact zeros
  const mean = entries.reduce((sum, a) => sum + (a - base), 0) / (m * n);
  const A0 = denseMatrix(entries.map((a) => a - base - mean), m, n);
  return {
    name, dim: m + n, players: playersOf({ x: m, y: n }),
    start: [...ramp(m), ...ramp(n).reverse()],
    operator(z, out) {
      A0.times(out, 0, z, m);
      A0.transposedTimes(out, m, z, 0, -1);
    },
    losses(z, out) {
      const Ay = new Float64Array(m);
      A0.times(Ay, 0, z, m);
      let value = base + mean;
      for (let i = 0; i < m; i++) value += z[i]! * Ay[i]!;
      out[0] = value;
      out[1] = -value;
    },
    jacobianVector(_, v, out, transposed) {
      A0.times(out, 0, v, m, transposed ? -1 : 1);
      A0.transposedTimes(out, m, v, 0, transposed ? 1 : -1);
    },
    resolve(z, _, player) {
      if (player !== 1) onSimplex(z, 0, m);
      if (player !== 0) onSimplex(z, m, m + n);
    },
    gap: (z, F) => gapOnSimplices(z, F, m),
    facts: lazyFacts({
      lipschitz: () => spectralNorm(A0),
      mirrorLipschitz: () => (entries.reduce((most, a) => Math.max(most, a), -Infinity) - entries.reduce((least, a) => Math.min(least, a), Infinity)) / 2,
      comonotone: () => 0, weakMinty: () => 0, where: () => 'everywhere', zeroSum: () => true, mirror: () => 'entropy',
      solution: () => (m * n <= SOLVED_UP_TO ? onlyEquilibrium(A) : undefined),
    }),
  };
}

const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));

/** max ⟨F(z), z − u⟩ over two simplices u, the first of m entries. */
function gapOnSimplices(z: Vector, F: Vector, m: number): number {
  let [x, y] = [Infinity, Infinity];
  for (let i = 0; i < m; i++) x = Math.min(x, F[i]!);
  for (let j = m; j < F.length; j++) y = Math.min(y, F[j]!);
  return dot(F, z) - x - y;
}

/**
 * The duality gap of a matrix game at z = (x, y):  max_j (Aᵀx)_j − min_i (Ay)_i ≥ 0, zero exactly at equilibria.
 * It is the restricted gap max ⟨F(z), z − u⟩ over the simplices.
 */
export function dualityGap(game: Pick<Game, 'operator' | 'players'>, z: Vector): number {
  const F = new Float64Array(z.length);
  game.operator(z, F);
  return game.players.reduce((sum, { start, end }) => sum - F.subarray(start, end).reduce((least, g) => Math.min(least, g), Infinity), dot(F, z));
}

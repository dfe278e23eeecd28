import { denseMatrix, matrixOf, normal, simplex, type Game, type Matrix, type Vector } from '@stillpoint/operators';
import { playersOf } from './affine.js';
import { solveLinear, spectralNorm } from './linear-algebra.js';

const onSimplex = simplex();

/**
 * The matrix game  min over x, max over y of xᵀAy,  x and y on simplices:  F(x, y) = (Ay, −Aᵀx).
 * L = ‖A‖₂, monotone. The start is inside the simplices and no solution: weights 1, 2, … upwards for x, downwards for y.
 * Where A is square and both players mix all choices, the solution is stated: x ∝ A⁻ᵀ1, y ∝ A⁻¹1, with A shifted by a constant
 * (which changes no equilibrium) so that it can be inverted.
 * Source: von Neumann, "Zur Theorie der Gesellschaftsspiele", 1928; completely mixed games: Kaplansky 1945.
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
  const { rows: m, columns: n } = A;
  const mixed = completelyMixed(A);
  return {
    name, dim: m + n, players: playersOf({ x: m, y: n }),
    start: [...ramp(m), ...ramp(n).reverse()],
    operator(z, out) {
      A.times(out, 0, z, m);
      A.transposedTimes(out, m, z, 0, -1);
    },
    losses(z, out) {
      const Ay = new Float64Array(m);
      A.times(Ay, 0, z, m);
      let value = 0;
      for (let i = 0; i < m; i++) value += z[i]! * Ay[i]!;
      out[0] = value;
      out[1] = -value;
    },
    jacobianVector(_, v, out, transposed) {
      A.times(out, 0, v, m, transposed ? -1 : 1);
      A.transposedTimes(out, m, v, 0, transposed ? 1 : -1);
    },
    resolve(z, _, player) {
      if (player !== 1) onSimplex(z, 0, m);
      if (player !== 0) onSimplex(z, m, m + n);
    },
    facts: { lipschitz: spectralNorm(A), comonotone: 0, weakMinty: 0, zeroSum: true, mirror: 'entropy', ...(mixed ? { solution: mixed } : {}) },
  };
}

const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));

function completelyMixed({ entries, rows: n, columns }: Matrix): readonly number[] | undefined {
  if (n !== columns) return undefined;
  const shift = 1 - Math.min(...entries);
  const shifted = entries.map((x) => x + shift);
  const transposed = shifted.map((_, at) => shifted[(at % n) * n + Math.floor(at / n)]!);
  const ones = Array<number>(n).fill(1);
  const [x, y] = [solveLinear(transposed, ones), solveLinear(shifted, ones)];
  if (x === undefined || y === undefined || ![...x, ...y].every((weight) => weight > 0)) return undefined;
  return [x, y].flatMap((weights) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return Array.from(weights, (weight) => weight / sum);
  });
}

/**
 * The duality gap of a matrix game at z = (x, y):  max_j (Aᵀx)_j − min_i (Ay)_i ≥ 0, zero exactly at equilibria.
 * It is the restricted gap max ⟨F(u), z − u⟩ over the simplices.
 */
export function dualityGap(game: Pick<Game, 'operator' | 'players'>, z: Vector): number {
  const F = new Float64Array(z.length);
  game.operator(z, F);
  const [x, y] = game.players;
  return -Math.min(...F.subarray(y?.start, y?.end)) - Math.min(...F.subarray(x?.start, x?.end));
}

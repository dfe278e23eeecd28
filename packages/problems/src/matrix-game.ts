import {
  InputError, denseMatrix, matrixOf, normal, parseOptions, shown, simplex, type Game, type Matrix,
  type OptionTable, type Player, type Vector,
} from '@stillpoint/operators';
import { playersOf, stretch } from './affine.js';
import { spectralNorm } from './linear-algebra.js';
import { onlyEquilibrium } from './matrix-solution.js';
import * as option from './options.js';

const onSimplex = simplex();

/** Larger games state no solution: the simplex method would take longer than solving the game. */
const SOLVED_UP_TO = 10_000;
/** Entries of a random matrix: 200 MB of them. */
const ENTRIES = 25_000_000;

/** Options of {@link matrixGame}. */
export interface MatrixGameOptions {
  readonly matrix: readonly (readonly number[])[];
}

/** Options of {@link matrixGame}: what is accepted, and the defaults. */
export const matrixGameTable: OptionTable<MatrixGameOptions> = {
  matrix: option.matrix({
    about: 'what x pays when it chooses the row and y the column', symbol: 'A',
    default: [[0, 1, -1], [-1, 0, 1], [1, -1, 0]],
  }),
};

/**
 * The matrix game  min over x, max over y of xᵀAy,  x and y on simplices:  F(x, y) = (Ay, −Aᵀx).
 * L = ‖A‖₂, monotone. The start is inside the simplices, where entropy steps can go anywhere: weights 1, 2, … upwards for x,
 * downwards for y, since the uniform point often is the solution. The equilibrium is stated where there is one only (matrix-solution.ts).
 * Source: von Neumann, "Zur Theorie der Gesellschaftsspiele", 1928.
 * @param matrix `[rows, columns]`: x chooses a row, y a column.
 */
export function matrixGame(options: Partial<MatrixGameOptions> = {}): Game {
  const { matrix } = parseOptions('game matrix-game', matrixGameTable, options);
  return fromMatrix('matrix-game', matrixOf(matrix));
}

/** Options of {@link randomMatrixGame}. */
export interface RandomMatrixGameOptions {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

/** Options of {@link randomMatrixGame}: what is accepted, and the defaults. */
export const randomMatrixGameTable: OptionTable<RandomMatrixGameOptions> = {
  rows: option.integer({ about: 'choices of x', from: 1, to: 100_000, default: 5 }),
  columns: option.integer({ about: 'choices of y', from: 1, to: 100_000, default: 5 }),
  seed: option.seed({ default: 1 }),
};

/** A matrix game with entries N(0, 1), a pure function of the seed. */
export function randomMatrixGame(options: Partial<RandomMatrixGameOptions> = {}): Game {
  const { rows, columns, seed } = parseOptions('game random-matrix-game', randomMatrixGameTable, options);
  if (rows * columns > ENTRIES) {
    const what = `${rows} rows of ${columns} columns`;
    throw new InputError(`game random-matrix-game: ${what}; expected at most ${ENTRIES} entries`);
  }
  return fromMatrix('random-matrix-game', denseMatrix(normal(new Float64Array(rows * columns), { seed, purpose: 'matrix game' }), rows, columns));
}

function fromMatrix(name: string, A: Matrix): Game {
  const { rows: m, columns: n } = A;
  const solution = m * n <= SOLVED_UP_TO ? onlyEquilibrium(A) : undefined;
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
    facts: { ...stretch(spectralNorm(A)), comonotone: 0, weakMinty: 0, zeroSum: true, mirror: 'entropy', ...(solution ? { solution } : {}) },
  };
}

const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));

/**
 * What a point of the simplices proves of a matrix game's value v:
 *   min_i (Ay)_i ≤ v ≤ max_j (Aᵀx)_j;  the difference is the duality gap.
 * z is first put onto the simplices, from which rounding may have moved it.
 */
export function valueBounds(
  game: Pick<Game, 'operator' | 'players' | 'resolve'>, z: Vector,
): { readonly lower: number; readonly upper: number } {
  const at = Float64Array.from(z);
  game.resolve?.(at, 1);
  const F = new Float64Array(at.length);
  game.operator(at, F);
  const least = ({ start, end }: Player): number => F.subarray(start, end).reduce((low, g) => Math.min(low, g), Infinity);
  const [lower = NaN, upper = NaN] = game.players.map(least);
  return { lower, upper: -upper };
}

/**
 * The duality gap of a matrix game at z = (x, y):  max_j (Aᵀx)_j − min_i (Ay)_i ≥ 0, zero exactly at equilibria.
 * It is the restricted gap max ⟨F(u), z − u⟩ over the simplices.
 */
export function dualityGap(game: Pick<Game, 'operator' | 'players'>, z: Vector): number {
  const given: unknown = game;
  const { operator, players }: { readonly operator?: unknown; readonly players?: unknown } = Object(given);
  if (typeof operator !== 'function' || !Array.isArray(players)) {
    throw new InputError(`dualityGap takes a game and z; found ${shown(given)} for the game`);
  }
  const dim: unknown = players.at(-1)?.end;
  if (!(z instanceof Float64Array || z instanceof Float32Array) || z.length !== dim) {
    throw new InputError(`dualityGap: z is ${shown(z)}; expected a Float64Array of ${String(dim)}`);
  }
  const F = new Float64Array(z.length);
  game.operator(z, F);
  return -game.players.reduce((sum, { start, end }) => sum + F.subarray(start, end).reduce((least, g) => Math.min(least, g), Infinity), 0);
}

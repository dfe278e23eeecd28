import {
  InputError,
  denseMatrix,
  dot,
  lazyFacts,
  matrixOf,
  normal,
  projection,
  shown,
  simplex,
  type Game,
  type Matrix,
  type Player,
  type Vector,
} from '@stillpoint/operators';
import { playersOf } from './affine.js';
import { spectralNorm } from './linear-algebra.js';
import { onlyEquilibrium } from './matrix-solution.js';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

const onSimplex = projection(simplex());

/** A game of more entries states no solution: the simplex method would take longer than a run. */
const SOLVED_UP_TO = 10_000;
/**
 * A random matrix has no more entries: they take 200 MB, and are kept up to four times, as they are, less
 * their mean, and packed for the product with A₀ and for that with A₀ᵀ.
 */
const MOST_ENTRIES = 25_000_000;

/**
 * The matrix game, min over x and max over y, both on simplices, of xᵀAy:
 *   F(x, y) = (A₀y, −A₀ᵀx),  A₀ = A − mean(A)
 * On simplices xᵀAy = xᵀA₀y + mean(A), and (Ay, −Aᵀx) differs from F by multiples of the vector of ones,
 * which change no step on a simplex. So a constant added to all payoffs changes nothing. L = ‖A₀‖₂; in the
 * geometry of entropy it is half the range of the entries. F is monotone. The start lies inside the
 * simplices, from where entropy steps can reach any point. Its weights are proportional to 1, 2, … for x and
 * to …, 2, 1 for y: the uniform point is often the solution. The equilibrium is stated if it is unique and
 * the matrix has at most 10,000 entries (matrix-solution.ts). Source: von Neumann, "Zur Theorie der
 * Gesellschaftsspiele", 1928.
 */
export const matrixGame = game({
  name: 'matrix-game',
  about: 'min over x, max over y of xᵀAy on simplices; default: rock, paper, scissors',
  reference: 'von Neumann 1928',
  valueBounds,
  options: {
    matrix: option.matrix({
      about: 'what x pays if it chooses the row and y the column',
      symbol: 'A',
      default: [
        [0, 1, -1],
        [-1, 0, 1],
        [1, -1, 0],
      ],
    }),
  },
  make({ matrix }): Game {
    return fromMatrix('matrix-game', matrixOf(matrix));
  },
});

/** A matrix game whose entries are drawn from N(0, 1), a pure function of the seed. */
export const randomMatrixGame = game({
  name: 'random-matrix-game',
  about: 'a matrix game with normal entries',
  reference: 'von Neumann 1928',
  valueBounds,
  options: {
    rows: option.integer({ about: 'number of x’s choices', from: 1, to: 100_000, default: 5 }),
    columns: option.integer({ about: 'number of y’s choices', from: 1, to: 100_000, default: 5 }),
    seed: option.seed({ default: 1 }),
  },
  make({ rows, columns, seed }): Game {
    if (rows * columns > MOST_ENTRIES) {
      const what = `${rows} rows of ${columns} columns`;
      throw new InputError(`game random-matrix-game: ${what}; expected at most ${MOST_ENTRIES} entries`);
    }
    return fromMatrix(
      'random-matrix-game',
      denseMatrix(normal(new Float64Array(rows * columns), { seed, purpose: 'matrix game' }), rows, columns),
    );
  },
});

function fromMatrix(name: string, A: Matrix): Game {
  const { entries, rows: m, columns: n } = A;
  const base = entries[0] ?? 0; // subtracted first, so that a constant matrix leaves exact zeros
  const mean = entries.reduce((sum, a) => sum + (a - base), 0) / (m * n);
  const A0 = denseMatrix(
    entries.map((a) => a - base - mean),
    m,
    n,
  );
  return {
    name,
    dim: m + n,
    players: playersOf({ x: m, y: n }),
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
    prices: { product: 1, transposedProduct: 1 }, // F is linear: as many multiplications
    jacobianVector(_, v, out, transposed) {
      A0.times(out, 0, v, m, transposed ? -1 : 1);
      A0.transposedTimes(out, m, v, 0, transposed ? 1 : -1);
    },
    constraint: {
      prox(z, _, player) {
        if (player !== 1) onSimplex(z, 0, m);
        if (player !== 0) onSimplex(z, m, m + n);
      },
    },
    gap: (z, F) => gapOnSimplices(z, F, m),
    facts: lazyFacts({
      lipschitz: () => spectralNorm(A0),
      mirrorLipschitz: () =>
        (entries.reduce((most, a) => Math.max(most, a), -Infinity) -
          entries.reduce((least, a) => Math.min(least, a), Infinity)) /
        2,
      comonotone: () => 0,
      weakMinty: () => 0,
      where: () => 'everywhere',
      zeroSum: () => true,
      mirror: () => 'entropy',
      solution: () => (m * n <= SOLVED_UP_TO ? onlyEquilibrium(A) : undefined),
    }),
  };
}

const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));

/** The maximum of ⟨F(z), z − u⟩ over u on two simplices, the first of m entries. */
function gapOnSimplices(z: Vector, F: Vector, m: number): number {
  let [x, y] = [Infinity, Infinity];
  for (let i = 0; i < m; i++) x = Math.min(x, F[i]!);
  for (let j = m; j < F.length; j++) y = Math.min(y, F[j]!);
  return dot(F, z) - x - y;
}

/** Checks the arguments for callers without types. @throws InputError */
function checkGame(caller: string, game: unknown, z: unknown): void {
  const { operator, players }: { readonly operator?: unknown; readonly players?: unknown } = Object(game);
  if (typeof operator !== 'function' || !Array.isArray(players))
    throw new InputError(`${caller} takes a game; found ${shown(game)}`);
  const dim: unknown = players.at(-1)?.end;
  if ((z instanceof Float64Array || z instanceof Float32Array) && z.length === dim) return;
  throw new InputError(`${caller}: z is ${shown(z)}; expected a Float64Array of ${String(dim)}`);
}

/**
 * What a point z = (x, y) of the simplices proves of a matrix game's value v:
 *   min_i (Ay)_i ≤ v ≤ max_j (Aᵀx)_j;  the difference is the duality gap.
 * z is first projected onto the simplices, since rounding may have moved it off them. @throws InputError for
 * a game without losses or a constraint, and for a point of another length.
 */
export function valueBounds(
  game: Pick<Game, 'operator' | 'players' | 'constraint' | 'losses'>,
  z: Vector,
): { readonly lower: number; readonly upper: number } {
  checkGame('valueBounds', game, z);
  const { constraint, losses: lossesAt } = game;
  if (constraint === undefined || lossesAt === undefined)
    throw new InputError(
      `valueBounds takes a matrix game; this one lacks ${constraint === undefined ? 'a constraint' : 'losses'}`,
    );
  const at = Float64Array.from(z);
  constraint.prox(at, 1);
  const F = new Float64Array(at.length);
  game.operator(at, F);
  const least = ({ start, end }: Player): number =>
    F.subarray(start, end).reduce((low, g) => Math.min(low, g), Infinity);
  const [lower = NaN, upper = NaN] = game.players.map(least);
  const [x] = game.players;
  const losses = new Float64Array(2);
  lossesAt.call(game, at, losses);
  const mean = losses[0]! - dot(F, at, x?.start, x?.end); // F is that of the payoffs minus their mean
  return { lower: lower + mean, upper: mean - upper };
}

/**
 * The duality gap of a matrix game at z = (x, y), max_j (Aᵀx)_j − min_i (Ay)_i ≥ 0, zero exactly at
 * equilibria. It is the restricted gap max ⟨F(z), z − u⟩ over the simplices. @throws InputError for what is
 * no game, and for a point of another length.
 */
export function dualityGap(game: Pick<Game, 'operator' | 'players'>, z: Vector): number {
  checkGame('dualityGap', game, z);
  const F = new Float64Array(z.length);
  game.operator(z, F);
  return gapOnSimplices(z, F, game.players[0]!.end);
}

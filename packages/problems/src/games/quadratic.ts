import { InputError, normal, type Game } from '@stillpoint/operators';
import { affineGame, playersOf } from './affine.js';
import * as option from '../options.js';
import type { Rows } from '../options.js';
import { game } from '../kinds/game.js';

/**
 * The quadratic game
 *   f(x, y) = ½xᵀPx + xᵀAy − ½yᵀQy + pᵀx − qᵀy,  F(x, y) = (Px + Ay + p, Qy − Aᵀx + q).
 * Monotone if P and Q are positive semidefinite, which is not required. L, ρ and the solution are exact
 * (affine.ts).
 * @throws InputError if the shapes do not fit, or if P or Q is not symmetric.
 */
export const quadratic = game({
  name: 'quadratic',
  about: 'a quadratic game of any dimension from its matrices',
  reference: 'classical',
  options: {
    convex: option.matrix({
      about: 'curvature for x, symmetric',
      symbol: 'P',
      default: [
        [1, 0],
        [0, 0.1],
      ],
    }),
    coupling: option.matrix({
      about: 'coupling of x and y',
      symbol: 'A',
      default: [
        [1, 2],
        [0, 1],
      ],
    }),
    concave: option.matrix({
      about: 'curvature against y, symmetric',
      symbol: 'Q',
      default: [
        [0.5, 0],
        [0, 0],
      ],
    }),
    offset: option.numbers({ about: 'linear part (p, q)', default: null, otherwise: 'zeros' }),
  },
  make({ convex: P, coupling: A, concave: Q, offset }): Game {
    const [m, n] = [P.length, Q.length];
    const symmetric = (name: string, S: Rows): void => {
      if (S.some((row, i) => row.length !== S.length || row.some((x, j) => x !== S[j]?.[i])))
        throw new InputError(`quadratic: ${name} is not a symmetric square matrix`);
    };
    symmetric('convex', P);
    symmetric('concave', Q);
    if (A.length !== m || A.some((row) => row.length !== n))
      throw new InputError(
        `quadratic: coupling has ${A.length} rows of ${A[0]?.length ?? 0}; expected ${m} rows of ${n}, as convex and concave say`,
      );
    if (offset !== null && offset.length !== m + n)
      throw new InputError(`quadratic: offset has ${offset.length} entries; expected ${m + n}`);
    const M = new Float64Array((m + n) * (m + n));
    const set = (i: number, j: number, x: number): void => {
      M[i * (m + n) + j] = x;
    };
    P.forEach((row, i) => row.forEach((x, j) => set(i, j, x)));
    Q.forEach((row, i) => row.forEach((x, j) => set(m + i, m + j, x)));
    A.forEach((row, i) =>
      row.forEach((x, j) => {
        set(i, m + j, x);
        set(m + j, i, -x);
      }),
    );
    const linear = offset ?? Array<number>(m + n).fill(0);
    return affineGame({
      name: 'quadratic',
      players: playersOf({ x: m, y: n }),
      M,
      q: Float64Array.from(linear),
      start: Array.from({ length: m + n }, (_, i) => 1 / (i + 1)),
      facts: { zeroSum: true },
      losses(z, out) {
        let value = 0;
        for (let i = 0; i < m + n; i++)
          for (let j = 0; j < m + n; j++) {
            // ½zᵀSz with S = diag(I, −I)M: P, A, Aᵀ, −Q
            value += ((i < m ? 1 : -1) * M[i * (m + n) + j]! * z[i]! * z[j]!) / 2;
          }
        for (let i = 0; i < m + n; i++) value += (i < m ? 1 : -1) * linear[i]! * z[i]!;
        out[0] = value;
        out[1] = -value;
      },
    });
  },
});

/**
 * A random linear operator with prescribed L and ρ, both attained: 2×2 blocks b·I + a·R with eigenvalues μ =
 * b ± ia, the first with |μ| = L, b = ρL², the others inside (|μ| ≤ L, b ≥ ρ|μ|²), turned by a random
 * orthogonal matrix. Two players share the entries. The inverse has the blocks μ⁻¹, whose real part b/|μ|² is
 * what ρ bounds. The solution is 0. @throws InputError for an odd dimension, or if |ρ|L > 1.
 */
export const randomComonotone = game({
  name: 'random-comonotone',
  about: 'a random linear operator with prescribed L and comonotonicity ρ',
  reference: 'Stillpoint’s',
  options: {
    dimension: option.integer({
      about: 'entries of both players together, even',
      from: 2,
      to: 600,
      default: 6,
    }),
    lipschitz: option.number({ about: 'Lipschitz constant of F', symbol: 'L', above: 0, default: 1 }),
    comonotone: option.number({ about: 'comonotonicity, |ρ| <= 1/L', symbol: 'ρ', default: -0.2 }),
    seed: option.seed({ default: 1 }),
  },
  make({ dimension: n, lipschitz: L, comonotone: ρ, seed }): Game {
    if (n % 2 !== 0) throw new InputError(`random-comonotone: dimension is ${n}; expected an even number`);
    if (Math.abs(ρ) * L > 1)
      throw new InputError(
        `random-comonotone: comonotone is ${ρ}; expected |comonotone| <= 1/lipschitz = ${1 / L}`,
      );
    const random = normal(new Float64Array(n * n + n), { seed, purpose: 'random comonotone' });
    const share = (k: number): number => 1 / (1 + Math.exp(-random[n * n + k]!)); // in (0, 1)
    const blocks = new Float64Array(n * n);
    for (let k = 0; k < n / 2; k++) {
      const size = k === 0 ? L : L * (0.1 + 0.9 * share(2 * k));
      const slack = k === 0 ? 0 : share(2 * k + 1) * (1 / size - ρ); // Re(μ⁻¹) between ρ and 1/|μ|
      const b = size * size * (ρ + slack);
      const a = Math.sqrt(Math.max(0, size * size - b * b));
      const at = 2 * k * n + 2 * k;
      [blocks[at], blocks[at + 1], blocks[at + n], blocks[at + n + 1]] = [b, a, -a, b];
    }
    const Q = orthogonal(random.slice(0, n * n), n);
    const M = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        // M = Qᵀ·blocks·Q
        let sum = 0;
        for (let k = 0; k < n; k++)
          for (const l of [k, k ^ 1]) sum += Q[k * n + i]! * blocks[k * n + l]! * Q[l * n + j]!;
        M[i * n + j] = sum;
      }
    return affineGame({
      name: 'random-comonotone',
      players: playersOf({ x: n / 2, y: n / 2 }),
      M,
      q: new Float64Array(n),
      start: Array.from({ length: n }, (_, i) => 1 / (i + 1)),
      facts: { lipschitz: L, comonotone: ρ, weakMinty: ρ, solution: Array<number>(n).fill(0) },
    });
  },
});

/** Makes the rows orthonormal one by one (Gram–Schmidt), in two passes against rounding. */
function orthogonal(rows: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < i; k++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += rows[i * n + j]! * rows[k * n + j]!;
        for (let j = 0; j < n; j++) rows[i * n + j] = rows[i * n + j]! - sum * rows[k * n + j]!;
      }
    let square = 0;
    for (let j = 0; j < n; j++) square += rows[i * n + j]! * rows[i * n + j]!;
    for (let j = 0; j < n; j++) rows[i * n + j] = rows[i * n + j]! / Math.sqrt(square);
  }
  return rows;
}

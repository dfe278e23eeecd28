import {
  InputError,
  denseMatrix,
  lazyFacts,
  matrixOf,
  projection,
  simplex,
  type Game,
  type Matrix,
} from '@stillpoint/operators';
import { playersOf } from './affine.js';
import { spectralNorm } from './linear-algebra.js';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

const onSimplex = projection(simplex());

/**
 * The ratio game, min over x and max over y, both on simplices, of
 *   V = xᵀRy/xᵀSy
 * a stochastic game with one state, where S holds the probabilities of stopping. F is not monotone, yet
 * minimax equals maximin. F = (∇_x V, −∇_y V) with ∇_x V = (Ry − V·Sy)/xᵀSy, ∇_y V = (Rᵀx − V·Sᵀx)/xᵀSy. L is
 * a bound on the simplices that is not attained: with r = max|R₀|, s = min S, a = ‖R₀‖₂, b = ‖S‖₂, R₀ = R −
 * cS of mean 0, the second derivatives are at most a/s + (4ab + rb)/s² + 4rb²/s³ together. At an equilibrium
 * of value v the matrix game R − vS has value 0. Pure equilibria are found by trying all, and for 2 by 2
 * matrices a mixed one from det(R − vS) = 0; the solution is stated if one is found. The start is the
 * source's, a vertex. No mirror map is stated, since an entropy step does not leave a vertex. Source:
 * Daskalakis, Foster, Golowich, "Independent policy gradient methods for competitive reinforcement learning",
 * 2020, arXiv 2101.04233.
 */
export const ratioGame = game({
  name: 'ratio-game',
  about: 'a ratio of two bilinear forms on simplices: nonmonotone, yet minimax equals maximin',
  reference: 'Daskalakis, Foster, Golowich 2020, arXiv 2101.04233; the numbers: Böhm 2022, arXiv 2201.12247',
  options: {
    reward: option.matrix({
      about: 'numerator',
      symbol: 'R',
      default: [
        [-0.6, -0.3],
        [0.6, -0.3],
      ],
    }),
    stopping: option.matrix({
      about: 'denominator, all entries > 0',
      symbol: 'S',
      default: [
        [0.9, 0.5],
        [0.8, 0.4],
      ],
    }),
  },
  make({ reward, stopping }): Game {
    const [R, S] = [matrixOf(reward), matrixOf(stopping)];
    const { rows: m, columns: n } = R;
    if (S.rows !== m || S.columns !== n)
      throw new InputError(
        `ratio-game: stopping is ${S.rows} by ${S.columns}; expected ${m} by ${n}, as reward is`,
      );
    const s = S.entries.reduce((least, x) => Math.min(least, x), Infinity);
    if (!(s > 0)) throw new InputError(`ratio-game: the least entry of stopping is ${s}; expected all > 0`);
    const [Ry, Sy, Rx, Sx] = [
      new Float64Array(m),
      new Float64Array(m),
      new Float64Array(n),
      new Float64Array(n),
    ];
    /** Computes the products at z; returns V and xᵀSy. */
    const at = (z: Float32Array | Float64Array): { readonly V: number; readonly D: number } => {
      R.times(Ry, 0, z, m);
      S.times(Sy, 0, z, m);
      R.transposedTimes(Rx, 0, z, 0);
      S.transposedTimes(Sx, 0, z, 0);
      let [N, D] = [0, 0];
      for (let i = 0; i < m; i++) {
        N += z[i]! * Ry[i]!;
        D += z[i]! * Sy[i]!;
      }
      return { V: N / D, D };
    };
    const [Rv, Sv, Ru, Su] = [
      new Float64Array(m),
      new Float64Array(m),
      new Float64Array(n),
      new Float64Array(n),
    ];
    return {
      name: 'ratio-game',
      dim: m + n,
      players: playersOf({ x: m, y: n }),
      start: [
        ...Array.from({ length: m }, (_, i) => (i === 0 ? 1 : 0)),
        ...Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0)),
      ],
      operator(z, out) {
        const { V, D } = at(z);
        for (let i = 0; i < m; i++) out[i] = (Ry[i]! - V * Sy[i]!) / D;
        for (let j = 0; j < n; j++) out[m + j] = -(Rx[j]! - V * Sx[j]!) / D;
      },
      losses(z, out) {
        const { V } = at(z);
        out[0] = V;
        out[1] = -V;
      },
      jacobianVector(z, w, out, transposed) {
        const { V, D } = at(z); // H is symmetric and J = diag(I, −I)H: Jᵀw = H diag(I, −I)w
        const flip = transposed ? -1 : 1;
        R.times(Rv, 0, w, m, flip);
        S.times(Sv, 0, w, m, flip);
        R.transposedTimes(Ru, 0, w, 0);
        S.transposedTimes(Su, 0, w, 0);
        let [dN, dD] = [0, 0];
        for (let i = 0; i < m; i++) {
          dN += w[i]! * Ry[i]! + z[i]! * Rv[i]!;
          dD += w[i]! * Sy[i]! + z[i]! * Sv[i]!;
        }
        const dV = (dN - V * dD) / D;
        for (let i = 0; i < m; i++)
          out[i] = (Rv[i]! - dV * Sy[i]! - V * Sv[i]!) / D - ((Ry[i]! - V * Sy[i]!) * dD) / (D * D);
        const sign = transposed ? 1 : -1;
        for (let j = 0; j < n; j++)
          out[m + j] =
            sign * ((Ru[j]! - dV * Sx[j]! - V * Su[j]!) / D - ((Rx[j]! - V * Sx[j]!) * dD) / (D * D));
      },
      constraint: {
        prox(z, _, player) {
          if (player !== 1) onSimplex(z, 0, m);
          if (player !== 0) onSimplex(z, m, m + n);
        },
      },
      facts: lazyFacts({
        lipschitz() {
          // R − cS has the value V − c, and a constant changes no derivative: the bound is taken for the R of
          // mean 0
          const c = R.entries.reduce((sum, x) => sum + x, 0) / S.entries.reduce((sum, x) => sum + x, 0);
          const R0 = denseMatrix(
            R.entries.map((x, at) => x - c * S.entries[at]!),
            m,
            n,
          );
          const [r, a, b] = [
            R0.entries.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
            spectralNorm(R0),
            spectralNorm(S),
          ];
          return (a + (4 * a * b + r * b + (4 * r * b * b) / s) / s) / s;
        },
        where: () => 'on the set',
        zeroSum: () => true,
        solution: () => equilibrium(R, S),
      }),
    };
  },
});

function equilibrium(
  { entries: R, rows: m, columns: n }: Matrix,
  { entries: S }: Matrix,
): readonly number[] | undefined {
  const unit = (size: number, i: number): number[] =>
    Array.from({ length: size }, (_, k) => (k === i ? 1 : 0));
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const v = R[i * n + j]! / S[i * n + j]!;
      const off = (k: number, l: number): number => R[k * n + l]! - v * S[k * n + l]!;
      const xStays = Array.from({ length: m }, (_, k) => off(k, j)).every((gain) => gain >= -1e-15);
      const yStays = Array.from({ length: n }, (_, l) => off(i, l)).every((gain) => gain <= 1e-15);
      if (xStays && yStays) return [...unit(m, i), ...unit(n, j)];
    }
  if (m !== 2 || n !== 2) return undefined;
  const [r0, r1, r2, r3] = R;
  const [s0, s1, s2, s3] = S;
  const [a, b, c] = [
    s0! * s3! - s1! * s2!,
    r1! * s2! + s1! * r2! - r0! * s3! - s0! * r3!,
    r0! * r3! - r1! * r2!,
  ];
  const roots =
    a === 0 ? [-c / b] : [-1, 1].map((sign) => (-b + sign * Math.sqrt(b * b - 4 * a * c)) / (2 * a));
  for (const v of roots) {
    const [p, q, u] = [r0! - v * s0!, r1! - v * s1!, r2! - v * s2!];
    const [x, y] = [u / (u - p), q / (q - p)]; // p x + u(1 − x) = 0, p y + q(1 − y) = 0
    if (x > 0 && x < 1 && y > 0 && y < 1) return [x, 1 - x, y, 1 - y];
  }
  return undefined;
}

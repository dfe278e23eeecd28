import type { Game, Vector } from '@stillpoint/operators';
import { minMax } from './linear.js';
import { game } from '../kinds/game.js';

/** Where the runs of the papers' code begin. */
const start: readonly number[] = [5.5, 5.5];

/** f = (a/2)x² + 4xy − (c/2)y²: F is linear with J = [[a, 4], [−4, c]]. */
function quadraticIn2(a: number, c: number): Pick<Game, 'operator' | 'losses' | 'jacobianVector' | 'prices'> {
  return {
    operator(z, out) {
      const x = z[0]!;
      const y = z[1]!;
      out[0] = a * x + 4 * y;
      out[1] = c * y - 4 * x;
    },
    losses(z, out) {
      const x = z[0]!;
      const y = z[1]!;
      out[0] = (a / 2) * x * x - (c / 2) * y * y + 4 * x * y;
      out[1] = -out[0]!;
    },
    prices: { product: 1, transposedProduct: 1 }, // F is linear: as many multiplications
    jacobianVector(_, v, out, transposed) {
      const b = transposed ? -4 : 4;
      const v0 = v[0]!;
      const v1 = v[1]!;
      out[0] = a * v0 + b * v1;
      out[1] = c * v1 - b * v0;
    },
  };
}

/**
 * f(x, y) = −3x² − y² + 4xy. max_y f = f(x, 2x) = x², so 0 is the minimax point, local and global; but f is
 * concave in x, and gradient descent–ascent leaves it. L = 4 + 2√5 and weak Minty’s ρ = −3/2 are exact: F is
 * linear, and the symmetric part of J⁻¹ is diag(1/2, −3/2). Source: Wang, Zhang, Ba, "On solving minimax
 * optimization locally: a follow-the-ridge approach", 2020, arXiv 1910.07512.
 */
export const minimaxF1 = game({
  name: 'minimax-f1',
  about: '−3x² − y² + 4xy: a minimax point that gradient descent–ascent leaves',
  reference: 'Wang, Zhang, Ba 2020, arXiv 1910.07512',
  shown: { method: 'follow-the-ridge' },
  options: {},
  make(): Game {
    return {
      name: 'minimax-f1',
      dim: 2,
      players: minMax,
      start,
      ...quadraticIn2(-6, 2),
      facts: {
        lipschitz: 4 + 2 * Math.sqrt(5),
        weakMinty: -3 / 2,
        solution: [0, 0],
        zeroSum: true,
      },
    };
  },
});

/**
 * f(x, y) = 3x² + y² + 4xy. sup_y f = ∞ for every x: there is no minimax point, local or global. Its only
 * stationary point, 0, is a minimum over y; gradient descent–ascent converges to it. So `solution` is where F
 * = 0, and no more. L = 4 + 2√5 and weak Minty’s ρ = −1/2 are exact: the symmetric part of J⁻¹ is diag(−1/2,
 * 3/2). Source: Wang, Zhang, Ba, "On solving minimax optimization locally: a follow-the-ridge approach",
 * 2020, arXiv 1910.07512.
 */
export const minimaxF2 = game({
  name: 'minimax-f2',
  about: '3x² + y² + 4xy: no minimax point, yet gradient descent–ascent converges; sup over y is ∞',
  reference: 'Wang, Zhang, Ba 2020, arXiv 1910.07512',
  options: {},
  make(): Game {
    return {
      name: 'minimax-f2',
      dim: 2,
      players: minMax,
      start,
      ...quadraticIn2(6, -2),
      facts: {
        lipschitz: 4 + 2 * Math.sqrt(5),
        weakMinty: -1 / 2,
        solution: [0, 0],
        zeroSum: true,
      },
    };
  },
});

/** f = pe, its gradient and its second derivatives: p a polynomial, e = exp(−(x² + y²)/100). */
interface Derivatives {
  readonly f: number;
  readonly fx: number;
  readonly fy: number;
  readonly fxx: number;
  readonly fxy: number;
  readonly fyy: number;
}

function f3At(z: Vector): Derivatives {
  const x = z[0]!;
  const y = z[1]!;
  const u = y - 3 * x + 0.05 * x * x * x;
  const ux = 0.15 * x * x - 3;
  const p = 4 * x * x - u * u - 0.1 * y * y * y * y;
  const px = 8 * x - 2 * u * ux;
  const py = -2 * u - 0.4 * y * y * y;
  const pxx = 8 - 2 * ux * ux - 0.6 * x * u;
  const pyy = -2 - 1.2 * y * y;
  const e = Math.exp(-0.01 * (x * x + y * y));
  const [a, b] = [-0.02 * x, -0.02 * y]; // e′ = (a, b)e
  return {
    f: e * p,
    fx: e * (px + a * p),
    fy: e * (py + b * p),
    fxx: e * (pxx + 2 * a * px + (a * a - 0.02) * p),
    fxy: e * (-2 * ux + a * py + b * px + a * b * p),
    fyy: e * (pyy + 2 * b * py + (b * b - 0.02) * p),
  };
}

/**
 * f(x, y) = (4x² − (y − 3x + x³/20)² − y⁴/10) exp(−(x² + y²)/100). 0 is a local minimax point (f_yy = −2 and
 * f_xx − f_xy²/f_yy = 8 there), around which gradient descent–ascent runs in a limit cycle. f has more
 * stationary points: beyond |x| = 8 a run may end in the tail of the exponential. L = 108 is an upper bound,
 * proven by interval arithmetic in this package's tests; the largest ‖J‖, 107.54, is near (−17.8, −0.2).
 * Source: Wang, Zhang, Ba, "On solving minimax optimization locally: a follow-the-ridge approach", 2020,
 * arXiv 1910.07512.
 */
export const minimaxF3 = game({
  name: 'minimax-f3',
  about: 'a polynomial of degree 6 times a Gaussian: a local minimax point inside a limit cycle',
  reference: 'Wang, Zhang, Ba 2020, arXiv 1910.07512',
  options: {},
  make(): Game {
    return {
      name: 'minimax-f3',
      dim: 2,
      players: minMax,
      start,
      operator(z, out) {
        const { fx, fy } = f3At(z);
        out[0] = fx;
        out[1] = -fy;
      },
      losses(z, out) {
        out[0] = f3At(z).f;
        out[1] = -out[0]!;
      },
      jacobianVector(z, v, out, transposed) {
        const { fxx, fxy, fyy } = f3At(z);
        const b = transposed ? -fxy : fxy;
        const v0 = v[0]!;
        const v1 = v[1]!;
        out[0] = fxx * v0 + b * v1;
        out[1] = -b * v0 - fyy * v1;
      },
      facts: { lipschitz: 108, solution: [0, 0], zeroSum: true },
    };
  },
});

import { box, constraintOf, type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

/**
 * f(x, y) = (½‖x‖² + 1)s(y), s = 1 + v + ½u², for y = (u, v) with u in [−1, 1] and v in [0, 1]:
 *   F = (s·x, −(½‖x‖² + 1)(u, 1)),  solutions (0, ±1, 1), and (0, 0, 1), which y leaves.
 * The one-sided MVI holds at every y, ⟨F_x, x − x*⟩ = s‖x‖² ≥ ‖x‖² with x* = 0; and ‖∇_y f‖ ≥ 1 everywhere.
 *
 * The full MVI, ⟨F(z), z − z*⟩ ≥ 0 for all z of the set, holds for no z* = (x*, u*, v*). Proof: let x = x*
 * and v = v*, and u = −½ if u* ≥ 0, else ½. Of the product is left −(½‖x*‖² + 1)·u(u − u*), and as u and
 * u − u* have one sign, |u − u*| ≥ ½, it is at most −¼(½‖x*‖² + 1). So F is not monotone on the set either:
 * a solution of a monotone F is one of the MVI. There is no L.
 */
export const oneSidedOnly = game({
  name: 'one-sided-only',
  about:
    'a Minty inequality for x alone: x converges, the gradient of y stays at 1 or more, no z* serves both',
  reference: 'Stillpoint’s',
  options: {
    dimension: option.integer({ about: 'entries of x', symbol: 'n', from: 1, to: 100_000, default: 1 }),
    start: option.number({ about: 'each entry of x at the start', default: 1 }),
    side: option.number({ about: 'u at the start', symbol: 'u', from: -1, to: 1, default: 0.5 }),
  },
  make({ dimension: n, start, side }): Game {
    const players = [
      { name: 'x', start: 0, end: n },
      { name: 'y', start: n, end: n + 2 },
    ];
    /** ½‖x‖² + 1. */
    const factor = (z: ArrayLike<number>): number => {
      let sum = 1;
      for (let i = 0; i < n; i++) sum += (z[i]! * z[i]!) / 2;
      return sum;
    };
    const s = (z: ArrayLike<number>): number => 1 + z[n + 1]! + (z[n]! * z[n]!) / 2;
    return {
      name: 'one-sided-only',
      dim: n + 2,
      players,
      start: [...Array<number>(n).fill(start), side, 0],
      constraint: constraintOf(players, [null, box({ lower: [-1, 0], upper: [1, 1] })]),
      operator(z, out) {
        const [g, a] = [factor(z), s(z)];
        for (let i = 0; i < n; i++) out[i] = a * z[i]!;
        out[n] = -g * z[n]!;
        out[n + 1] = -g;
      },
      losses(z, out) {
        out[0] = factor(z) * s(z);
        out[1] = -out[0];
      },
      // [[s·I, x(u, 1)], [−(u, 1)ᵀxᵀ, diag(−g, 0)]], g = ½‖x‖² + 1
      jacobianVector(z, v, out, transposed) {
        const [g, a, u, sign] = [factor(z), s(z), z[n]!, transposed ? -1 : 1];
        const across = u * v[n]! + v[n + 1]!;
        let sum = 0;
        for (let i = 0; i < n; i++) {
          sum += z[i]! * v[i]!;
          out[i] = a * v[i]! + sign * across * z[i]!;
        }
        out[n] = -sign * u * sum - g * v[n]!;
        out[n + 1] = -sign * sum;
      },
      facts: {
        solution: [...Array<number>(n).fill(0), Math.sign(side), 1],
        zeroSum: true,
      },
    };
  },
});

import { box, constraintOf, type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

/**
 * f(x, y) = (½‖x‖² + 1)(1 + y), y in [0, 1]: x converges, and the gradient of y never gets small.
 *   F = ((1 + y)x, −(½‖x‖² + 1)),  z* = (0, 1)
 * The one-sided MVI holds at every y, ⟨F_x, x − x*⟩ = (1 + y)‖x‖² ≥ ‖x‖², and ∂f/∂y = ½‖x‖² + 1 ≥ 1
 * everywhere. It is the bound y ≤ 1 that stops y: the projected residual does vanish at z*. f is convex in x
 * and linear in y, so F is monotone on the set, and the full MVI holds there too. There is no L, but
 *   ‖J(z)‖ ≤ 1 + ‖F(z)‖.
 * No smaller L₀ goes with L₁ = 1, since ‖J‖ = 2 and ‖F‖ = 1 at z*.
 *
 * Proof, with r = ‖x‖ and a = 1 + y in [1, 2]: J is a·I, but on the plane of x and y, where it is [[a, r],
 * [−r, 0]], of norm (a + √(a² + 4r²))/2 ≤ 1 + √(1 + r²). And ‖F‖² ≥ r² + (½r² + 1)² ≥ 1 + r².
 */
export const oneSided = game({
  name: 'one-sided',
  about: '(½‖x‖² + 1)(1 + y), y in [0, 1]: x converges, the gradient of y stays at 1 or more',
  reference: 'Stillpoint’s',
  options: {
    dimension: option.integer({ about: 'entries of x', symbol: 'n', from: 1, to: 100_000, default: 1 }),
    start: option.number({ about: 'each entry of x at the start', default: 1 }),
  },
  make({ dimension: n, start }): Game {
    const players = [
      { name: 'x', start: 0, end: n },
      { name: 'y', start: n, end: n + 1 },
    ];
    /** ½‖x‖² + 1. */
    const factor = (z: ArrayLike<number>): number => {
      let sum = 1;
      for (let i = 0; i < n; i++) sum += (z[i]! * z[i]!) / 2;
      return sum;
    };
    return {
      name: 'one-sided',
      dim: n + 1,
      players,
      start: [...Array<number>(n).fill(start), 0],
      constraint: constraintOf(players, [null, box({ lower: 0, upper: 1 })]),
      operator(z, out) {
        const a = 1 + z[n]!;
        for (let i = 0; i < n; i++) out[i] = a * z[i]!;
        out[n] = -factor(z);
      },
      losses(z, out) {
        out[0] = factor(z) * (1 + z[n]!);
        out[1] = -out[0];
      },
      jacobianVector(z, v, out, transposed) {
        const [a, sign, w] = [1 + z[n]!, transposed ? -1 : 1, v[n]!];
        let sum = 0;
        for (let i = 0; i < n; i++) {
          sum += z[i]! * v[i]!;
          out[i] = a * v[i]! + sign * w * z[i]!;
        }
        out[n] = -sign * sum;
      },
      facts: {
        generalisedSmooth: { L0: 1, L1: 1 },
        comonotone: 0,
        weakMinty: 0,
        solution: [...Array<number>(n).fill(0), 1],
        zeroSum: true,
        where: 'on the set',
      },
    };
  },
});

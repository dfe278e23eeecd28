import { type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { game } from '../kinds/game.js';

/**
 * A saddle whose curvature grows exponentially:
 *   f(x, y) = Σ φ(xᵢ) + b·xᵀy − Σ φ(yᵢ),  φ(t) = (cosh(at) − 1)/a²
 * F is 1-strongly monotone and has no L, but with σ = √(1 + b²)
 *   ‖J(z)‖ ≤ σ + aσ‖F(z)‖.
 * No smaller L₀ is possible, as ‖J(0)‖ = σ, and no L₁ below a, far away on an axis.
 *
 * Proof, for n = 1, since other entries are independent; g = φ′. A quarter turn of z turns F(z) along, and
 * (x, −y) has the coupling −b; so let x ≥ |y|, b ≥ 0. If y ≥ 0, ‖F‖ ≥ F₁ ≥ g(x). Else let y = −t: since
 * g(t) ≥ t, F·(1, −b) = g(x) − bt + bg(t) + b²x ≥ g(x), and ‖F‖ ≥ g(x)/σ. The norm of J with φ″(x) = p,
 * φ″(y) = r ≤ p is √((p + r)²/4 + b²) + (p − r)/2, which falls with r. So it is at most its value at r = 1,
 * which grows with p by no more than p does: ‖J‖ ≤ σ + p − 1 = σ + cosh(ax) − 1 ≤ σ + ag(x) ≤ σ + aσ‖F‖.
 */
export const exponentialSaddle = game({
  name: 'exponential-saddle',
  about:
    'strongly monotone, (L₀, L₁)-smooth, no L: the farther the start, the shorter a step size that converges',
  reference: 'Stillpoint’s',
  options: {
    rate: option.number({ about: 'how fast the slopes grow', symbol: 'a', above: 0, default: 1 }),
    coupling: option.number({ about: 'weight of xᵀy', symbol: 'b', default: 1 }),
    dimension: option.integer({
      about: 'entries of each player',
      symbol: 'n',
      from: 1,
      to: 100_000,
      default: 1,
    }),
    start: option.number({ about: 'each entry of the start', default: 4 }),
  },
  make({ rate: a, coupling: b, dimension: n, start }): Game {
    const σ = Math.sqrt(1 + b * b);
    const slope = (t: number): number => Math.sinh(a * t) / a;
    const value = (t: number): number => 2 * (Math.sinh((a * t) / 2) / a) ** 2; // cosh u − 1 = 2 sinh²(u/2)
    return {
      name: 'exponential-saddle',
      dim: 2 * n,
      players: [
        { name: 'x', start: 0, end: n },
        { name: 'y', start: n, end: 2 * n },
      ],
      start: Array<number>(2 * n).fill(start),
      operator(z, out) {
        for (let i = 0; i < n; i++) {
          const x = z[i]!;
          const y = z[n + i]!;
          out[i] = slope(x) + b * y;
          out[n + i] = slope(y) - b * x;
        }
      },
      losses(z, out) {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const x = z[i]!;
          const y = z[n + i]!;
          sum += value(x) - value(y) + b * x * y;
        }
        out[0] = sum;
        out[1] = -sum;
      },
      jacobianVector(z, v, out, transposed) {
        const β = transposed ? -b : b;
        for (let i = 0; i < n; i++) {
          const u = v[i]!;
          const w = v[n + i]!;
          out[i] = Math.cosh(a * z[i]!) * u + β * w;
          out[n + i] = Math.cosh(a * z[n + i]!) * w - β * u;
        }
      },
      facts: {
        generalisedSmooth: { L0: σ, L1: a * σ },
        stronglyMonotone: 1,
        comonotone: 0,
        weakMinty: 0,
        solution: Array<number>(2 * n).fill(0),
        zeroSum: true,
      },
    };
  },
});

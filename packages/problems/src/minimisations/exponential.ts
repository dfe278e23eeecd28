import { type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x) = (1/a²) Σ (cosh(axᵢ) − 1): ∂ᵢf = sinh(axᵢ)/a and ∂ᵢ²f = cosh(axᵢ) ≤ 1 + |sinh(axᵢ)| ≤ 1 + a‖∇f‖. So
 * it is (1, a)-smooth, with no smaller L₀ (at 0) and no smaller L₁ (far away); no L exists. μ = 1.
 */
export const exponential = minimisation({
  name: 'exponential',
  about: '(1/a²) Σ (cosh(axᵢ) − 1), strongly convex and (1, a)-smooth: no one step size suits all of it',
  reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    rate: option.number({ about: 'how fast the slopes grow: L₁', symbol: 'a', above: 0, default: 1 }),
    dimension: option.integer({ about: 'entries of x', from: 1, to: 100_000, default: 1 }),
    start: option.number({ about: 'each entry of the start', default: 4 }),
  },
  make({ rate: a, dimension: dim, start }): Game {
    return {
      name: 'exponential',
      dim,
      players: [{ name: 'x', start: 0, end: dim }],
      start: Array<number>(dim).fill(start),
      operator(x, out) {
        for (let i = 0; i < dim; i++) out[i] = Math.sinh(a * x[i]!) / a;
      },
      losses(x, out) {
        let sum = 0;
        // cosh u − 1 = 2 sinh²(u/2)
        for (let i = 0; i < dim; i++) sum += 2 * (Math.sinh((a * x[i]!) / 2) / a) ** 2;
        out[0] = sum;
      },
      jacobianVector(x, v, out) {
        for (let i = 0; i < dim; i++) out[i] = Math.cosh(a * x[i]!) * v[i]!;
      },
      facts: {
        generalisedSmooth: { L0: 1, L1: a },
        stronglyMonotone: 1,
        polyakLojasiewicz: 1,
        comonotone: 0,
        solution: Array<number>(dim).fill(0),
        optimum: 0,
      },
    };
  },
});

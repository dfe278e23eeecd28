import { dot, norm, waxpy, type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x) = ‖x‖ᵖ, from a point at the given distance, of equal entries. For p > 2 no L exists. With r = ‖x‖,
 *   ‖∇f‖ = prᵖ⁻¹,   ‖∇²f‖ = p(p − 1)rᵖ⁻²,
 * so that p(p − 1)rᵖ⁻² − L₁prᵖ⁻¹ is at most L₀ = p((p − 2)/L₁)ᵖ⁻², its value at r = (p − 2)/L₁: for every L₁
 * the smallest L₀. x⁴ is (16/L₁², L₁)-smooth.
 */
export const power = minimisation({
  name: 'power',
  about: '‖x‖ᵖ, x⁴ by default: its curvature grows with its gradient, and (L₀, L₁) is exact',
  reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    exponent: option.number({ about: 'the power', symbol: 'p', from: 2, to: 100, default: 4 }),
    dimension: option.integer({ about: 'entries of x', from: 1, to: 100_000, default: 1 }),
    start: option.number({ about: 'distance of the start from the solution', above: 0, default: 3 }),
    L1: option.number({
      about: 'which pair (L₀, L₁) is stated: L₀ = p((p − 2)/L₁)^(p − 2), the smallest',
      symbol: 'L₁',
      above: 0,
      default: 1,
    }),
  },
  make({ exponent: p, dimension: dim, start, L1 }): Game {
    return {
      name: 'power',
      dim,
      players: [{ name: 'x', start: 0, end: dim }],
      start: Array<number>(dim).fill(start / Math.sqrt(dim)),
      operator(x, out) {
        out.fill(0);
        waxpy(out, out, p * norm(x) ** (p - 2), x);
      },
      losses(x, out) {
        out[0] = norm(x) ** p;
      },
      jacobianVector(x, v, out) {
        const r = norm(x);
        out.fill(0);
        waxpy(out, out, p * r ** (p - 2), v);
        if (r > 0) waxpy(out, out, p * (p - 2) * r ** (p - 2) * (dot(x, v) / r / r), x);
      },
      facts: {
        generalisedSmooth: { L0: p * ((p - 2) / L1) ** (p - 2), L1 },
        ...(p === 2
          ? { lipschitz: 2, stronglyMonotone: 2, polyakLojasiewicz: 2, cocoercive: 1 / 2, comonotone: 1 / 2 }
          : { comonotone: 0 }),
        solution: Array<number>(dim).fill(0),
        optimum: 0,
      },
    };
  },
});

import { type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x, y) = s(x) + t(y), steep along x and flat along y, so that no step size of gradient descent suits both:
 *   s(x) = (L₀/L₁²)(exp(L₁|x|) − 1 − L₁|x|),   |s′| = (L₀/L₁)(exp(L₁|x|) − 1),   s″ = L₀ + L₁|s′|
 *   t(y) = (4ε²/L₀) ln cosh(L₀y/(2ε)),         |t′| = 2ε tanh(L₀|y|/(2ε)) < 2ε,  t″ ≤ L₀
 * It is (L₀, L₁)-smooth with no smaller L₀ (at 0) and no smaller L₁ (along x), and convex. The start is
 * (x₀, d), x₀ = ln(1 + L₁M/L₀)/L₁, where s′ = M. Gradient descent with step size h moves x and y each on its
 * own. With H = 2x₀/M:
 *
 * h ≥ H: |s′(x)|/|x| grows with |x|, so that where |x| ≥ x₀ a step leads to |x|(h|s′(x)|/|x| − 1) ≥ |x|. So
 * ‖∇f‖ ≥ M at every point.
 *
 * h < H: y moves by less than 2εh a step, and |t′| ≤ ε only where |y| ≤ ε ln(3)/L₀. So ‖∇f‖ ≤ ε takes more
 * than (d − ε ln(3)/L₀)/(2εH) steps. With D = t(d) ≤ 2εd these are at least
 *   L₁M(D − 2ε² ln(3)/L₀)/(8ε² ln(1 + L₁M/L₀)).
 *
 * Theorem 4 of Zhang, He, Sra, Jadbabaie, "Why gradient clipping accelerates training", 2020, arXiv
 * 1905.11881, has this order, L₁M/log M · D/ε²; function, constants and proof here are Stillpoint’s. Clipped
 * gradient needs O(L₀D/ε²) steps, D of both parts, whatever M is.
 */
export const clippingLowerBound = minimisation({
  name: 'clipping-lower-bound',
  about: 'steep along x, flat along y: every step size of gradient descent diverges, or needs many steps',
  reference: 'Stillpoint’s, after Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    L0: option.number({ about: 'curvature at the solution', symbol: 'L₀', above: 0, default: 1 }),
    L1: option.number({ about: 'growth of the curvature along x', symbol: 'L₁', above: 0, default: 10 }),
    gradient: option.number({ about: 'slope along x at the start', symbol: 'M', above: 0, default: 100 }),
    accuracy: option.number({
      about: 'gradient to be reached; the slope along y is below 2ε',
      symbol: 'ε',
      above: 0,
      default: 0.02,
    }),
    distance: option.number({ about: 'distance of the start along y', symbol: 'd', above: 0, default: 250 }),
  },
  make({ L0, L1, gradient: M, accuracy: ε, distance: d }): Game {
    const rate = L0 / (2 * ε);
    return {
      name: 'clipping-lower-bound',
      dim: 2,
      players: [{ name: 'x', start: 0, end: 2 }],
      start: [Math.log1p((L1 * M) / L0) / L1, d],
      operator(z, out) {
        const x = z[0]!;
        out[0] = Math.sign(x) * (L0 / L1) * Math.expm1(L1 * Math.abs(x));
        out[1] = 2 * ε * Math.tanh(rate * z[1]!);
      },
      losses(z, out) {
        const u = L1 * Math.abs(z[0]!);
        const v = rate * Math.abs(z[1]!);
        // far away cosh v overflows, and is ½eᵛ to rounding long before
        const logCosh = v > 20 ? v - Math.LN2 : Math.log1p(Math.sinh(v) ** 2) / 2;
        out[0] = (L0 / L1 / L1) * (Math.expm1(u) - u) + (2 * ε * logCosh) / rate;
      },
      jacobianVector(z, v, out) {
        out[0] = L0 * Math.exp(L1 * Math.abs(z[0]!)) * v[0]!;
        out[1] = (L0 / Math.cosh(rate * z[1]!) ** 2) * v[1]!;
      },
      facts: {
        generalisedSmooth: { L0, L1 },
        comonotone: 0,
        solution: [0, 0],
        optimum: 0,
      },
    };
  },
});

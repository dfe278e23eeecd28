import { twoLayer, type TwoLayer, type TwoLayerOptions } from './two-layer.js';

const relu = {
  value: (t: number): number => Math.max(0, t),
  slope: (t: number): number => (t >= 0 ? 1 : 0),
};

/**
 * Least squares with a network of one hidden layer of rectified units:
 *   f(x) = m^(−1/2) Σ aᵣ·max(0, wᵣᵀx),   L = ½ Σ (f(xᵢ) − yᵢ)² + (λ/2)‖z‖²
 * At the start w is N(0, I), and aᵣ is 1 or −1, each with probability ½. z is W, unit after unit, and with
 * `layers=both` then a, which is else fixed. The derivative of max(0, t) at t = 0 is taken to be 1. Where no
 * wᵣᵀxᵢ is 0 the residual is smooth, and linear there if the first layer alone is learnt.
 *
 * As m grows, the residuals Δ of the first layer follow the linear recursions of `limitKernel`: in gradient
 * descent Δ⁺ = Δ − sHΔ. Setting of Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054, and of Bu, Xu, Chen 2021,
 * arXiv 2010.13165.
 *
 * With `layers=both` and a decay λ > 0 the global optimum over all widths is known: that of `convexRelu` with
 * β = λ√m. `neuronsOf` gives the units that `reluOptimality` tests.
 */
export const twoLayerRelu = (options: Partial<TwoLayerOptions> = {}): TwoLayer =>
  twoLayer('two-layer-relu', relu, options);

import { minimisation } from '../kinds/minimisation.js';
import { twoLayer, twoLayerTable, type TwoLayer } from './two-layer.js';

const relu = {
  value: (t: number): number => Math.max(0, t),
  slope: (t: number): number => (t >= 0 ? 1 : 0),
};

/**
 * Least squares with a network of one hidden layer of rectified units:
 *   h(x) = m^(−1/2) Σ aᵣ·max(0, wᵣᵀx),   f(z) = ½ Σ (h(xᵢ) − yᵢ)² + (λ/2)‖z‖²
 * At the start w is N(0, I), and aᵣ is 1 or −1, each with probability ½. z is W, unit after unit, and with
 * `layers=both` then a, which is otherwise fixed. The derivative of max(0, t) at t = 0 is taken to be 1.
 * Where no wᵣᵀxᵢ is 0 the residual is smooth, and linear there if the first layer alone is learnt.
 *
 * As m grows, the residuals Δ of the first layer follow the linear recursions of `limitKernel`: in gradient
 * descent Δ⁺ = Δ − sHΔ. Setting of Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054, and of Bu, Xu, Chen 2021,
 * arXiv 2010.13165.
 *
 * With `layers=both` and a decay λ > 0 the global optimum over all widths is known: that of `convexRelu` with
 * β = λ√m. `neuronsOf` gives the units that `reluOptimality` tests.
 */
export const twoLayerRelu = minimisation({
  name: 'two-layer-relu',
  about: 'a wide network with one hidden layer of rectified units: residuals that follow a limit kernel',
  reference: 'Du, Zhai, Poczos, Singh 2019, arXiv 1810.02054',
  shown: { problem: 'two-layer-relu(width=50)', method: 'heavy-ball(stepSize=0.1)' },
  options: twoLayerTable,
  make: (options): TwoLayer => twoLayer('two-layer-relu', relu, options),
});

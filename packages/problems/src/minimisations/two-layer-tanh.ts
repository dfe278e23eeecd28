import { minimisation } from '../kinds/minimisation.js';
import { twoLayer, twoLayerTable, type TwoLayer } from './two-layer.js';

const tanh = {
  value: Math.tanh,
  slope: (t: number): number => 1 - Math.tanh(t) ** 2,
};

/**
 * Least squares with a network of one hidden layer of smooth units:
 *   h(x) = m^(−1/2) Σ aᵣ·tanh(wᵣᵀx),   f(z) = ½ Σ (h(xᵢ) − yᵢ)² + (λ/2)‖z‖²
 * At the start w is N(0, I), and aᵣ is 1 or −1, each with probability ½. z is W, unit after unit, and with
 * `layers=both` then a, which is otherwise fixed.
 *
 * The wider, the nearer is h to linear in z on a ball of fixed radius around the start: its Hessian there is
 * O(m^−½), and its tangent kernel barely moves (Liu, Zhu, Belkin 2020, arXiv 2003.00307). So a kernel that is
 * positive definite at the start stays so, and the loss obeys the PL* condition on the ball.
 */
export const twoLayerTanh = minimisation({
  name: 'two-layer-tanh',
  about: 'a wide network with one hidden layer of smooth units: PL* holds where its kernel keeps its rank',
  reference: 'Liu, Zhu, Belkin 2020, arXiv 2003.00307',
  shown: { problem: 'two-layer-tanh(width=50)', method: 'heavy-ball(stepSize=0.1)' },
  options: twoLayerTable,
  make: (options): TwoLayer => twoLayer('two-layer-tanh', tanh, options),
});

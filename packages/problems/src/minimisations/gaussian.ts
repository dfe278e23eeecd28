import { type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x) = ½ Σ Hᵢxᵢ², from (1, …, 1): exp(−βf) is the normal density with variances 1/(βHᵢ), so that the exact
 * law of a sampler’s every point is known.
 */
export const gaussian = minimisation({
  name: 'gaussian',
  about: '½ Σ Hᵢxᵢ²: the exact law of a sampler’s every point is known',
  reference: 'classical',
  shown: { method: 'langevin(stepSize=0.1)' },
  options: {
    curvatures: option.positives({ about: 'the Hessian’s diagonal', symbol: 'H', default: [1, 0.01] }),
  },
  make({ curvatures: H }): Game {
    const [least, most] = [Math.min(...H), Math.max(...H)];
    return {
      name: 'gaussian',
      dim: H.length,
      players: [{ name: 'x', start: 0, end: H.length }],
      start: H.map(() => 1),
      operator(x, out) {
        H.forEach((h, i) => (out[i] = h * x[i]!));
      },
      losses(x, out) {
        out[0] = H.reduce((sum, h, i) => sum + (h * x[i]! ** 2) / 2, 0);
      },
      jacobianVector(_, v, out) {
        H.forEach((h, i) => (out[i] = h * v[i]!));
      },
      facts: {
        lipschitz: most,
        stronglyMonotone: least,
        polyakLojasiewicz: least,
        cocoercive: 1 / most,
        comonotone: 1 / most,
        solution: H.map(() => 0),
        optimum: 0,
      },
    };
  },
});

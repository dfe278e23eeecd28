import { parseOptions, type Game, type OptionTable } from '@stillpoint/operators';
import * as option from '../options.js';

/** Options of {@link gaussian}. */
export interface GaussianOptions {
  /** The diagonal of H, each > 0. */
  readonly curvatures: readonly number[];
}

/** Options of {@link gaussian}: what is accepted, and the defaults. */
export const gaussianTable: OptionTable<GaussianOptions> = {
  curvatures: option.positives({ about: 'the Hessian’s diagonal', symbol: 'H', default: [1, 0.01] }),
};

/**
 * f(x) = ½ Σ Hᵢxᵢ², from (1, …, 1): exp(−βf) is the normal density with variances 1/(βHᵢ), so that the exact
 * law of a sampler’s every point is known.
 */
export function gaussian(options: Partial<GaussianOptions> = {}): Game {
  const { curvatures: H } = parseOptions('minimisation gaussian', gaussianTable, options);
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
}

import { mixture } from './mixture.js';
import type { Mixture } from './types.js';

/**
 * The four Gaussians on which Keswani, Mangoubi, Sachdeva, Vishnoi train: centres (sin θ, cos θ) on the unit
 * circle, deviation 0.01. Their code takes five angles θ from 0 to 2π with both ends, which are one point, so
 * that of the four modes (0, 1) has 2/5 of the examples and each of (1, 0), (0, −1), (−1, 0) has 1/5. (`ring`
 * with four modes has equal ones.) Every batch draws new points `[2]`. Source: Keswani, Mangoubi, Sachdeva,
 * Vishnoi, "A convergent and dimension-independent min-max optimization algorithm" (2022), arXiv 2006.12376,
 * with the authors' code.
 */
export const fourGaussians = (): Mixture => ({
  ...mixture({
    name: 'four-gaussians',
    describe:
      'four Gaussians at (0, 1), with 2/5 of the examples, (1, 0), (0, −1) and (−1, 0), with 1/5 each, deviation 0.01; new points in every batch',
    centres: [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ],
    deviation: 0.01,
    weights: [2, 1, 1, 1],
  }),
  identity: { kind: 'dataset', name: 'four-gaussians', options: {} },
});

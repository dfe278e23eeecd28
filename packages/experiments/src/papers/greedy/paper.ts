import type { Paper } from '../paper.js';
import { cifar10 } from './cifar-10.js';
import { fourGaussians } from './four-gaussians.js';
import { functions } from './functions.js';
import { twoClass } from './two-class.js';

/** Keswani, Mangoubi, Sachdeva, Vishnoi 2022: greedy min-max. */
export const greedyMinmax: Paper = {
  name: 'greedy',
  title: 'A Convergent and Dimension-Independent Min-Max Optimization Algorithm',
  authors: 'Keswani, Mangoubi, Sachdeva, Vishnoi',
  year: 2022,
  where: 'arXiv 2006.12376',
  about:
    'The minimising player proposes, the maximising one answers by steepest ascent, and a proposal is kept if the value fell: an algorithm that ends, at a point that it certifies.',
  figures: [functions, fourGaussians, twoClass, cifar10],
};

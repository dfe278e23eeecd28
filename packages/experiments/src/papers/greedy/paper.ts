import type { Paper } from '../paper.js';
import { fourGaussians } from './four-gaussians.js';
import { twoClass } from './two-class.js';

/** Keswani, Mangoubi, Sachdeva, Vishnoi 2022: greedy min-max. */
export const greedyMinMax: Paper = {
  name: 'greedy',
  title: 'A Convergent and Dimension-Independent Min-Max Optimization Algorithm',
  authors: 'Keswani, Mangoubi, Sachdeva, Vishnoi',
  year: 2022,
  where: 'arXiv 2006.12376',
  about:
    'A step of one player is kept if the loss is lower once the other has climbed; in GANs it is to learn more modes.',
  figures: [fourGaussians, twoClass],
};

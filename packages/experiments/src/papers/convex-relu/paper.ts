import type { Paper } from '../paper.js';
import { optimisers } from './optimisers.js';
import { optimum } from './optimum.js';

/** Wang, Lacotte, Pilanci 2022: two-layer ReLU networks as convex programs. */
export const convexReluPaper: Paper = {
  name: 'convex-relu',
  title: 'The Hidden Convex Optimization Landscape of (Regularized) Two-Layer ReLU Networks',
  authors: 'Wang, Lacotte, Pilanci',
  year: 2022,
  where: 'arXiv 2006.05900',
  about:
    'The training of a network with one hidden layer of rectified units and weight decay is a convex program over the activation patterns of its data. Its optimum is the global one, and whether given weights are optimal can be tested.',
  figures: [optimum, optimisers],
};

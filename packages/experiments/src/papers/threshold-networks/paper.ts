import type { Paper } from '../paper.js';
import { lasso } from './lasso.js';

/** Ergen, Gulluk, Lacotte, Pilanci 2023: threshold networks as a LASSO. */
export const thresholdNetworks: Paper = {
  name: 'threshold-networks',
  title: 'Globally Optimal Training of Neural Networks with Threshold Activation Functions',
  authors: 'Ergen, Gulluk, Lacotte, Pilanci',
  year: 2023,
  where: 'arXiv 2303.03382',
  about:
    'A network of threshold units has no gradients to train it by. With weight decay its training is a LASSO over the activation patterns of its data, and where the data can be shattered it has a simpler convex form.',
  figures: [lasso],
};

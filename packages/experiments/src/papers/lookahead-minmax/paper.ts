import type { Paper } from '../paper.js';
import { batchBilinear } from './batch-bilinear.js';
import { stochasticBilinear } from './stochastic-bilinear.js';
import { mainTable } from './table.js';

/** Chavdarova, Pagliardini, Stich, Fleuret, Jaggi 2021: Lookahead for min-max games. */
export const lookaheadMinmax: Paper = {
  name: 'lookahead-minmax',
  title: 'Taming GANs with Lookahead-Minmax',
  authors: 'Chavdarova, Pagliardini, Stich, Fleuret, Jaggi',
  year: 2021,
  where: 'arXiv 2006.14567',
  about:
    'Both players step back together to a point between where they were k steps ago and where they are: a bilinear game that gda leaves is solved, and GANs train more steadily.',
  figures: [batchBilinear, stochasticBilinear, mainTable],
};

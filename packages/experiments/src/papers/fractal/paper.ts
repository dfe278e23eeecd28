import type { Paper } from '../paper.js';
import { cantorSet } from './cantor-set.js';
import { leastSquares } from './least-squares.js';
import { plane } from './plane.js';

/** Camuto, Deligiannidis, Erdogdu, Gürbüzbalaban, Şimşekli, Zhu 2021: the fractals that SGD ends up on. */
export const fractalPaper: Paper = {
  name: 'fractal',
  title: 'Fractal Structure and Generalization Properties of Stochastic Optimization Algorithms',
  authors: 'Camuto, Deligiannidis, Erdogdu, Gürbüzbalaban, Şimşekli, Zhu',
  year: 2021,
  where: 'arXiv 2106.04881',
  about:
    'SGD with a constant step size picks one of a few maps at each step. If these contract on average, its iterates end up on a set that is often a fractal, whose dimension is at most log(#batches) over the mean contraction; the paper bounds the generalisation gap by it.',
  figures: [cantorSet, plane, leastSquares],
};

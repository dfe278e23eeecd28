import type { Paper } from '../paper.js';
import { generalisation } from './generalisation.js';
import { shootingOrGradient } from './shooting-or-gradient.js';
import { smallRegularisation } from './small-regularisation.js';
import { uniqueness } from './uniqueness.js';

/** Bonnet, Cipriani, Fornasier, Huang 2021: the mean-field maximum principle for NeurODEs. */
export const neuralOdePaper: Paper = {
  name: 'neural-ode',
  title: 'A Measure Theoretical Approach to the Mean-field Maximum Principle for Training NeurODEs',
  authors: 'Bonnet, Cipriani, Fornasier, Huang',
  year: 2021,
  where: 'arXiv 2107.08707',
  about:
    'A residual network as a control problem of particles: for enough regularisation its maximum principle has one solution, which is Lipschitz in time, and finitely many particles come close to it.',
  figures: [uniqueness, generalisation, smallRegularisation, shootingOrGradient],
};

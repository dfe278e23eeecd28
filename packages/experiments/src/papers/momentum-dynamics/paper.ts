import type { Paper } from '../paper.js';
import { bestWidth } from './best-width.js';
import { epochs } from './epochs.js';
import { nesterovRate } from './nesterov-rate.js';
import { shortSteps } from './short-steps.js';
import { twoLags } from './two-lags.js';
import { width } from './width.js';

/** Bu, Xu, Chen 2021: momentum on wide networks, through limiting equations. */
export const momentumDynamics: Paper = {
  name: 'momentum-dynamics',
  title: 'A Dynamical View on Optimization Algorithms of Overparameterized Neural Networks',
  authors: 'Bu, Xu, Chen',
  year: 2021,
  where: 'arXiv 2010.13165',
  about:
    'The residuals of a wide network obey a linear differential equation for each method. In it the heavy ball is linear, as gradient descent is, and Nesterov’s method sublinear.',
  figures: [shortSteps, nesterovRate, twoLags, width, epochs, bestWidth],
};

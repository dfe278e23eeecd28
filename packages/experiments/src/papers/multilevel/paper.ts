import type { Paper } from '../paper.js';
import { poisoning } from './poisoning.js';
import { steps } from './steps.js';

/** Sato, Tanaka, Takeda 2021: problems inside problems by unrolled gradient steps. */
export const multilevel: Paper = {
  name: 'multilevel',
  title: 'A Gradient Method for Multilevel Optimization',
  authors: 'Sato, Tanaka, Takeda',
  year: 2021,
  where: 'arXiv 2105.13954',
  about:
    'Each level below the top is replaced by T steps of gradient descent, through which the gradient goes exactly: what is left is a problem of the top level alone, which becomes the nested one as T grows.',
  figures: [steps, poisoning],
};

import type { Paper } from '../paper.js';
import { features } from './features.js';
import { trained } from './trained.js';

/** Zhou, Li, Feng, Huang 2024: weights of least norm with equal outputs. */
export const optimumShifting: Paper = {
  name: 'optimum-shifting',
  title: 'Improving Generalization of Deep Neural Networks by Optimum Shifting',
  authors: 'Zhou, Li, Feng, Huang',
  year: 2024,
  where: 'arXiv 2405.14111',
  about:
    'The matrix of a linear layer is replaced by that of least norm with the same outputs on given examples: the loss stays, and the trace of its Hessian falls.',
  figures: [features, trained],
};

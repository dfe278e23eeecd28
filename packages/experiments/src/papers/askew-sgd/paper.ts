import type { Paper } from '../paper.js';
import { fashionMlp } from './fashion-mlp.js';
import { logistic } from './logistic.js';
import { twoMoons } from './two-moons.js';

/** Leconte, Schechtman, Moulines 2023: quantised weights by annealed intervals. */
export const askewSgdPaper: Paper = {
  name: 'askew-sgd',
  title: 'AskewSGD: An Annealed interval-constrained Optimisation method to train Quantized Neural Networks',
  authors: 'Leconte, Schechtman, Moulines',
  year: 2023,
  where: 'arXiv 2211.03741',
  about:
    'Weights are led into intervals that shrink around the levels they may have, by gradient steps whose direction is projected on half-spaces, without a projection on the set itself.',
  figures: [logistic, twoMoons, fashionMlp],
};

import type { Paper } from '../paper.js';
import { cifar10 } from './cifar-10.js';
import { languageModel } from './language-model.js';
import { lowerBound } from './lower-bound.js';
import { quartic } from './quartic.js';

/** Zhang, He, Sra, Jadbabaie 2020: gradient clipping under (L₀, L₁)-smoothness. */
export const clipping: Paper = {
  name: 'clipping',
  title: 'Why gradient clipping accelerates training: A theoretical justification for adaptivity',
  authors: 'Zhang, He, Sra, Jadbabaie',
  year: 2020,
  where: 'arXiv 1905.11881',
  about:
    'Where the curvature grows with the gradient, clipped gradient descent takes long steps in flat places and short ones in steep places, and needs fewer of them.',
  figures: [quartic, lowerBound, languageModel, cifar10],
};

import type { Paper } from '../paper.js';
import { languageModel } from './language-model.js';

/** Zhang, He, Sra, Jadbabaie 2020: why clipping helps. */
export const clipping: Paper = {
  name: 'clipping',
  title: 'Why gradient clipping accelerates training: A theoretical justification for adaptivity',
  authors: 'Zhang, He, Sra, Jadbabaie',
  year: 2020,
  where: 'arXiv 1905.11881',
  about:
    'Curvature that grows with the gradient, as it does along the training of a language model, is what clipped steps suit.',
  figures: [languageModel],
};

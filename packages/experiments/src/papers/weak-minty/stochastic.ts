import type { Figure } from '../paper.js';

/** The stochastic experiments, whose notebook could not be read. */
export const stochastic: Figure = {
  name: 'stochastic',
  title: 'The stochastic experiments',
  shows: 'EG+ with noisy gradients.',
  settings: [],
  claims: [
    {
      name: 'stochastic',
      statement: 'What the paper’s experiments with noisy gradients show',
      source: 'the authors’ code, StocExperiments.nb, which could not be read',
      expected: false,
      needs: 'that notebook, for the settings and the claim',
    },
  ],
};

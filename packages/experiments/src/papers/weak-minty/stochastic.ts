import type { Figure } from '../paper.js';

/** The stochastic experiments, whose notebook could not be read. */
export const stochastic: Figure = {
  name: 'stochastic',
  title: 'The stochastic experiments',
  shows: 'EG+ with noisy gradients.',
  takes: 'not made',
  settings: [],
  claims: [
    {
      name: 'stochastic',
      statement: 'With noisy gradients the step of the update has to decrease',
      source: 'the authors’ code, StocExperiments.nb, by its name',
      expected: false,
      needs: 'the settings of StocExperiments.nb, which could not be read',
    },
  ],
  run: async () => [],
};

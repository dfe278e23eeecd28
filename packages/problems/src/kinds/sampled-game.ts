import type { Game, SampledProblem } from '@stillpoint/operators';
import { problemKind } from '../problem.js';

/** A sampled game, and the exact game of its mean, by which runs are measured. */
export interface Sampled<Sample> {
  readonly game: SampledProblem<Sample>;
  readonly expected: Game;
}

/** Makes a sampled game from its file. */
export const sampledGame = problemKind<Sampled<unknown>>(
  {
    name: 'sampled game',
    plural: 'sampled games',
    about:
      'A method gets gradients of samples; the exact game of their mean judges its run. A sample is a pure function of seed, call number and player. L and ρ are those of the mean of F.',
    method: 'bc-seg-plus',
  },
  ({ game, expected }, labels) => {
    const mean = { ...expected, ...labels('mean of a sampled game') };
    return { problem: { ...game, ...labels(), mean }, exact: mean };
  },
);

import { InputError, type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { problemKind, type ProblemKind } from '../problem.js';
import { inBatches, type FiniteSumGame } from '../minimisations/finite-sum.js';

const kind: ProblemKind = {
  name: 'minimisation',
  plural: 'minimisations',
  about:
    'A minimisation is a game of one player: F is the gradient of its loss f. A finite sum is the mean of its terms. The option batch makes its gradients those of random terms; a method for finite sums, such as saga, asks for single terms by itself.',
};

/** Makes a minimisation, whose gradients are asked whole, from its file. */
export const minimisation = problemKind<Game>(kind, (made, labels) => {
  const exact = { ...made, ...labels() };
  return { problem: exact, exact };
});

const batches = {
  batch: option.integer({
    about: 'terms of a fresh draw; 0: all terms, which is an exact gradient',
    symbol: 'B',
    from: 0,
    default: 0,
  }),
  batchSeed: option.seed({ about: 'seed of the draws', default: 1 }),
};

/**
 * Makes a finite sum from its file. Its specs have the options of batches, too; the sum itself judges runs.
 */
export const minimisationWithBatches = problemKind<FiniteSumGame, typeof batches>(
  kind,
  (made, labels, { batch, batchSeed }) => {
    const exact = { ...made, ...labels() };
    const n = made.terms.count;
    if (batch > n)
      throw new InputError(`${made.name}: batch is ${batch}; expected at most ${n}, the number of terms`);
    const label = labels('minimisation in batches');
    return { problem: batch > 0 ? { ...inBatches(made, batch, batchSeed), ...label } : exact, exact };
  },
  batches,
);

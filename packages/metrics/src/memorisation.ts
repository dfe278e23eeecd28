// After Meehan, Chaudhuri, Dasgupta, "A non-parametric test to detect data-copying in generative models"
// (2020), arXiv 2004.05675: the Mann–Whitney statistic of the distances to the nearest training examples.
import type { Vector } from '@stillpoint/operators';
import { nearestSquares } from './balls.js';
import { checkFeatures, countOf, given, largestOf, unitOf } from './check.js';
import type { FeatureOptions } from './features.js';

/** Features of training examples, of real examples that training never saw, and of generated ones. */
export interface TrainingSets {
  readonly train: Vector;
  /** Held-out examples: real ones, none of which is in `train`. */
  readonly real: Vector;
  readonly fake: Vector;
}

/** How a memorisation was measured: compare only figures whose settings are equal. */
export type MemorisationSettings = {
  readonly metric: 'memorisation';
  readonly features: string;
  readonly dim: number;
  readonly train: number;
  readonly real: number;
  readonly fake: number;
};

/** How near generated examples are to training examples, beside held-out ones. */
export type Memorisation = {
  /**
   * P(d(fake) < d(held out)) + ½P(equal) over all pairs, d the distance to the nearest training example.
   * ½ in expectation for a perfect sampler, 1 for copies of training examples, 0 if every generated example
   * is farther from the training examples than all held-out ones.
   */
  readonly share: number;
  /**
   * Standard deviation of `share` for a perfect sampler, √((n + m + 1)/(12nm)) for n generated and m held-out
   * examples (Mann, Whitney 1947); ties make it less.
   */
  readonly standardDeviation: number;
  readonly settings: MemorisationSettings;
};

/** How many of the sorted values are less than x. */
function below(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of the sorted values are x or less. */
function upTo(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! <= x) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * How often a generated example is nearer to its nearest training example than a held-out one is to its own.
 *
 * Generated examples of a perfect sampler and held-out examples are independent draws of one distribution,
 * whatever the training examples are; so in a pair of them either is the nearer one with the same
 * probability, and the expected share is exactly ½. More than ½ means copying; less means that generated
 * examples lie farther from the data than real ones do, which is no merit. Throws InputError for sets that
 * are empty, of a wrong length or not finite.
 */
export function memorisation(sets: TrainingSets, options: FeatureOptions): Memorisation {
  const { train, real, fake } = given('the sets', sets, '{ train, real, fake }');
  const { dim, features = 'raw' } = given('the options', options, '{ dim: 2 }');
  checkFeatures(features);
  const [count, m, n] = [
    countOf('train', train, dim),
    countOf('real', real, dim),
    countOf('fake', fake, dim),
  ];
  const unit = unitOf(Math.max(largestOf(train), largestOf(real), largestOf(fake)));
  const known = Float64Array.from(train, (x) => x * unit);
  const [theirs, held] = [fake, real].map((set) =>
    nearestSquares(
      known,
      Float64Array.from(set, (x) => x * unit),
      dim,
    ).sort(),
  );
  let twice = 0; // a pair in which the generated example is nearer counts 2, a tie 1
  for (const x of theirs!) twice += 2 * m - below(held!, x) - upTo(held!, x);
  return {
    share: twice / (2 * n * m),
    standardDeviation: Math.sqrt((n + m + 1) / (12 * n * m)),
    settings: { metric: 'memorisation', features, dim, train: count, real: m, fake: n },
  };
}

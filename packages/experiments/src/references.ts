import { knownStacks, type BuiltDataset, type Dataset, type ImageSet } from '@stillpoint/datasets';
import type { Classified, Extracted, Extractor } from '@stillpoint/metrics';
import { InputError } from '@stillpoint/operators';

/** The data that metrics compare with. */
export type Data = Pick<BuiltDataset, 'test' | 'mixture' | 'stacks'> & {
  readonly train: Pick<Dataset, 'shape' | 'batch'> & {
    readonly labels?: ArrayLike<number>;
    /** The number of examples of a finite set. */
    readonly count?: number;
  };
};

/** The call number of real examples that training never draws: its own call numbers stay far below. */
export const HELD_OUT = 0xf0000000;

/** How many examples a finite set has: it says so, or has a label for each. */
const countOf = ({ count, labels }: Data['train']): number | undefined => count ?? labels?.length;

/**
 * That call number for batches of `size`. Sets of finitely many examples count epochs in 32 bits, so that the
 * last call of a small set is below {@link HELD_OUT}.
 */
function heldOutCall(size: number, train: Data['train']): number {
  const count = countOf(train);
  return count === undefined ? HELD_OUT : Math.min(HELD_OUT, Math.floor((count * 2 ** 32) / size) - 1);
}

/** Examples, with what extractors return for them: each is computed once. */
export interface Sample {
  readonly examples: Float32Array;
  readonly features: (extractor: Extractor) => Promise<Extracted>;
  readonly logits: (extractor: Extractor) => Promise<Classified>;
}

/** A function that keeps every result. */
function kept<A, B>(compute: (of: A) => B): (of: A) => B {
  const known = new Map<A, B>();
  return (of) => {
    const found = known.get(of);
    if (found !== undefined) return found;
    const made = compute(of);
    known.set(of, made);
    return made;
  };
}

/** Makes a sample of examples. Its `logits` @throws InputError for an extractor that is no classifier. */
export function sampleOf(examples: Float32Array): Sample {
  return {
    examples,
    features: kept(async (extractor) => extractor.features(examples)),
    logits: kept(async ({ name, logits }) => {
      if (logits === undefined)
        throw new InputError(
          `extractor ${name} has no logits; expected a classifier, such as fashion-classifier`,
        );
      return logits(examples);
    }),
  };
}

/** Real examples, each set made when it is first needed. */
export interface References {
  /** Size of the sets `held` and `trained`. */
  readonly count: number;
  /** What `held` is, in words. */
  readonly words: string;
  /** Examples that training never draws, if the data set can tell. */
  readonly held: () => Sample;
  /** As many that training draws: they are measured as if they were generated. */
  readonly trained: () => Sample;
  /**
   * The same for an extractor, which may have been trained on those: other held-out examples. Those that
   * training draws if there are not enough.
   */
  readonly others: () => Sample;
  /** The training examples, at most 10,000. Undefined if the data set draws new ones without end. */
  readonly training: (() => Sample) | undefined;
  /** Real stacks of held-out images, uniform over `modes` modes. Undefined if examples are no stacks. */
  readonly stacksOf: ((modes: number) => Sample) | undefined;
}

const MOST_TRAINED = 10_000;

const isFinite = (train: object): train is Pick<ImageSet, 'values' | 'count'> =>
  'values' in train && 'count' in train;

function later<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** The real examples of data, for measurements of `samples` generated ones. */
export function referencesOf({ train, test, stacks }: Data, samples: number): References {
  const count = test === undefined ? samples : Math.min(samples, test.count);
  const drawn = (modes: number, seed: number): Sample =>
    sampleOf(knownStacks({ ...stacks!, modes }, count, { seed, call: modes }));
  const stacksOf = stacks && kept((modes: number) => drawn(modes, 0));
  const all = stacks === undefined ? 0 : stacks.classes ** stacks.channels;
  const trained = later(() => sampleOf(train.batch(count, { seed: 0, call: 0 })));
  const known = countOf(train);
  const others = known === undefined ? 'other real points' : `real ones, of the ${known} trained on`;
  const what = train.shape.length === 3 ? 'images' : 'points';
  return {
    count,
    words: stacksOf ? 'stacks of held-out images' : test === undefined ? others : `held-out ${what}`,
    held: later(() => {
      if (stacksOf) return stacksOf(all);
      return sampleOf(
        test === undefined
          ? train.batch(count, { seed: 0, call: heldOutCall(count, train) })
          : test.values(0, count),
      );
    }),
    trained,
    others: later(() => {
      if (stacksOf) return drawn(all, 1);
      return test !== undefined && test.count >= 2 * count
        ? sampleOf(test.values(count, 2 * count))
        : trained();
    }),
    training: isFinite(train)
      ? later(() => sampleOf(train.values(0, Math.min(train.count, MOST_TRAINED))))
      : undefined,
    stacksOf,
  };
}

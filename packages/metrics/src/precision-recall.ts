// Kynkäänniemi, Karras, Laine, Lehtinen, Aila, "Improved precision and recall metric for assessing generative
// models" (2019), arXiv 1904.06991.
import { integer } from '@stillpoint/operators';
import { checkBalls, containment, neighbourBalls, shareOfSome, type Balls } from './balls.js';
import { given, type Setting } from './check.js';
import { checkAlike, type FeatureOptions, type FeatureSets } from './features.js';

/** Options of `precisionRecall`. */
export interface PrecisionRecallOptions extends FeatureOptions {
  /** The radius of each ball is the distance to the k-th nearest neighbour; default 3, the paper's. */
  readonly k?: number;
}

/** The options as data; the only place that states their defaults. */
export const precisionRecallTable: { readonly k: Setting } = {
  k: integer({
    about: 'the radius of each ball is the distance to the k-th nearest neighbour',
    from: 1,
    default: 3,
  }),
};

/** How precision and recall were measured: compare only figures whose settings are equal. */
export type PrecisionRecallSettings = {
  readonly metric: 'precision-recall';
  readonly features: string;
  readonly dim: number;
  readonly k: number;
  readonly distance: 'euclidean';
  /** An example on the surface of a ball is inside. */
  readonly boundary: '<=';
  readonly real: number;
  readonly fake: number;
};

/** Improved precision and recall. A perfect sampler gets what other real examples get: see `withPerfect`. */
export type PrecisionRecall = {
  /**
   * Share of fake examples inside a ball of a real one, 0 … 1; higher is better. It says whether fakes look
   * real.
   */
  readonly precision: number;
  /**
   * Share of real examples inside a ball of a fake one, 0 … 1; higher is better. It says whether all kinds of
   * examples are generated.
   */
  readonly recall: number;
  readonly settings: PrecisionRecallSettings;
};

/**
 * Precision and recall from neighbour balls computed before; those of the real examples serve many
 * evaluations. Throws InputError for balls of different features or different k.
 */
export function precisionRecallOfBalls(sets: {
  readonly real: Balls;
  readonly fake: Balls;
}): PrecisionRecall {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  checkBalls('real', real);
  checkBalls('fake', fake);
  checkAlike(real, fake, ['features', 'dim', 'k']);
  const { features, dim, k } = real;
  return {
    precision: shareOfSome(containment(real, fake.centres, true, fake.unit).perPoint),
    recall: shareOfSome(containment(fake, real.centres, true, real.unit).perPoint),
    settings: {
      metric: 'precision-recall',
      features,
      dim,
      k,
      distance: 'euclidean',
      boundary: '<=',
      real: real.count,
      fake: fake.count,
    },
  };
}

/**
 * Improved precision and recall: the support of each set's distribution is estimated by the union of its
 * neighbour balls. Exchanging `real` and `fake` exchanges the two figures. Both depend on the sizes, and
 * neither is 1 for two sets of the same distribution. If all features are the same point every radius is 0
 * and both are 1, since the surface belongs to the ball. Throws InputError for sets that are empty, of a
 * wrong length or not finite, and for a k that is not less than either size.
 */
export function precisionRecall(sets: FeatureSets, options: PrecisionRecallOptions): PrecisionRecall {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  const {
    dim,
    features = 'raw',
    k = precisionRecallTable.k.default,
  } = given('the options', options, '{ dim: 2 }');
  const full = { dim, features, k };
  return precisionRecallOfBalls({
    real: neighbourBalls(real, full, 'real'),
    fake: neighbourBalls(fake, full, 'fake'),
  });
}

// Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter, "GANs trained by a two time-scale update rule …"
// (2017), arXiv 1706.08500; the distance of Gaussians is Dowson and Landau's (1982).
import { InputError, norm } from '@stillpoint/operators';
import { squaredDistanceOfFactors } from './align.js';
import { checkFeatures, checkWhole, given, largestOf } from './check.js';
import { cholesky, rankOf, roundingsOf, type Factor } from './factor.js';
import { checkAlike, type FeatureOptions, type FeatureSets } from './features.js';
import { featureMoments, type FeatureMoments } from './moments.js';

/** How a Fréchet distance was measured: compare only figures whose settings are equal, sizes above all. */
export type FrechetSettings = {
  readonly metric: 'frechet-distance';
  readonly features: string;
  readonly dim: number;
  /** Covariances are divided by n − 1. */
  readonly ddof: 1;
  readonly real: number;
  readonly fake: number;
  /**
   * Rank of the covariance with all deviations scaled to 1. It is less than dim for features that are
   * constant or dependent, and for fewer than dim + 1 examples.
   */
  readonly realRank: number;
  readonly fakeRank: number;
  /**
   * Rounding changes `covariances` by at most this times (√Tr Σ₁ + √Tr Σ₂)², to first order. It is about
   * 1e−12 for figures from features. For moments without a `factor` and with a singular covariance it is up
   * to the square root of that, since taking a root of the covariance enlarges its relative error.
   */
  readonly precision: number;
  /** A warning to read before the figure is used; `null` if there is none. */
  readonly warning: string | null;
};

/**
 * The squared W₂ distance of the Gaussians with the features' moments, in feature units squared; FID is one.
 */
export type FrechetDistance = {
  /**
   * ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), lower is better. A perfect sampler does not get 0 but what
   * `withPerfect` measures.
   */
  readonly distance: number;
  /** Its first term. */
  readonly means: number;
  /** Its second term. */
  readonly covariances: number;
  /** Bound on the rounding error of `distance`, to first order. */
  readonly error: number;
  readonly settings: FrechetSettings;
};

/**
 * A of Σ = AᵀA, with its rank. @throws InputError for moments that do not fit together, or that no set has.
 */
function factorOfMoments(what: string, moments: FeatureMoments): Factor & { readonly rank: number } {
  const { dim, count, mean, covariance, factor } = moments;
  const refuse = (found: string, expected: string): never => {
    throw new InputError(`${what}: ${found}; expected ${expected}`);
  };
  if (!(mean instanceof Float64Array) || mean.length !== dim)
    refuse('moments with a mean that does not fit', `a Float64Array of dim = ${dim} numbers`);
  if (!(covariance instanceof Float64Array) || covariance.length !== dim * dim)
    refuse('moments with a covariance that does not fit', `a Float64Array of dim² = ${dim * dim} numbers`);
  if (!Number.isFinite(largestOf(mean)) || !Number.isFinite(largestOf(covariance)))
    refuse('moments that are not finite', 'finite numbers only');
  if (factor !== undefined) {
    if (!(factor instanceof Float64Array) || factor.length % dim !== 0 || !Number.isFinite(largestOf(factor)))
      refuse(
        'moments with a factor that does not fit',
        `a Float64Array of ${dim} finite numbers for each row`,
      );
    const rows = factor.length / dim;
    const unit = inverseOf(largestOf(factor));
    const scaled = { entries: factor.map((x) => x * unit), rows };
    return {
      entries: factor,
      rows,
      precision: 8 * (count + dim) * 2 ** -53,
      rank: rankOf(scaled, count, dim),
    }; // the factor 8 is chosen, not derived
  }
  const negligible = roundingsOf(count, dim);
  const { entries, rank, least, left } = cholesky(covariance, dim, negligible);
  if (!(left >= -negligible))
    refuse('a covariance with a negative eigenvalue', 'a positive semidefinite one');
  // An error e in Σ changes A by about √e where a pivot is 0, and by e over the root of the smallest pivot
  // elsewhere.
  return {
    entries,
    rows: rank,
    rank,
    precision:
      rank < dim
        ? Math.sqrt(dim * negligible)
        : Math.min(Math.sqrt(dim * negligible), (8 * dim * 2 ** -53) / Math.sqrt(least)),
  };
}

/** The power of 2 that scales `largest` to about 1. */
const inverseOf = (largest: number): number =>
  largest === 0 ? 1 : 2 ** -Math.max(-1022, Math.min(1022, Math.floor(Math.log2(largest))));

/**
 * The distance from moments computed before; the moments of the real examples serve many evaluations. Throws
 * InputError for moments of different features, and for moments that no set has.
 */
export function frechetOfMoments(sets: {
  readonly real: FeatureMoments;
  readonly fake: FeatureMoments;
}): FrechetDistance {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  for (const [what, moments] of [
    ['real', real],
    ['fake', fake],
  ] as const) {
    const { features, dim, count } = given(what, moments, 'featureMoments returns');
    checkFeatures(features);
    checkWhole(`${what}: dim`, dim, '2');
    checkWhole(`${what}: count`, count, '1000', 2);
  }
  checkAlike(real, fake, ['features', 'dim']);
  const { features, dim } = real;
  const [one, other] = [factorOfMoments('real', real), factorOfMoments('fake', fake)];
  const scaled = (values: Float64Array, unit: number): Float64Array => values.map((x) => x * unit);
  const largest = Math.max(largestOf(one.entries), largestOf(other.entries));
  const unit = inverseOf(largest);
  const [a, b] = [
    { ...one, entries: scaled(one.entries, unit) },
    { ...other, entries: scaled(other.entries, unit) },
  ];
  const squares = squaredDistanceOfFactors(a, b, dim);
  const precision = Math.max(one.precision, other.precision);
  const largestMean = Math.max(largestOf(real.mean), largestOf(fake.mean));
  const meanUnit = inverseOf(largestMean);
  const [from, to] = [scaled(real.mean, meanUnit), scaled(fake.mean, meanUnit)];
  const meanSquares = from.reduce((sum, x, j) => sum + (x - to[j]!) ** 2, 0);
  const moved = 4 * 2 ** -53 * (norm(from) + norm(to)); // bound on the rounding error of the means
  const means = meanSquares / meanUnit / meanUnit;
  const covariances = squares / unit / unit;
  const error =
    (precision * (norm(a.entries) + norm(b.entries)) ** 2) / unit / unit +
    (2 * Math.sqrt(meanSquares) * moved + moved ** 2) / meanUnit / meanUnit;
  if (!Number.isFinite(means + covariances)) {
    const size = Math.max(largest, largestMean);
    throw new InputError(
      `features of size up to ${size} have a squared distance beyond float64; ` +
        'expected sizes below about 1e154: divide all features by the same number',
    );
  }
  const few = Math.min(real.count, fake.count);
  const warning =
    few > dim
      ? null
      : `${few} examples for ${dim} features: the covariance is singular, and the distance depends on the sizes more than on the distributions; expected more than ${dim}`;
  return {
    distance: means + covariances,
    means,
    covariances,
    error,
    settings: {
      metric: 'frechet-distance',
      features,
      dim,
      ddof: 1,
      real: real.count,
      fake: fake.count,
      realRank: one.rank,
      fakeRank: other.rank,
      precision,
      warning,
    },
  };
}

/**
 * The squared Fréchet distance of the Gaussians fitted to two sets of features. It is an FID only with the
 * features of the 2015 Inception network; name it after the features you use. It is biased upwards by about
 * 1/n, so compare only figures of equal sizes. Throws InputError for sets that are of a wrong length or not
 * finite, or have fewer than two examples.
 */
export function frechetDistance(sets: FeatureSets, options: FeatureOptions): FrechetDistance {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  return frechetOfMoments({
    real: featureMoments(real, options, 'real'),
    fake: featureMoments(fake, options, 'fake'),
  });
}

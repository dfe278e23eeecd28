// Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter, "GANs trained by a two time-scale update rule …" (2017), arXiv 1706.08500;
// the distance of Gaussians is Dowson and Landau's (1982).
import { dot, eigh, type Eigen } from '@stillpoint/operators';
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
  /** Ranks of the covariances: less than dim for features that are constant or dependent, and for fewer than dim + 1 examples. */
  readonly realRank: number;
  readonly fakeRank: number;
  /** What to know before the figure is used; `null`: nothing. */
  readonly warning: string | null;
};

/** The squared W₂ distance of the Gaussians with the features' moments, as FID is; feature units squared. */
export type FrechetDistance = {
  /** ‖μ₁ − μ₂‖² + Tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), lower is better. A perfect sampler is not at 0 but at what `withPerfect` measures. */
  readonly distance: number;
  /** Its first term. */
  readonly means: number;
  /** Its second term. */
  readonly covariances: number;
  readonly settings: FrechetSettings;
};

/** Below this an eigenvalue is rounding: n·2⁻⁵²·‖A‖, the usual bound of a numerical rank. */
const negligible = ({ values }: Eigen): number => values.length * Number.EPSILON * Math.max(...values.map(Math.abs));

function rankOf(eigen: Eigen): number {
  const least = negligible(eigen);
  return eigen.values.filter((value) => value > least).length;
}

/**
 * Tr (Σ₁Σ₂)^½ as Tr (AΣ₂A)^½ with A = Σ₁^½: everything stays symmetric and real. Of A only the rows of its range are used,
 * √λ·v: without them AΣ₂A has the same eigenvalues but zeros, whose rounding errors the root would raise from 1e−16 to 1e−8.
 */
function traceOfRoot(first: Eigen, second: Float64Array, dim: number): number {
  const rank = rankOf(first);
  if (rank === 0) return 0;
  const [root, product] = [new Float64Array(rank * dim), new Float64Array(rank * dim)];
  for (let i = 0; i < rank; i++) {
    const m = dim - rank + i; // eigenvalues go upwards
    const length = Math.sqrt(first.values[m]!);
    for (let j = 0; j < dim; j++) {
      const weight = length * first.vectors[m * dim + j]!;
      root[i * dim + j] = weight;
      for (let l = 0, at = i * dim; l < dim; l++, at++) product[at] = product[at]! + weight * second[j * dim + l]!;
    }
  }
  const inner = new Float64Array(rank * rank);
  for (let i = 0; i < rank; i++) {
    const row = product.subarray(i * dim, (i + 1) * dim);
    for (let j = 0; j <= i; j++) inner[i * rank + j] = inner[j * rank + i] = dot(row, root.subarray(j * dim, (j + 1) * dim));
  }
  const eigen = eigh(inner, { vectors: false });
  const least = negligible(eigen);
  return eigen.values.reduce((sum, value) => (value > least ? sum + Math.sqrt(value) : sum), 0);
}

const trace = (matrix: Float64Array, dim: number): number => Array.from({ length: dim }, (_, j) => matrix[j * dim + j]!).reduce((sum, x) => sum + x, 0);

/** The figure from statistics already at hand: the real moments serve every evaluation. Throws InputError for unlike ones. */
export function frechetOfMoments({ real, fake }: { readonly real: FeatureMoments; readonly fake: FeatureMoments }): FrechetDistance {
  checkAlike(real, fake, ['features', 'dim']);
  const { features, dim } = real;
  const means = real.mean.reduce((sum, x, j) => sum + (x - fake.mean[j]!) ** 2, 0);
  const first = eigh(real.covariance);
  const covariances = Math.max(0, trace(real.covariance, dim) + trace(fake.covariance, dim) - 2 * traceOfRoot(first, fake.covariance, dim)); // rounding may leave −1e−15
  const [realRank, fakeRank] = [rankOf(first), rankOf(eigh(fake.covariance, { vectors: false }))];
  const few = Math.min(real.count, fake.count);
  const warning = few > dim ? null : `${few} examples for ${dim} features: the covariance has no full rank, and the distance says more about the sizes than about the laws; expected more than ${dim}`;
  return { distance: means + covariances, means, covariances, settings: { metric: 'frechet-distance', features, dim, ddof: 1, real: real.count, fake: fake.count, realRank, fakeRank, warning } };
}

/**
 * The Fréchet distance of the Gaussians fitted to two sets of features, squared. Only with the features of the 2015 Inception network
 * it is an FID; name it after yours. It is biased upwards by about 1/n, so only figures of equal sizes may be compared.
 * Throws InputError for sets that are of a wrong length or not finite, or have fewer than two examples.
 */
export function frechetDistance({ real, fake }: FeatureSets, options: FeatureOptions): FrechetDistance {
  return frechetOfMoments({ real: featureMoments(real, options, 'real'), fake: featureMoments(fake, options, 'fake') });
}

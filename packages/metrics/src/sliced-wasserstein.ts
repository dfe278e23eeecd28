// Rabin, Peyré, Delon, Bernot, "Wasserstein barycenter and its application to texture mixing" (SSVM 2011);
// Bonneel, Rabin, Peyré, Pfister, "Sliced and Radon Wasserstein barycenters of measures" (JMIV 2015).
import {
  InputError,
  integer,
  norm,
  normal,
  scale,
  seed as seedOption,
  shown,
  type Vector,
} from '@stillpoint/operators';
import { checkFeatures, checkWhole, countOf, given, largestOf, unitOf, type Setting } from './check.js';
import { withPerfect, type FeatureOptions, type FeatureSets } from './features.js';

/** Options of the sliced Wasserstein distance. */
export interface SlicedWassersteinOptions extends FeatureOptions {
  /** Number of random directions; default 128. Fewer directions are the first of more. */
  readonly projections?: number;
  /** Seed of the directions; default 0. Compare only distances along the same directions. */
  readonly seed?: number;
}

/** The options as data; the only place that states their defaults. */
export const slicedWassersteinTable: { readonly projections: Setting; readonly seed: Setting } = {
  projections: integer({ about: 'number of random directions', from: 1, default: 128 }),
  seed: seedOption({ about: 'seed of the directions', default: 0 }),
};

/** How a distance was measured: compare only figures whose settings are equal. */
export type SlicedWassersteinSettings = {
  readonly metric: 'sliced-wasserstein';
  /** Order of the distance: W₂. */
  readonly order: 2;
  readonly features: string;
  readonly dim: number;
  readonly projections: number;
  readonly seed: number;
  readonly fake: number;
  readonly real: number;
};

/** A distance, with the one between two sets of real examples. */
export type SlicedWasserstein = {
  /** The distance in data units; lower is better, down to `floor`. */
  readonly distance: number;
  /**
   * The distance of other real examples, as many as the fake ones, from the same `real`: what a perfect
   * sampler gets.
   */
  readonly floor: number;
  readonly settings: SlicedWassersteinSettings;
};

function withDefaults(options: SlicedWassersteinOptions): Required<SlicedWassersteinOptions> {
  const {
    dim,
    features = 'raw',
    projections = slicedWassersteinTable.projections.default,
    seed = slicedWassersteinTable.seed.default,
  } = given('the options', options, '{ dim: 2 }');
  checkFeatures(features);
  return { dim, features, projections, seed };
}

/**
 * Returns `projections` unit vectors, flat `[projections, dim]`, uniform on the sphere; each is a pure
 * function of the seed and its index.
 */
export function unitDirections(options: SlicedWassersteinOptions): Float64Array {
  const { dim, projections, seed } = withDefaults(options);
  if (!Number.isInteger(dim) || dim < 1)
    throw new InputError(`dim is ${shown(dim)}; expected a whole number > 0, the length of one example`);
  checkWhole('projections', projections, '128');
  if (projections * dim > 2 ** 28) {
    // 2 GiB of directions
    throw new InputError(
      `projections is ${projections}; expected ${Math.floor(2 ** 28 / dim)} at most for dim ${dim}`,
    );
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new InputError(`seed is ${shown(seed)}; expected a whole number from 0 to 4294967295`);
  const directions = new Float64Array(projections * dim);
  for (let p = 0; p < projections; p++) {
    const direction = normal(directions.subarray(p * dim, (p + 1) * dim), {
      seed,
      purpose: 'sliced-wasserstein',
      call: p,
    });
    scale(direction, 1 / norm(direction));
  }
  return directions;
}

/** The projections on each direction, flat `[projections, n]`, each row sorted. */
function sortedProjections(samples: Vector, n: number, dim: number, directions: Float64Array): Float64Array {
  const count = directions.length / dim;
  const out = new Float64Array(count * n);
  for (let p = 0; p < count; p += 4) {
    // four directions share one pass over an example: half the time
    const [a, b, c, d] = [p, p + 1, p + 2, p + 3].map((q) => Math.min(q, count - 1) * dim);
    for (let i = 0; i < n; i++) {
      let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
      for (let j = 0, at = i * dim; j < dim; j++, at++) {
        const x = samples[at]!;
        sumA += x * directions[a! + j]!;
        sumB += x * directions[b! + j]!;
        sumC += x * directions[c! + j]!;
        sumD += x * directions[d! + j]!;
      }
      out[p * n + i] = sumA;
      if (p + 1 < count) out[(p + 1) * n + i] = sumB;
      if (p + 2 < count) out[(p + 2) * n + i] = sumC;
      if (p + 3 < count) out[(p + 3) * n + i] = sumD;
    }
  }
  for (let p = 0; p < count; p++) out.subarray(p * n, (p + 1) * n).sort();
  return out;
}

/**
 * W₂² of two sets of numbers, each sorted in increasing order, in data units squared: ∫ (F⁻¹(u) − G⁻¹(u))²
 * du. Within a set all numbers have the same weight. The integral is exact for different sizes too: quantiles
 * are matched piece by piece.
 */
export function squaredWasserstein1d(a: Float64Array, b: Float64Array): number {
  countOf('a', a, 1);
  countOf('b', b, 1);
  const [n, m] = [a.length, b.length];
  let sum = 0;
  if (n === m) {
    for (let i = 0; i < n; i++) sum += (a[i]! - b[i]!) ** 2;
    return sum / n;
  }
  // In units of 1/(nm) all ends are whole numbers: a's quantile i ends at (i + 1)m, b's quantile j at (j +
  // 1)n.
  for (let i = 0, j = 0, at = 0; i < n && j < m;) {
    const [endA, endB] = [(i + 1) * m, (j + 1) * n];
    const end = Math.min(endA, endB);
    sum += (end - at) * (a[i]! - b[j]!) ** 2;
    at = end;
    if (end === endA) i++;
    if (end === endB) j++;
  }
  return sum / (n * m);
}

function distanceAlong(
  directions: Float64Array,
  dim: number,
  fake: Vector,
  real: Vector,
  n: number,
  m: number,
): number {
  const unit = unitOf(Math.max(largestOf(fake), largestOf(real)));
  const scaled = (set: Vector): Vector => (unit === 1 ? set : Float64Array.from(set, (x) => x * unit));
  const [a, b] = [
    sortedProjections(scaled(fake), n, dim, directions),
    sortedProjections(scaled(real), m, dim, directions),
  ];
  const count = directions.length / dim;
  let sum = 0;
  for (let p = 0; p < count; p++)
    sum += squaredWasserstein1d(a.subarray(p * n, (p + 1) * n), b.subarray(p * m, (p + 1) * m));
  return Math.sqrt(sum / count) / unit;
}

/**
 * Sliced W₂ between two sets of examples, flat `[n, dim]` and `[m, dim]`: √(mean over directions θ of
 * W₂²(θ·fake, θ·real)), in data units. For two sets that differ by a shift s it is about ‖s‖/√dim. It is
 * symmetric; the sizes may differ. Finite sets of the same distribution are not at distance 0: see
 * `slicedWassersteinReport`. Throws InputError for sets that are empty, of a wrong length or not finite.
 */
export function slicedWasserstein(fake: Vector, real: Vector, options: SlicedWassersteinOptions): number {
  return slicedFigure({ fake, real }, options).distance;
}

/** The distance with its settings. Throws InputError as `slicedWasserstein` does. */
export function slicedFigure(
  { fake, real }: FeatureSets,
  options: SlicedWassersteinOptions,
): Pick<SlicedWasserstein, 'distance' | 'settings'> {
  const { dim, ...others } = withDefaults(options);
  const [n, m] = [countOf('fake', fake, dim), countOf('real', real, dim)];
  return {
    distance: distanceAlong(unitDirections(options), dim, fake, real, n, m),
    settings: { metric: 'sliced-wasserstein', order: 2, dim, ...others, fake: n, real: m },
  };
}

/**
 * The distance with its floor, the distance of `other` from `real`. `other` holds real examples that are not
 * in `real`, exactly as many as the fake ones, since the floor depends on the sizes. Throws InputError as
 * `slicedWasserstein` does, and if `other` and `fake` differ in size.
 */
export function slicedWassersteinReport(
  fake: Vector,
  real: Vector,
  other: Vector,
  options: SlicedWassersteinOptions,
): SlicedWasserstein {
  const { figure, perfect } = withPerfect(slicedFigure, { real, fake, other }, options);
  return { ...figure, floor: perfect.distance };
}

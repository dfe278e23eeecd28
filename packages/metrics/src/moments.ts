import { InputError, type Vector } from '@stillpoint/operators';
import { checkFeatures, countOf, given, largestOf, unitOf } from './check.js';
import { factorOf } from './factor.js';
import type { FeatureOptions } from './features.js';

/** Mean and covariance of a set of features. */
export interface FeatureMoments {
  readonly features: string;
  readonly dim: number;
  readonly count: number;
  /** Mean of each feature, `[dim]`. */
  readonly mean: Float64Array;
  /** Covariance, flat `[dim, dim]`, symmetric, divided by count − 1. */
  readonly covariance: Float64Array;
  /**
   * A, flat `[min(count, dim), dim]`, with AᵀA = the covariance, computed from the examples. The Fréchet
   * distance uses it if it is given, since it keeps small deviations that the covariance loses to rounding.
   */
  readonly factor?: Float64Array;
}

/**
 * Mean and unbiased covariance of a set, flat `[n, dim]`, in two passes: numbers are centred before they are
 * squared. `what` names the set in errors. Throws InputError for a set that is of a wrong length or not
 * finite, has fewer than two examples, or whose covariance is beyond float64.
 */
export function featureMoments(set: Vector, options: FeatureOptions, what = 'set'): FeatureMoments {
  const { dim, features = 'raw' } = given('the options', options, '{ dim: 2 }');
  checkFeatures(features);
  const count = countOf(what, set, dim);
  if (count < 2)
    throw new InputError(`${what}: ${count} example; expected at least 2: one has no covariance`);
  const largest = largestOf(set);
  const unit = unitOf(largest); // a power of 2, so that it changes no digit
  const mean = new Float64Array(dim);
  const add = (centre: Float64Array): void => {
    const sum = new Float64Array(dim);
    for (let i = 0, at = 0; i < count; i++)
      for (let j = 0; j < dim; j++, at++) sum[j] = sum[j]! + (set[at]! * unit - centre[j]!);
    for (let j = 0; j < dim; j++) mean[j] = centre[j]! + sum[j]! / count;
  };
  add(mean.slice());
  add(mean.slice()); // a second pass, so that the deviation of a constant feature is exactly 0
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  const centre = (i: number, out: Float64Array): void => {
    for (let j = 0; j < dim; j++) out[j] = set[i * dim + j]! * unit - mean[j]!;
  };
  for (let i = 0; i < count; i++) {
    centre(i, centred);
    for (let j = 0; j < dim; j++) {
      const c = centred[j]!;
      if (c !== 0)
        for (let l = 0, at = j * dim; l <= j; l++, at++) covariance[at] = covariance[at]! + c * centred[l]!;
    }
  }
  const squares = Float64Array.from({ length: dim }, (_, j) => covariance[j * dim + j]!);
  const factor = factorOf(count, dim, squares, centre).map((x) => x / Math.sqrt(count - 1) / unit);
  for (let j = 0; j < dim; j++)
    for (let l = 0; l <= j; l++) {
      covariance[l * dim + j] = covariance[j * dim + l] =
        covariance[j * dim + l]! / (count - 1) / unit / unit;
    }
  if (!Number.isFinite(largestOf(covariance))) {
    throw new InputError(
      `${what}: features of size up to ${largest} have a covariance beyond float64; expected sizes below about 1e154: divide all features by the same number`,
    );
  }
  return { features, dim, count, mean: mean.map((x) => x / unit), covariance, factor };
}

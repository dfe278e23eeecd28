import { InputError, type Vector } from '@stillpoint/operators';
import { countOf } from './check.js';
import type { FeatureOptions } from './features.js';

/** A set as a Gaussian sees it. */
export interface FeatureMoments {
  readonly features: string;
  readonly dim: number;
  readonly count: number;
  /** `[dim]`. */
  readonly mean: Float64Array;
  /** `[dim, dim]`, symmetric, divided by count − 1. */
  readonly covariance: Float64Array;
}

/**
 * Mean and unbiased covariance of a set, flat `[n, dim]`, in two passes: what is squared is centred already.
 * `what` names the set in errors. Throws InputError for a set that is of a wrong length or not finite, or has fewer than two examples.
 */
export function featureMoments(set: Vector, { dim, features = 'raw' }: FeatureOptions, what = 'set'): FeatureMoments {
  const count = countOf(what, set, dim);
  if (count < 2) throw new InputError(`${what}: ${count} example; expected at least 2: one has no covariance`);
  const mean = new Float64Array(dim);
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < dim; j++, at++) mean[j] = mean[j]! + set[at]!;
  for (let j = 0; j < dim; j++) mean[j] = mean[j]! / count;
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dim; j++) centred[j] = set[i * dim + j]! - mean[j]!;
    for (let j = 0; j < dim; j++) {
      const c = centred[j]!;
      if (c !== 0) for (let l = 0, at = j * dim; l <= j; l++, at++) covariance[at] = covariance[at]! + c * centred[l]!;
    }
  }
  for (let j = 0; j < dim; j++) for (let l = 0; l <= j; l++) covariance[l * dim + j] = covariance[j * dim + l] = covariance[j * dim + l]! / (count - 1);
  return { features, dim, count, mean, covariance };
}

import type { FeatureMoments } from '../src/index.js';
import { gaussians } from './samples.js';

/** Moments of 1000 examples, each entry a function of its place. */
export const moments = (
  dim: number,
  mean: (j: number) => number,
  covariance: (i: number, j: number) => number,
): FeatureMoments => ({
  features: 'test',
  dim,
  count: 1000,
  mean: Float64Array.from({ length: dim }, (_, j) => mean(j)),
  covariance: Float64Array.from({ length: dim * dim }, (_, at) => covariance(Math.floor(at / dim), at % dim)),
});

/** The product of two square matrices. */
export const times = (a: Float64Array, b: Float64Array, dim: number): Float64Array =>
  Float64Array.from({ length: dim * dim }, (_, at) =>
    Array.from(
      { length: dim },
      (__, k) => a[Math.floor(at / dim) * dim + k]! * b[k * dim + (at % dim)]!,
    ).reduce((s, x) => s + x, 0),
  );

export const traceOf = (a: Float64Array, dim: number): number =>
  Array.from({ length: dim }, (_, j) => a[j * dim + j]!).reduce((s, x) => s + x, 0);

/** A symmetric positive definite matrix. */
export const definite = (dim: number, call: number): Float64Array => {
  const g = gaussians(dim * dim, call);
  return times(
    g,
    Float64Array.from(g, (_, at) => g[(at % dim) * dim + Math.floor(at / dim)]!),
    dim,
  ).map((x, at) => x / dim + (at % (dim + 1) === 0 ? 0.1 : 0));
};

/** Each example mapped by a symmetric matrix. */
export const mapped = (set: Float64Array, matrix: Float64Array, dim: number): Float64Array =>
  set.map((_, at) =>
    Array.from({ length: dim }, (__, k) => matrix[(at % dim) * dim + k]! * set[at - (at % dim) + k]!).reduce(
      (s, x) => s + x,
      0,
    ),
  );

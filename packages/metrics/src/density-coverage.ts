// Naeem, Oh, Uh, Choi, Yoo, "Reliable fidelity and diversity metrics for generative models" (2020), arXiv
// 2002.09797.
import { InputError, integer, type Vector } from '@stillpoint/operators';
import { checkBalls, containment, neighbourBalls, shareOfSome, type Balls } from './balls.js';
import { checkWhole, countOf, given, type Setting } from './check.js';
import type { FeatureOptions, FeatureSets } from './features.js';

/** Options of `densityCoverage`. */
export interface DensityCoverageOptions extends FeatureOptions {
  /** The radius of each ball is the distance to the k-th nearest neighbour; default 5, the paper's. */
  readonly k?: number;
}

/** The options as data; the only place that states their defaults. */
export const densityCoverageTable: { readonly k: Setting } = {
  k: integer({
    about: 'the radius of each ball is the distance to the k-th nearest neighbour',
    from: 1,
    default: 5,
  }),
};

/** How density and coverage were measured: compare only figures whose settings are equal. */
export type DensityCoverageSettings = {
  readonly metric: 'density-coverage';
  readonly features: string;
  readonly dim: number;
  readonly k: number;
  readonly distance: 'euclidean';
  /** An example on the surface of a ball is not inside. */
  readonly boundary: '<';
  readonly real: number;
  readonly fake: number;
};

/** Density and coverage, with their expected values for a perfect sampler. */
export type DensityCoverage = {
  /**
   * The number of real balls that hold a fake example, averaged over the fake examples and divided by k: 0 …
   * real/k. It says whether fake examples lie where real ones are dense. 1 is the expected value for equal
   * distributions.
   */
  readonly density: number;
  /**
   * Share of real balls with a fake example inside, 0 … 1. It says whether all kinds of examples are
   * generated. Higher is better, up to `expected.coverage`.
   */
  readonly coverage: number;
  /**
   * The expected values if both sets are independent draws of the same continuous distribution, whatever it
   * is.
   */
  readonly expected: { readonly density: 1; readonly coverage: number };
  readonly settings: DensityCoverageSettings;
};

/**
 * E[coverage] for equal distributions, N real and M fake examples: 1 − Πⱼ₌₁ᵏ (N − j)/(N + M − j); 1 − 2⁻ᵏ as
 * N = M → ∞. A ball holds no fake example exactly if the k nearest of the N − 1 + M others are all real, and
 * any k of them are equally likely to be.
 */
export function expectedCoverage(real: number, fake: number, k: number): number {
  checkWhole('real', real, '1000');
  checkWhole('fake', fake, '1000');
  checkWhole('k', k, '5');
  if (k >= real) throw new InputError(`k is ${k}; expected a whole number below real, which is ${real}`);
  let none = 1;
  for (let j = 1; j <= k; j++) none *= (real - j) / (real + fake - j);
  return 1 - none;
}

/**
 * Density and coverage from the neighbour balls of the real examples, which serve many evaluations. Throws
 * InputError as `densityCoverage` does.
 */
export function densityCoverageOfBalls(sets: {
  readonly real: Balls;
  readonly fake: Vector;
}): DensityCoverage {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  checkBalls('real', real);
  const { features, dim, k, count } = real;
  const n = countOf('fake', fake, dim);
  const { perBall } = containment(real, fake, false);
  return {
    density: perBall.reduce((sum, hits) => sum + hits, 0) / (k * n),
    coverage: shareOfSome(perBall),
    expected: { density: 1, coverage: expectedCoverage(count, n, k) },
    settings: {
      metric: 'density-coverage',
      features,
      dim,
      k,
      distance: 'euclidean',
      boundary: '<',
      real: count,
      fake: n,
    },
  };
}

/**
 * Density and coverage: how often fake examples lie in the neighbour balls of the real ones, and how many of
 * those balls hold a fake example. Unlike in precision, the large ball of one outlier has little weight in
 * density; unlike recall, coverage needs no balls of the fake examples. Copies of the real examples get 1 and
 * 1, so neither detects memorising. If all features are the same point every radius is 0 and both are 0,
 * since the surface does not belong to the ball. Throws InputError for sets that are empty, of a wrong length
 * or not finite, and for a k that is not less than the real size.
 */
export function densityCoverage(sets: FeatureSets, options: DensityCoverageOptions): DensityCoverage {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  const {
    dim,
    features = 'raw',
    k = densityCoverageTable.k.default,
  } = given('the options', options, '{ dim: 2 }');
  return densityCoverageOfBalls({ real: neighbourBalls(real, { dim, features, k }, 'real'), fake });
}

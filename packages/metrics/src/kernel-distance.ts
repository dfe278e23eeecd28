// Bińkowski, Sutherland, Arbel, Gretton, "Demystifying MMD GANs" (2018), arXiv 1801.01401;
// in blocks: Zaremba, Gretton, Blaschko, "B-tests: low variance kernel two-sample tests" (2013), arXiv
// 1307.1954.
import { InputError, integer, norm } from '@stillpoint/operators';
import { checkFeatures, checkWhole, countOf, given, largestOf, type Setting } from './check.js';
import type { FeatureOptions, FeatureSets } from './features.js';

/** Options of `kernelDistance`. */
export interface KernelDistanceOptions extends FeatureOptions {
  /** Largest number of examples in a block; default 1024. A larger one takes longer and has less variance. */
  readonly block?: number;
}

/** The options as data; the only place that states their defaults. */
export const kernelDistanceTable: { readonly block: Setting } = {
  block: integer({ about: 'largest number of examples in a block', from: 2, default: 1024 }),
};

/** How a kernel distance was measured: compare only figures whose settings are equal. */
export type KernelDistanceSettings = {
  readonly metric: 'kernel-distance';
  readonly features: string;
  readonly dim: number;
  readonly kernel: '(x·y/dim + 1)³';
  readonly estimator: 'unbiased';
  readonly block: number;
  /** Number of consecutive blocks each set was cut into. */
  readonly blocks: number;
  readonly real: number;
  readonly fake: number;
};

/** A squared maximum mean discrepancy (MMD²); KID is one. */
export type KernelDistance = {
  /**
   * Unbiased estimate of MMD², the mean over the blocks; lower is better. Its expected value for equal
   * distributions is 0, so it may be negative.
   */
  readonly distance: number;
  /** Standard error of `distance`, from the spread of the blocks; `null` if there is one block only. */
  readonly standardError: number | null;
  /**
   * Bound on the rounding error of `distance`. Features whose mean is large beside their spread lose digits,
   * since the kernel is not a function of differences.
   */
  readonly error: number;
  readonly settings: KernelDistanceSettings;
};

/** Consecutive examples of a flat set. */
interface Part {
  readonly set: Float64Array;
  readonly from: number;
  readonly to: number;
}

/**
 * ⟨x, y⟩ of example i of `x` and j of `y`. Four sums run side by side, since in one sum every addition waits
 * for the last.
 */
function product(x: Float64Array, i: number, y: Float64Array, j: number, dim: number): number {
  let p = i * dim,
    q = j * dim;
  const end = p + dim;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (const last = end - 3; p < last; p += 4, q += 4) {
    s0 += x[p]! * y[q]!;
    s1 += x[p + 1]! * y[q + 1]!;
    s2 += x[p + 2]! * y[q + 2]!;
    s3 += x[p + 3]! * y[q + 3]!;
  }
  for (; p < end; p++, q++) s0 += x[p]! * y[q]!;
  return s0 + s1 + (s2 + s3);
}

/** A mean, and a bound on its rounding error. */
interface Mean {
  readonly mean: number;
  readonly error: number;
}

/**
 * Mean of (x·y/dim + 1)³ over the pairs of two parts; if both are the same part, over pairs of different
 * examples.
 */
function meanKernel(a: Part, b: Part, dim: number): Mean {
  const same = a === b;
  let [sum, sizes] = [0, 0];
  for (let i = a.from; i < a.to; i++) {
    for (let j = same ? i + 1 : b.from; j < b.to; j++) {
      const base = product(a.set, i, b.set, j, dim) / dim + 1;
      sum += base * base * base;
      sizes += Math.abs(base * base * base);
    }
  }
  const [n, m] = [a.to - a.from, b.to - b.from];
  const pairs = same ? (n * (n - 1)) / 2 : n * m;
  // every addition rounds once, and so do the terms of a product, of which the cube has three; ⟨|x|, |y|⟩ is
  // taken as |⟨x, y⟩|
  return { mean: sum / pairs, error: (2 ** -53 * (pairs + 3 * (dim + 4)) * sizes) / pairs };
}

/**
 * Cuts a set of n examples into `count` consecutive parts whose sizes differ by at most 1, the larger ones
 * last.
 */
function partsOf(set: Float64Array, n: number, count: number): readonly Part[] {
  const [size, extra] = [Math.floor(n / count), n % count];
  const start = (i: number): number => i * size + Math.max(0, i - (count - extra));
  return Array.from({ length: count }, (_, i) => ({ set, from: start(i), to: start(i + 1) }));
}

/**
 * The kernel distance: MMD² of the features under (xᵀy/dim + 1)³, estimated without bias on ⌈max(n, m)/block⌉
 * pairs of consecutive blocks (TF-GAN's) and averaged. Examples must be in random order, or the blocks differ
 * systematically. It is a KID only with the features of the 2015 Inception network; name it after the
 * features you use. Throws InputError for sets that are empty, of a wrong length, not finite or too large for
 * the kernel, and if a block would have fewer than two examples.
 */
export function kernelDistance(sets: FeatureSets, options: KernelDistanceOptions): KernelDistance {
  const { real, fake } = given('the sets', sets, '{ real, fake }');
  const {
    dim,
    features = 'raw',
    block = kernelDistanceTable.block.default,
  } = given('the options', options, '{ dim: 2 }');
  checkFeatures(features);
  const [n, m] = [countOf('real', real, dim), countOf('fake', fake, dim)];
  checkWhole('block', block, '1024', 2);
  const blocks = Math.ceil(Math.max(n, m) / block);
  if (Math.min(n, m) < 2 * blocks)
    throw new InputError(
      `${n} real and ${m} fake examples in ${blocks} blocks of at most ${block}; expected at least 2 of each in a block: ${2 * blocks}, or sets nearer in size`,
    );
  const [a, b] = [partsOf(new Float64Array(real), n, blocks), partsOf(new Float64Array(fake), m, blocks)];
  const parts = a.map(
    (x, i) => [meanKernel(x, x, dim), meanKernel(b[i]!, b[i]!, dim), meanKernel(x, b[i]!, dim)] as const,
  );
  const estimates = parts.map(([xx, yy, xy]) => xx.mean + yy.mean - 2 * xy.mean);
  const error = parts.reduce((sum, [xx, yy, xy]) => sum + xx.error + yy.error + 2 * xy.error, 0) / blocks;
  const distance = estimates.reduce((sum, x) => sum + x, 0) / blocks;
  if (!Number.isFinite(distance)) {
    const most = Math.max(largestOf(real), largestOf(fake));
    throw new InputError(
      `features of size up to ${most} have a kernel distance beyond float64, since the kernel grows as their sixth power; ` +
        'expected sizes of about 1, and below 1e50: divide all features by the same number',
    );
  }
  const spread = norm(Float64Array.from(estimates, (x) => x - distance)) / Math.sqrt(blocks - 1);
  return {
    distance,
    standardError: blocks === 1 ? null : spread / Math.sqrt(blocks),
    error,
    settings: {
      metric: 'kernel-distance',
      features,
      dim,
      kernel: '(x·y/dim + 1)³',
      estimator: 'unbiased',
      block,
      blocks,
      real: n,
      fake: m,
    },
  };
}

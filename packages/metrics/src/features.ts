import { InputError, shown, type Vector } from '@stillpoint/operators';
import { countOf, given } from './check.js';

/** Options of every metric on features. */
export interface FeatureOptions {
  /** Length of one example's features. */
  readonly dim: number;
  /** Name of the extractor that made them; default `raw`: the examples themselves. */
  readonly features?: string;
}

/** Features of real and of fake (generated) examples, flat `[n, dim]`; the sets may differ in size. */
export interface FeatureSets {
  readonly real: Vector;
  readonly fake: Vector;
}

/** Throws InputError if the statistics of two sets differ in one of the keys. */
export function checkAlike<S extends object>(real: S, fake: S, keys: readonly (keyof S & string)[]): void {
  const odd = keys.find((key) => real[key] !== fake[key]);
  if (odd !== undefined)
    throw new InputError(
      `fake: statistics with ${odd} ${String(fake[odd])}; expected ${odd} ${String(real[odd])}, as of the real examples`,
    );
}

/** A metric's figure for fake examples, and the one that real examples get in their place. */
export interface WithPerfect<F> {
  readonly figure: F;
  /** The figure of real examples: what a perfect sampler gets, up to random fluctuation. */
  readonly perfect: F;
}

/**
 * Measures a metric twice: on `fake`, and on `other` in its place (real against real). `other` holds real
 * examples that are not in `real`, exactly as many as the fake ones, since every figure depends on the sizes.
 * Throws InputError if the numbers differ.
 */
export function withPerfect<O extends FeatureOptions, F>(
  metric: (sets: FeatureSets, options: O) => F,
  sets: FeatureSets & { readonly other: Vector },
  options: O,
): WithPerfect<F> {
  if (typeof metric !== 'function')
    throw new InputError(
      `the metric is ${shown(metric)}; expected a function of { real, fake }, as precisionRecall`,
    );
  const { real, fake, other } = given('the sets', sets, '{ real, fake, other }');
  given('the options', options, '{ dim: 2 }');
  const [n, m] = [countOf('fake', fake, options.dim), countOf('other', other, options.dim)];
  if (n !== m)
    throw new InputError(
      `other: ${m} examples; expected ${n}, as many as the fake ones: every figure depends on the sizes`,
    );
  return { figure: metric({ real, fake }, options), perfect: metric({ real, fake: other }, options) };
}

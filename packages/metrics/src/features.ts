import { InputError, shown, type Vector } from '@stillpoint/operators';
import { countOf, given } from './check.js';

/** What turns examples into the features a metric compares: the name goes into every figure's settings. */
export interface Extractor {
  readonly name: string;
  /** Length of one example's features. */
  readonly dim: number;
  /** Features of flat examples, flat `[n, dim]`. */
  readonly extract: (examples: Vector) => Vector | Promise<Vector>;
}

/** The examples themselves as features: right for points in the plane, a weak measure of images. */
export const rawFeatures = (dim: number): Extractor => ({
  name: 'raw',
  dim,
  extract: (examples) => examples,
});

/** What every metric on features is told of them. */
export interface FeatureOptions {
  /** Length of one example's features. */
  readonly dim: number;
  /** Name of what made them, such as an extractor's; default `raw`: the examples themselves. */
  readonly features?: string;
}

/** Features, flat `[n, dim]`; the sets may differ in size. By name, since most metrics are not symmetric. */
export interface FeatureSets {
  readonly real: Vector;
  readonly fake: Vector;
}

/** Refuses to compare statistics that are told apart by one of the keys. */
export function checkAlike<S extends object>(real: S, fake: S, keys: readonly (keyof S & string)[]): void {
  const odd = keys.find((key) => real[key] !== fake[key]);
  if (odd !== undefined)
    throw new InputError(
      `fake: statistics with ${odd} ${String(fake[odd])}; expected ${odd} ${String(real[odd])}, as of the real examples`,
    );
}

/** A metric's figure, with the one that real examples get in the place of the fake ones. */
export interface WithPerfect<F> {
  readonly figure: F;
  /** What a perfect sampler gets, up to the luck of its draw. */
  readonly perfect: F;
}

/**
 * Measures a metric twice: on `fake`, and real against real, on `other`: real examples that are not in
 * `real`, exactly as many as the fake ones, since every figure depends on the sizes. Throws InputError if
 * they are not as many.
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

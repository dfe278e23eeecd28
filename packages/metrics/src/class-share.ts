// As for the digits 0 and 1 in Keswani, Mangoubi, Sachdeva, Vishnoi, "A convergent and dimension-independent
// min-max optimization algorithm" (2022), arXiv 2006.12376, where a logistic regression tells them apart.
import { InputError, shown, type Data, type Option, type Vector } from '@stillpoint/operators';
import { checkFeatures, checkWhole, countOf, given } from './check.js';
import type { LogitOptions } from './classifier-score.js';

/** Options of `leastClassShare`. */
export interface LeastClassShareOptions extends LogitOptions {
  /** The classes that the examples may be of; default [0, 1]. */
  readonly among?: readonly number[];
}

const USUAL: readonly number[] = [0, 1];
const isClasses = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length > 1 &&
  new Set(value).size === value.length &&
  value.every((y) => Number.isSafeInteger(y) && y >= 0);

/** The options as data; the only place that states their defaults. */
export const leastClassShareTable: {
  readonly among: Option<readonly number[]> & { readonly default: readonly number[] };
} = {
  among: {
    about: 'the classes that the examples may be of',
    expected: 'at least two different classes, as [0,1]',
    default: USUAL,
    accepts: (value: Data) => isClasses(value),
  },
};

/** How the share was measured: compare only figures whose settings are equal. */
export type LeastClassShareSettings = {
  readonly metric: 'least-class-share';
  readonly features: string;
  readonly classes: number;
  readonly among: readonly number[];
  readonly samples: number;
};

/** How often each of some classes was generated. */
export type LeastClassShare = {
  /** The smallest of the shares: 0 if a class is missing, at most 1/the number of classes. */
  readonly least: number;
  /** The share of each class, in the order of `among`; they sum to 1. */
  readonly shares: readonly number[];
  readonly settings: LeastClassShareSettings;
};

/**
 * How often each of some classes is generated, by a classifier's logits, flat `[n, classes]`: an example is
 * of that class among them whose logit is largest (the first of equal ones), whatever it looks like. Throws
 * InputError for logits that are empty, of a wrong length or not finite, and for classes that they do not
 * have.
 */
export function leastClassShare(logits: Vector, options: LeastClassShareOptions): LeastClassShare {
  const {
    classes,
    features,
    among = USUAL,
  } = given('the options', options, "{ classes: 10, features: 'fashion-classifier', among: [0, 1] }");
  checkFeatures(features);
  checkWhole('classes', classes, '10', 2);
  if (!isClasses(among) || among.some((y) => y >= classes))
    throw new InputError(
      `among is ${Array.isArray(among) ? `[${Array.from(among, shown).join(', ')}]` : shown(among)}; expected at least two different classes from 0 to ${classes - 1}, as [0,1]`,
    );
  const n = countOf('logits', logits, classes);
  const counts = among.map(() => 0);
  for (let i = 0; i < n; i++) {
    let top = 0;
    for (let k = 1; k < among.length; k++)
      if (logits[i * classes + among[k]!]! > logits[i * classes + among[top]!]!) top = k;
    counts[top] = counts[top]! + 1;
  }
  const shares = counts.map((count) => count / n);
  return {
    least: Math.min(...shares),
    shares,
    settings: { metric: 'least-class-share', features, classes, among, samples: n },
  };
}

// Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen, "Improved techniques for training GANs" (2016), arXiv
// 1606.03498; in splits as in torch-fidelity.
import { InputError, integer, type Vector } from '@stillpoint/operators';
import { checkFeatures, checkWhole, countOf, given, type Setting } from './check.js';

/** Options of metrics on logits. */
export interface LogitOptions {
  readonly classes: number;
  /** Name of the classifier. */
  readonly features: string;
}

/** Options of `classifierScore`. */
export interface ClassifierScoreOptions extends LogitOptions {
  /** Consecutive parts, each with a score of its own; default 1. */
  readonly splits?: number;
}

/** The options as data; the only place that states their defaults. */
export const classifierScoreTable: { readonly splits: Setting } = {
  splits: integer({ about: 'consecutive parts, whose scores are averaged', from: 1, default: 1 }),
};

/** How a classifier score was measured: compare only figures whose settings are equal. */
export type ClassifierScoreSettings = {
  readonly metric: 'classifier-score';
  readonly features: string;
  readonly classes: number;
  readonly splits: number;
  readonly samples: number;
};

/** A score of generated examples by a classifier; the inception score is one. */
export type ClassifierScore = {
  /**
   * exp of the mean of KL(p(y|x) ‖ p(y)), averaged over the splits: 1 if all examples get the same
   * probabilities, as constant images do, `classes` if each is certain and all classes are equally frequent.
   */
  readonly score: number;
  /** Standard deviation of the splits' scores, √(mean of squares); 0 for one split. */
  readonly spread: number;
  readonly settings: ClassifierScoreSettings;
};

/** log p(y|x) of each row, in place of its logits. */
function logProbabilities(logits: Vector, classes: number): Float64Array {
  const out = Float64Array.from(logits);
  for (let from = 0; from < out.length; from += classes) {
    const row = out.subarray(from, from + classes);
    const top = row.reduce((most, x) => Math.max(most, x), -Infinity);
    const total = top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0));
    for (let y = 0; y < classes; y++) row[y] = row[y]! - total;
  }
  return out;
}

function scoreOf(logs: Float64Array, classes: number): number {
  const n = logs.length / classes;
  const mean = new Float64Array(classes);
  logs.forEach((log, at) => (mean[at % classes] = mean[at % classes]! + Math.exp(log) / n));
  let sum = 0;
  logs.forEach((log, at) => {
    const p = Math.exp(log);
    if (p > 0) sum += p * (log - Math.log(mean[at % classes]!));
  });
  return Math.exp(Math.max(0, sum / n)); // rounding may leave −1e−17 for equal rows
}

/**
 * The score of logits, flat `[n, classes]`, of generated examples. It is an inception score only with the
 * logits of the 2015 Inception network; name it after the classifier. Examples must be in random order if
 * there are splits. It sees neither a class that is drawn badly but recognised nor one image per class drawn
 * over and over. Throws InputError for logits that are empty, of a wrong length or not finite.
 */
export function classifierScore(logits: Vector, options: ClassifierScoreOptions): ClassifierScore {
  const {
    classes,
    features,
    splits = classifierScoreTable.splits.default,
  } = given('the options', options, "{ classes: 10, features: 'fashion-classifier' }");
  checkFeatures(features);
  checkWhole('classes', classes, '10', 2);
  checkWhole('splits', splits, '1');
  const n = countOf('logits', logits, classes);
  if (splits > n)
    throw new InputError(`splits is ${splits}, for ${n} examples; expected ${n} at most, one for each`);
  const logs = logProbabilities(logits, classes);
  const scores = Array.from({ length: splits }, (_, i) =>
    scoreOf(
      logs.subarray(Math.floor((i * n) / splits) * classes, Math.floor(((i + 1) * n) / splits) * classes),
      classes,
    ),
  );
  const score = scores.reduce((sum, x) => sum + x, 0) / splits;
  return {
    score,
    spread: Math.sqrt(scores.reduce((sum, x) => sum + (x - score) ** 2, 0) / splits),
    settings: { metric: 'classifier-score', features, classes, splits, samples: n },
  };
}

// The statistic of Mann and Whitney 1947, from midranks.
import { InputError, shown, type Vector } from '@stillpoint/operators';
import { countOf } from './check.js';

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative example in which the positive
 * one has the higher score; a tie counts half. 1 is a perfect order, ½ that of random scores; only the order
 * of the scores matters. Exact, in O(n log n).
 *
 * @param scores one for each example.
 * @param labels of the examples, in the same order.
 * @param positive the label of positive examples; all others are negative. Default: 1.
 * @throws InputError for scores that are empty or not finite, for another number of labels, and if the
 *   examples are all positive or all negative.
 */
export function areaUnderRoc(scores: Vector, labels: ArrayLike<number>, positive: number = 1): number {
  const n = countOf('scores', scores, 1);
  if (typeof labels !== 'object' || labels === null || labels.length !== n)
    throw new InputError(`labels are ${shown(labels)}; expected ${n} of them, one for each score`);
  const isPositive = Uint8Array.from(labels, (label) => (label === positive ? 1 : 0));
  const up = isPositive.reduce((sum, x) => sum + x, 0);
  if (up === 0 || up === n)
    throw new InputError(
      `${up} of ${n} labels are ${shown(positive)}, the positive one; expected examples of it and of others`,
    );
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => scores[i]! - scores[j]!);
  let below = 0; // negative examples with a lower score
  // 2 for each pair in order, 1 for each tie: whole numbers, so that only the last step rounds
  let halves = 0;
  for (let from = 0; from < n;) {
    let [to, positives] = [from, 0];
    while (to < n && scores[order[to]!] === scores[order[from]!]) positives += isPositive[order[to++]!]!;
    const negatives = to - from - positives;
    halves += positives * (2 * below + negatives);
    below += negatives;
    from = to;
  }
  return halves / (2 * up * (n - up));
}

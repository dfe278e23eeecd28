import { describe, expect, it } from 'vitest';
import { InputError, normal, uniform } from '@stillpoint/operators';
import { areaUnderRoc } from '../src/index.js';

/** By its definition, over all pairs. */
function byPairs(scores: Float64Array, labels: readonly number[], positive = 1): number {
  let [sum, pairs] = [0, 0];
  scores.forEach((s, i) =>
    scores.forEach((t, j) => {
      if (labels[i] !== positive || labels[j] === positive) return;
      pairs++;
      sum += s > t ? 1 : s === t ? 0.5 : 0;
    }),
  );
  return sum / pairs;
}

describe('areaUnderRoc', () => {
  it('is 1 in order, 0 in reverse, ½ if all scores are equal; a tie counts half', () => {
    expect(areaUnderRoc(Float64Array.of(1, 2, 3), [0, 0, 1])).toBe(1);
    expect(areaUnderRoc(Float64Array.of(3, 2, 1), [0, 0, 1])).toBe(0);
    expect(areaUnderRoc(Float32Array.of(7, 7, 7), [0, 1, 0])).toBe(0.5);
    expect(areaUnderRoc(Float64Array.of(1, 2, 2, 3), [0, 1, 0, 1])).toBe(0.875); // 3 of 4 pairs and a half
    expect(areaUnderRoc(Float64Array.of(0, -0), [0, 1])).toBe(0.5);
  });
  it('is the share of pairs, with ties and without, for any label as the positive one', () => {
    const fine = normal(new Float64Array(60), { seed: 1, purpose: 'scores' });
    const coarse = fine.map((x) => Math.round(2 * x));
    const labels = Array.from(uniform(new Float64Array(60), { seed: 1, purpose: 'labels' }), (x) =>
      Math.floor(4 * x),
    );
    for (const scores of [fine, coarse])
      for (const positive of [0, 1, 2, 3])
        expect(areaUnderRoc(scores, labels, positive)).toBeCloseTo(byPairs(scores, labels, positive), 15);
  });
  it('depends on the order alone: a rising function changes nothing, −scores give 1 − AUC', () => {
    const scores = normal(new Float64Array(41), { seed: 2, purpose: 'scores' });
    const labels = Uint8Array.from(scores, (x, i) => (Math.sin(9 * i) + x > 0.5 ? 1 : 0));
    const A = areaUnderRoc(scores, labels);
    expect(
      areaUnderRoc(
        scores.map((x) => Math.exp(3 * x)),
        labels,
      ),
    ).toBe(A);
    expect(
      areaUnderRoc(
        scores.map((x) => -x),
        labels,
      ),
    ).toBeCloseTo(1 - A, 15);
  });
  it('refuses what it cannot measure', () => {
    const bad: readonly (readonly [readonly unknown[], string])[] = [
      [
        [
          [1, 2],
          [0, 1],
        ],
        'expected a Float32Array or a Float64Array',
      ],
      [[Float64Array.of(), []], 'scores: 0 numbers'],
      [[Float64Array.of(1, NaN), [0, 1]], 'NaN'],
      [[Float64Array.of(1, 2), [0]], 'expected 2 of them'],
      [[Float64Array.of(1, 2), undefined], 'labels are undefined; expected 2 of them'],
      [[Float64Array.of(1, 2), [0, 0]], '0 of 2 labels are 1'],
      [[Float64Array.of(1, 2), [3, 3], 3], '2 of 2 labels are 3'],
    ];
    for (const [given, message] of bad) {
      expect(() => Reflect.apply(areaUnderRoc, undefined, given)).toThrow(message);
      expect(() => Reflect.apply(areaUnderRoc, undefined, given)).toThrow(InputError);
    }
  });
});

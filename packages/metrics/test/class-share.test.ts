import { describe, expect, it } from 'vitest';
import { leastClassShare } from '../src/index.js';

describe('leastClassShare', () => {
  const logits = Float64Array.from(
    [
      [3, 1, 9],
      [3, 4, 0],
      [0, 2, 1],
      [5, 5, 7],
    ].flat(),
  );
  const options = { classes: 3, features: 'mine' };
  it('counts each example for the largest logit among the classes', () => {
    // 0, 1, 1 and the first of two equal ones; the third class is none of them
    expect(leastClassShare(logits, options).shares).toEqual([0.5, 0.5]);
    expect(leastClassShare(logits, { ...options, among: [1, 2] })).toEqual({
      least: 0.5,
      shares: [0.5, 0.5],
      settings: { metric: 'least-class-share', features: 'mine', classes: 3, among: [1, 2], samples: 4 },
    });
    expect(leastClassShare(logits, { ...options, among: [0, 1, 2] }).shares).toEqual([0, 0.5, 0.5]);
    expect(leastClassShare(logits, { ...options, among: [0, 1, 2] }).least).toBe(0);
  });
  it('refuses classes that there are not', () => {
    for (const among of [[0], [0, 0], [0, 3], [0.5, 1], 'all'])
      expect(() => Reflect.apply(leastClassShare, undefined, [logits, { ...options, among }])).toThrow(
        'expected at least two different classes from 0 to 2, as [0,1]',
      );
  });
});

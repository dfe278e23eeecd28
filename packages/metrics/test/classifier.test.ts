import { uniform } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { classifierScore, expectedOfUniform, stackedModes } from '../src/index.js';
import { gaussians, meanOf } from './samples.js';

const features = 'test';

describe('the classifier score', () => {
  const score = (logits: readonly number[], classes: number, splits = 1) =>
    classifierScore(Float64Array.from(logits), { classes, features, splits });

  it('is that of TF-GAN’s test: logits [[1, 2, 3], [−1, 5, 3.1]] score 1.24358', () => {
    expect(score([1, 2, 3, -1, 5, 3.1], 3).score).toBeCloseTo(1.24358, 5);
  });
  it('is 1 for constant images, whatever their logits', () => {
    for (const row of [
      [0, 0, 0],
      [9, -3, 1],
      [800, -800, 0],
    ])
      expect(score([...row, ...row, ...row, ...row], 3)).toMatchObject({ score: 1, spread: 0 });
  });
  it('is the number of classes if each image is certain and all classes are equally frequent', () => {
    const certain = Array.from({ length: 40 * 10 }, (_, at) =>
      Math.floor(at / 10) % 10 === at % 10 ? 900 : 0,
    );
    expect(score(certain, 10).score).toBeCloseTo(10, 12);
  });
  it('is a^w (1 − a)^… in closed form: two classes, probabilities p and 1 − p exchanged', () => {
    // p(y) is ½ for both, so that log of the score is log 2 + p log p + (1 − p) log(1 − p)
    const p = 0.9;
    const l = Math.log(p / (1 - p));
    const expected = 2 * p ** p * (1 - p) ** (1 - p);
    expect(score([l, 0, 0, l], 2).score).toBeCloseTo(expected, 12);
  });
  it('averages consecutive splits, with the deviation over them', () => {
    const logits = [...gaussians(70, 1)]; // 7 examples: 3 + 4
    const [a, b] = [score(logits.slice(0, 30), 10).score, score(logits.slice(30), 10).score];
    const both = score(logits, 10, 2);
    expect(both.score).toBeCloseTo((a + b) / 2, 12);
    expect(both.spread).toBeCloseTo(Math.abs(a - b) / 2, 12);
  });
  it('does not depend on a constant added to all logits of an example', () => {
    const logits = gaussians(200, 2);
    const moved = logits.map((x, at) => x + Math.floor(at / 10));
    const options = { classes: 10, features };
    expect(classifierScore(moved, options).score).toBeCloseTo(classifierScore(logits, options).score, 12);
  });
});

/** Logits of stacks whose channels have these classes. */
const certain = (stacks: readonly (readonly number[])[], classes: number): Float64Array =>
  Float64Array.from(
    stacks.flatMap((stack) =>
      stack.flatMap((label) => Array.from({ length: classes }, (_, y) => (y === label ? 2 : -1))),
    ),
  );

describe('stacked modes', () => {
  const options = { classes: 10, features };

  it('counts combinations of classes, channel c with weight 10ᶜ', () => {
    const stacks = [
      [1, 2, 3],
      [1, 2, 3],
      [3, 2, 1],
      [0, 0, 0],
    ];
    const { modes, reverseKl, histogram } = stackedModes(certain(stacks, 10), options);
    expect(modes).toBe(3);
    expect([histogram[321], histogram[123], histogram[0], histogram.length]).toEqual([2, 1, 1, 1000]);
    // ½ log(1000/2) + 2 · ¼ log(1000/4)
    expect(reverseKl).toBeCloseTo(0.5 * Math.log(500) + 0.5 * Math.log(250), 12);
  });
  it('finds all modes of one stack of each: KL 0; and KL log 1000 if all are of one mode', () => {
    const all = Array.from({ length: 1000 }, (_, m) => [
      m % 10,
      Math.floor(m / 10) % 10,
      Math.floor(m / 100),
    ]);
    expect(stackedModes(certain(all, 10), options)).toMatchObject({ modes: 1000, reverseKl: 0 });
    const one = stackedModes(certain(all.fill([1, 2, 3]), 10), options);
    expect(one.modes).toBe(1);
    expect(one.reverseKl).toBeCloseTo(Math.log(1000), 12);
  });
  it('takes the first of equal logits', () => {
    const { histogram } = stackedModes(new Float64Array(4), { classes: 2, features, channels: 2 });
    expect(histogram).toEqual([1, 0, 0, 0]);
  });
});

describe('what uniform samples are expected to show', () => {
  it('is exact: one sample shows one mode, KL log m; two samples of two modes 1.5 modes, KL ½ log 2', () => {
    expect(expectedOfUniform(7, 1).modes).toBeCloseTo(1, 12);
    expect(expectedOfUniform(7, 1).reverseKl).toBeCloseTo(Math.log(7), 12);
    expect(expectedOfUniform(2, 2).modes).toBeCloseTo(1.5, 12);
    expect(expectedOfUniform(2, 2).reverseKl).toBeCloseTo(Math.log(2) / 2, 12);
    expect(expectedOfUniform(1, 9)).toEqual({ modes: 1, reverseKl: 0 });
  });
  it('tends to (modes − 1)/(2n) for many samples (Miller 1955)', () => {
    const n = 2 ** 20;
    // the next term is (m² − 1)/(12n²)·…, below 1e-5 of the first here
    expect((expectedOfUniform(100, n).reverseKl * 2 * n) / 99).toBeCloseTo(1, 4);
    expect(expectedOfUniform(100, n).modes).toBe(100);
  });
  it('is the mean over draws, within five standard errors', () => {
    const [modes, n] = [100, 150];
    const draw = (run: number) => {
      const pick = uniform(new Float64Array(n), { seed: 3, purpose: 'modes', call: run });
      const stacks = Array.from(pick, (u) => [Math.floor(u * 10), Math.floor(u * 100) % 10]);
      return stackedModes(certain(stacks, 10), { classes: 10, features, channels: 2 });
    };
    const expected = expectedOfUniform(modes, n);
    const [found, kl] = [meanOf(200, (run) => draw(run).modes), meanOf(200, (run) => draw(run).reverseKl)];
    expect(Math.abs(found.mean - expected.modes)).toBeLessThan(5 * found.error);
    expect(Math.abs(kl.mean - expected.reverseKl)).toBeLessThan(5 * kl.error);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { imageSet } from '@stillpoint/datasets';
import { areaUnderRoc } from '@stillpoint/metrics';
import { InputError, norm } from '@stillpoint/operators';
import { coda, federate } from '@stillpoint/optimizers';
import { afterAll, describe, expect, it } from 'vitest';
import { aucProblem, classifierAuc, minMaxAucLosses, mlp } from '../src/index.js';
import './numbers.js';

const made: { dispose(): Promise<void> }[] = [];
afterAll(() => Promise.all(made.map((one) => one.dispose())));
const kept = async <T extends { dispose(): Promise<void> }>(one: Promise<T>): Promise<T> => {
  made.push(await one);
  return one;
};

const COUNT = 30;
/** Images of 2×2×1 with labels 0, 1, 2, 2, 2 in turn; label 1 is darker at the first pixel. */
const data = imageSet({
  name: 'made-up',
  describe: 'for a test',
  shape: [2, 2, 1],
  bytes: Uint8Array.from({ length: 4 * COUNT }, (_, i) =>
    i % 20 === 4 ? (7 * i) % 60 : (i * i * 31 + 7 * i) % 256,
  ),
  labels: Uint8Array.from({ length: COUNT }, (_, i) => Math.min(2, i % 5)),
});
/** h = w·x + c, with z = (w, c, a, b, α). */
const linear = mlp({ sizes: [4, 1] });
const scoresOf = (z: ArrayLike<number>): readonly number[] =>
  Array.from({ length: COUNT }, (_, i) =>
    data.values(i, i + 1).reduce((sum, x, j) => sum + x * z[j]!, z[4]!),
  );
const mean = (x: readonly number[]): number => x.reduce((sum, each) => sum + each, 0) / x.length;
const isUp = (_: unknown, i: number): boolean => data.labels[i] === 1;
const isDown = (_: unknown, i: number): boolean => data.labels[i] !== 1;
type Scale = (h: number) => number;
const sigmoid: Scale = (h) => 1 / (1 + Math.exp(-h));
/** p(1 − p) times the mean over pairs, p = 1/5. */
const pairs = (z: ArrayLike<number>, scale: Scale): number => {
  const h = scoresOf(z).map(scale);
  return 0.16 * mean(h.filter(isUp).flatMap((s) => h.filter(isDown).map((t) => (1 - (s - t)) ** 2)));
};
/** (w, c) with the best a, b and α. */
const saddleAt = (w: readonly number[], scale: Scale): Float32Array => {
  const h = scoresOf(w).map(scale);
  const [a, b] = [mean(h.filter(isUp)), mean(h.filter(isDown))];
  return Float32Array.of(...w, a, b, 1 + b - a);
};
/** Both scales, with a step of central differences: exact for a quadratic, else wrong by O(step²). */
const scales = [
  { scores: 'linear', scale: (h: number) => h, step: 0.5 },
  { scores: 'sigmoid', scale: sigmoid, step: 1e-3 },
] as const;

describe('aucProblem', () => {
  it.each(scales)(
    'at the best a, b and α is p(1 − p) times the mean of (1 − (h₊ − h₋))² over pairs, with its gradient: $scores',
    async ({ scores, scale, step }) => {
      const problem = await kept(aucProblem({ data, network: linear, batch: COUNT, scores }));
      expect(problem.players.map(({ name, start, end }) => [name, start, end])).toEqual([
        ['v', 0, 7],
        ['alpha', 7, 8],
      ]);
      expect(Array.from(problem.initialise(1).subarray(5))).toEqual([0, 0, 0]);
      const w = [0.3, -0.2, 0.5, 0.1, 0.4];
      const z = saddleAt(w, scale);
      const [F, losses] = [new Float32Array(8), new Float64Array(2)];
      const sample = problem.draw?.(0); // an epoch: every image once
      await problem.operator(z, F, { player: undefined, sample, losses, buffers: {} });
      // sums of 30 numbers of size 1 in float32
      expect(Math.abs(losses[0]! - pairs(w, scale))).toBeLessThan(1e-5 * pairs(w, scale));
      expect(losses[1]).toBe(-losses[0]!);
      expect(norm(F, 5)).toBeLessThan(1e-5);
      // the envelope: ∇_w of min max F is that of the pairs, by central differences
      for (let j = 0; j < 5; j++) {
        const at = (by: number): number =>
          pairs(
            w.map((x, i) => (i === j ? x + by : x)),
            scale,
          );
        expect(Math.abs(F[j]! - (at(step) - at(-step)) / (2 * step))).toBeLessThan(1e-5);
      }
    },
  );

  it('is trained by workers that average seldom, the same each time; its AUC is that of the scores', async () => {
    const run = async () => {
      const problem = await kept(aucProblem({ data, network: linear, batch: 10, seed: 2 }));
      const { z } = await federate(problem, coda({ stepSize: 5, steps: 40 }), {
        workers: 2,
        every: 20,
        rounds: 4,
        start: problem.initialise(1),
      });
      return Float32Array.from(z);
    };
    const z = await run();
    expect(await run()).toEqual(z);
    const auc = await kept(classifierAuc({ network: linear, train: data, test: data, batch: 8 }));
    expect(await auc.measure(z)).toBe(areaUnderRoc(Float64Array.from(scoresOf(z)), data.labels, 1));
    expect(await auc.measure(z.slice(0, 5))).toBe(await auc.measure(z));
    expect(await auc.measure(z)).toBeGreaterThan(0.9);
    const first = await kept(
      classifierAuc({ network: linear, train: data, test: data, positive: 2, count: 7 }),
    );
    expect(await first.measure(z)).toBe(
      areaUnderRoc(Float64Array.from(scoresOf(z).slice(0, 7)), data.labels.subarray(0, 7), 2),
    );
  });

  it('measures the AUC of held-out images itself, and NaN of scores that overflow', async () => {
    const held = imageSet({
      name: 'held out',
      describe: 'for a test',
      shape: [2, 2, 1],
      bytes: Uint8Array.from({ length: 4 * 10 }, (_, i) => (i * i * 17 + 5 * i) % 256),
      labels: Uint8Array.from({ length: 10 }, (_, i) => i % 3),
    });
    const problem = await kept(aucProblem({ data, network: linear, batch: 8, test: held }));
    const z = Float32Array.of(0.3, -0.2, 0.5, 0.1, 0.4, 0, 0, 0);
    const scores = Float64Array.from({ length: 10 }, (_, i) =>
      held.values(i, i + 1).reduce((sum, x, j) => sum + x * z[j]!, z[4]!),
    );
    expect(await problem.heldOutAuc?.(z)).toBe(areaUnderRoc(scores, held.labels, 1));
    expect(await problem.heldOutAuc?.(z.map(() => 3e38))).toBeNaN();
    expect((await kept(aucProblem({ data, network: linear }))).heldOutAuc).toBeUndefined();
  });

  it('refuses what it cannot learn or measure', async () => {
    const given = { data, network: linear };
    const bad: readonly (readonly [object, string])[] = [
      [{ ...given, positive: 7 }, 'no image of made-up has the label 7'],
      [{ ...given, network: mlp({ sizes: [4, 2] }) }, 'returns 2 numbers; expected one, the score'],
      [
        { ...given, network: mlp({ sizes: [5, 1] }) },
        'takes 5 numbers; expected 4, an image of shape [2, 2, 1]',
      ],
      [
        { ...given, test: { values: data.values, labels: [0, 2] } },
        'no image of test has the label 1, the positive one',
      ],
      [{ ...given, batch: 0.5 }, 'batch is 0.5'],
      [{ ...given, scores: 'sigmoids' }, 'did you mean sigmoid?'],
      [{ ...given, data: [1, 2] }, 'expected images with shape, labels, indices and batch'],
    ];
    for (const [options, message] of bad) {
      const making = Promise.resolve(Reflect.apply(aucProblem, undefined, [options]));
      await expect(making).rejects.toThrow(message);
      await expect(making).rejects.toThrow(InputError);
    }
    await expect(classifierAuc({ network: mlp({ sizes: [4, 2] }), train: data, test: data })).rejects.toThrow(
      'returns 2 numbers',
    );
    const [x, numbers] = [tf.tensor1d([1, 0]), { a: tf.scalar(0), b: tf.scalar(0), alpha: tf.scalar(0) }];
    for (const share of [0, 1, NaN])
      expect(() => minMaxAucLosses(x, x, numbers, share)).toThrow(`share is ${share}`);
  });
});

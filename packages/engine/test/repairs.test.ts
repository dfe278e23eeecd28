import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';
import { expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { lanes } from './lanes.js';

/** The index in x of each element of x repeated along its axes. */
function sources(shape: readonly number[], repeats: readonly number[]): readonly number[] {
  const tiled = shape.map((d, i) => d * repeats[i]!);
  return Array.from({ length: sizeOf(tiled) }, (_, at) => {
    let rest = at;
    let [index, stride] = [0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index += ((rest % tiled[axis]!) % shape[axis]!) * stride;
      stride *= shape[axis]!;
      rest = Math.floor(rest / tiled[axis]!);
    }
    return index;
  });
}

const repetitions: readonly (readonly [shape: readonly number[], repeats: readonly number[]])[] = [
  [[3], [4]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [2, 1, 2],
    [1, 3, 2],
  ],
  [
    [1, 1, 1, 3],
    [2, 2, 2, 1],
  ],
  [
    [1, 2, 1, 1, 2],
    [3, 1, 2, 1, 2],
  ],
];

for (const { engine, skipped, title } of lanes) {
  for (const [shape, repeats] of repetitions) {
    test.skipIf(skipped)(`[${shape.join()}] repeated [${repeats.join()}] times: ${title}`, async () => {
      const [n, from] = [sizeOf(shape), sources(shape, repeats)];
      const weights = Float32Array.from(from, (_, i) => i + 1);
      const compiled = await compile(
        ({ x, w }) => {
          const cubes = (v: tf.Tensor): tf.Tensor => tf.sum(tf.mul(w, tf.pow(tf.tile(v, [...repeats]), 3)));
          const slope = tf.grad(cubes);
          return { first: slope(x), second: tf.grad((v) => tf.sum(slope(v)))(x) };
        },
        { inputs: { x: [...shape], w: shape.map((d, i) => d * repeats[i]!) }, engine },
      );
      const x = Float32Array.from({ length: n }, (_, i) => i - 2);
      const { first, second } = await compiled.run({ x, w: weights });
      await compiled.dispose();
      // Σ w x³ over the copies of each x, differentiated twice: whole numbers, which float32 holds
      const total = x.map((_, i) => weights.reduce((sum, w, k) => (from[k] === i ? sum + w : sum), 0));
      expect(first).toEqual(x.map((v, i) => 3 * v * v * total[i]!));
      expect(second).toEqual(x.map((v, i) => 6 * v * total[i]!));
    });
  }
}

for (const { engine, skipped, title } of lanes) {
  test.skipIf(skipped)(
    `a gradient may use operands that it has not saved, as logSigmoid's does: ${title}`,
    async () => {
      const compiled = await compile(
        ({ x }) => {
          const loss = (v: tf.Tensor): tf.Tensor => tf.sum(tf.logSigmoid(tf.mul(v, 2)));
          const cubed = tf.customGrad((v) => {
            const t = Array.isArray(v) || !(v instanceof tf.Tensor) ? tf.zeros([1]) : v;
            return { value: tf.pow(t, 3), gradFunc: (dy) => tf.mul(dy, tf.mul(3, tf.square(t))) };
          });
          return { slope: tf.grad(loss)(x), cubed: tf.grad((v) => tf.sum(cubed(tf.add(v, 1))))(x) };
        },
        { inputs: { x: [4] }, engine },
      );
      const x = Float32Array.of(-3, -0.5, 0, 2);
      const before = tf.memory().numTensors;
      const { slope, cubed } = await compiled.run({ x });
      expect(tf.memory().numTensors).toBe(before);
      await compiled.dispose();
      // d log σ(2x) = 2σ(−2x), to 4 roundings; 3(x + 1)² exactly
      for (const [i, v] of x.entries())
        expect(Math.abs(slope[i]! / (2 / (1 + Math.exp(2 * v))) - 1)).toBeLessThan(4 * 2 ** -23);
      expect(Array.from(cubed)).toEqual([12, 0.75, 3, 27]);
    },
  );
}

test("tfjs's own gradients are registered again after compile, also after a throw", async () => {
  const own: tf.GradConfig = { kernelName: 'Tile', gradFunc: () => ({}) };
  const before = tf.getGradient('Tile');
  tf.registerGradient(own);
  const inside = new Set<unknown>();
  await compile(({ x }) => (inside.add(tf.getGradient('Tile')), { y: x }), { inputs: { x: [1] } });
  expect(tf.getGradient('Tile')).toBe(own);
  const failing = compile(
    () => {
      throw new Error('mine');
    },
    { inputs: { x: [1] } },
  );
  await expect(failing).rejects.toThrow('mine');
  expect(tf.getGradient('Tile')).toBe(own);
  expect(inside.has(own)).toBe(false);
  tf.registerGradient(before);
});

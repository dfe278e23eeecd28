import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {} from '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../src/index.js';

// Nothing here imports all of tfjs, so tensors get the methods of chained code from compile alone. The engine
// tensorflow is left out: tfjs-node imports all of it.
const before = 'add' in tf.Tensor.prototype;
/** A method of the user's own, under a name of tfjs's. */
const mine = function (this: tf.Tensor): tf.Tensor {
  return tf.mul(this, 100);
};
Object.defineProperty(tf.Tensor.prototype, 'selu', { value: mine, configurable: true, writable: true });
afterAll(() => {
  Reflect.deleteProperty(tf.Tensor.prototype, 'selu');
});

/** The methods that tfjs-core declares on Tensor in its folder of chained operations. */
function declared(): readonly string[] {
  const home = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json'));
  const folder = join(home, 'dist/public/chained_ops');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return Array.from(text.matchAll(/interface Tensor<[^{]*\{\s*(\w+)/g), ([, name = '']) => name);
    });
}

for (const engine of ['native', 'wasm', 'cpu'] as const) {
  test(`chained code runs with tfjs-core alone, gradients included: engine ${engine}`, async () => {
    const compiled = await compile(
      ({ x, w }) => ({
        mean: x.add(1).mean(),
        product: x.matMul(w).relu().square().sum(),
        slope: tf.grad((v) => v.matMul(w).relu().square().sum())(x),
        joined: x.concat(x, 1).asType('float32').flatten(),
        stacked: x.stack([x, x.neg()]).sum(0),
        chosen: x.where(x.greater(2), w).as1D(),
        hot: x.slice([0, 0], [1, 2]).toInt().reshape([2]).oneHot(3, 1, 0).toFloat(),
        shaped: x.as4D(1, 2, 2, 1).squeeze().transpose().reshapeAs(x),
        parts: x.split(2)[1]!,
        scalar: x.max().as3D(1, 1, 1).asScalar(),
        truth: x.sub(1).toBool().cast('float32'),
        root: x.norm('euclidean'),
        enlarged: x.as3D(2, 2, 1).resizeNearestNeighbor([4, 2]),
        mine: x.selu(),
      }),
      { inputs: { x: [2, 2], w: [2, 2] }, engine },
    );
    const result = await compiled.run({ x: Float32Array.of(1, 2, 3, 4), w: Float32Array.of(1, -1, 0, 2) });
    await compiled.dispose();
    // by hand: x·w = [[1, 3], [3, 5]], whose squares add up to 44; the slope is 2(x·w)·wᵀ
    expect(
      Object.fromEntries(Object.entries(result).map(([name, values]) => [name, Array.from(values)])),
    ).toEqual({
      mean: [3.5],
      product: [44],
      slope: [-4, 12, -4, 20],
      joined: [1, 2, 1, 2, 3, 4, 3, 4],
      stacked: [1, 2, 3, 4],
      chosen: [1, -1, 3, 4],
      hot: [0, 1, 0, 0, 0, 1],
      shaped: [1, 3, 2, 4],
      parts: [3, 4],
      scalar: [4],
      truth: [0, 1, 1, 1],
      root: [Math.fround(Math.sqrt(30))],
      enlarged: [1, 2, 1, 2, 3, 4, 3, 4],
      mine: [100, 200, 300, 400],
    });
  });
}

test('tensors have every method that tfjs-core declares, and a method that existed is kept', () => {
  expect(before, 'tfjs was imported whole, so this file shows nothing').toBe(false);
  const names = declared();
  expect(names).toHaveLength(137);
  expect(names.filter((name) => typeof Reflect.get(tf.Tensor.prototype, name) !== 'function')).toEqual([]);
  expect(Reflect.get(tf.Tensor.prototype, 'selu')).toBe(mine);
  // as tfjs's own methods do
  const gone = tf.tensor1d([1]);
  gone.dispose();
  expect(() => gone.add(1)).toThrow('Tensor is disposed.');
});

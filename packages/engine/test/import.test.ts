import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

test('importing registers nothing with tfjs; the first compile does, and removes its backend afterwards', async () => {
  const { compile } = await import('../src/index.js');
  expect(tf.engine().backendNames()).toEqual([]);
  expect(tf.getKernelsForBackend('trace')).toEqual([]);
  expect(tf.getGradient('Relu')).toBeUndefined();
  const f = await compile(({ x }) => ({ y: tf.grad((v: tf.Tensor) => tf.sum(tf.relu(v)))(x) }), {
    inputs: { x: [2] },
    engine: 'native',
  });
  expect(tf.engine().backendNames()).toEqual([]);
  expect(tf.getBackend() ?? undefined).toBeUndefined(); // there was no backend before either
  expect((await f.run({ x: Float32Array.of(-1, 1) })).y).toEqual(Float32Array.of(0, 1));
  await f.dispose();
});

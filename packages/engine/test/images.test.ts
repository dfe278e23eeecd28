import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { images } from '../src/trace/kernels/images.js';
import { compile } from '../src/index.js';
import { type Case, four, productsTolerance, testAsOnCpu, whole } from './cases.js';
import { numbers } from './helpers.js';

const cases: { readonly [name: string]: Case } = {
  averagePool: { op: (x) => tf.avgPool(four(x), 2, 2, 'valid'), shapes: [[2, 6, 4, 3]] },
  averagePoolOverlapping: { op: (x) => tf.avgPool(four(x), 3, 1, 'valid'), shapes: [[2, 6, 5, 3]] },
  // tfjs's cpu gradient counts the padding, which its forward pass does not
  averagePoolPadded: { op: (x) => tf.avgPool(four(x), 3, 2, 'same'), shapes: [[2, 6, 5, 3]], ...whole },
  maxPool: { op: (x) => tf.maxPool(four(x), 2, 2, 'valid'), shapes: [[2, 6, 4, 3]] },
  maxPoolOverlapping: { op: (x) => tf.maxPool(four(x), [3, 2], 1, 'same'), shapes: [[2, 6, 5, 3]] },
  maxPoolAfterPad: {
    op: (x, w) =>
      tf.maxPool(
        tf.pad(tf.sub(tf.conv2d(four(x), four(w), 1, 'same'), 3), [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 0],
        ]),
        [2, 1],
        1,
        'valid',
      ),
    shapes: [
      [2, 4, 4, 3],
      [3, 3, 3, 2],
    ],
    ...whole,
  },
  averagePoolAfterPad: {
    op: (x, w) =>
      tf.avgPool(
        tf.pad(tf.conv2d(four(x), four(w), 1, 'same'), [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 0],
        ]),
        [2, 1],
        1,
        'valid',
      ),
    shapes: [
      [2, 4, 4, 3],
      [3, 3, 3, 2],
    ],
  },
  upNearest: { op: (x) => tf.image.resizeNearestNeighbor(four(x), [8, 9]), shapes: [[1, 4, 3, 2]] },
  downNearest: { op: (x) => tf.image.resizeNearestNeighbor(four(x), [3, 2]), shapes: [[1, 7, 5, 2]] },
  nearestCentres: {
    op: (x) => tf.image.resizeNearestNeighbor(four(x), [7, 5], false, true),
    shapes: [[2, 4, 3, 2]],
    ...whole,
  },
  nearestCorners: {
    op: (x) => tf.image.resizeNearestNeighbor(four(x), [7, 5], true),
    shapes: [[1, 4, 3, 2]],
  },
  bilinear: { op: (x) => tf.image.resizeBilinear(four(x), [7, 5]), shapes: [[1, 4, 4, 2]] },
  bilinearDown: { op: (x) => tf.image.resizeBilinear(four(x), [3, 2]), shapes: [[1, 5, 5, 2]] },
  bilinearCorners: { op: (x) => tf.image.resizeBilinear(four(x), [7, 5], true), shapes: [[1, 4, 4, 2]] },
  bilinearCentres: {
    op: (x) => tf.image.resizeBilinear(four(x), [8, 6], false, true),
    shapes: [[2, 4, 3, 2]],
    ...whole,
  },
  depthToSpace: { op: (x) => tf.depthToSpace(four(x), 2), shapes: [[2, 3, 2, 8]] },
  batchNorm: {
    op: (x, s, o) => {
      const { mean, variance } = tf.moments(x!, [0, 1, 2]);
      return tf.batchNorm(x!, tf.reshape(mean, [3]), tf.reshape(variance, [3]), o!, s!, 1e-3);
    },
    shapes: [[2, 3, 2, 3], [3], [3]],
  },
  batchNormGiven: {
    op: (x, m, v) => tf.batchNorm(x!, m!, v!),
    shapes: [[4, 3], [3], [3]],
    low: 0.5,
    high: 2,
    ...whole,
  },
  batchNormBlocked: {
    op: (x, w, s) => {
      const h = tf.conv2d(four(x), four(w), 1, 'same');
      const { mean, variance } = tf.moments(h, [0, 1, 2]);
      return tf.relu(tf.mul(tf.mul(tf.sub(h, mean), tf.rsqrt(tf.add(variance, 1e-3))), s!));
    },
    shapes: [[16, 4, 4, 16], [3, 3, 16, 16], [16]],
    low: -0.5,
    high: 0.5,
  },
};

/**
 * Maps linear in x whose gradient is wrong on tfjs's cpu backend: for several examples, for images that are
 * not square, or at a padded edge.
 */
const linear: { readonly [name: string]: (x: tf.Tensor4D) => tf.Tensor4D } = {
  nearest: (x) => tf.image.resizeNearestNeighbor(x, [10, 9]),
  nearestUneven: (x) => tf.image.resizeNearestNeighbor(x, [7, 4]),
  nearestCentres: (x) => tf.image.resizeNearestNeighbor(x, [7, 4], false, true),
  bilinear: (x) => tf.image.resizeBilinear(x, [7, 5]),
  bilinearDown: (x) => tf.image.resizeBilinear(x, [3, 2]),
  bilinearCorners: (x) => tf.image.resizeBilinear(x, [7, 5], true),
  bilinearCentres: (x) => tf.image.resizeBilinear(x, [7, 5], false, true),
  averagePoolPadded: (x) => tf.avgPool(x, 3, 2, 'same'),
  averagePoolUneven: (x) => tf.avgPool(x, [2, 3], [2, 1], 'same'),
};

test.for(Object.keys(linear))(
  '%s: the gradient is the transpose of the map: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩',
  async (name) => {
    const map = linear[name]!;
    const x = numbers(2 * 5 * 3 * 4, 1);
    for (const engine of ['native', 'wasm'] as const) {
      const forward = await compile(({ x: images }) => ({ y: map(four(images)) }), {
        inputs: { x: [2, 5, 3, 4] },
        engine,
      });
      const { y: ax } = await forward.run({ x });
      const y = numbers(ax.length, 2);
      const back = await compile(
        ({ dy }) => ({
          dx: tf.grad((images) => tf.sum(tf.mul(map(four(images)), dy)))(tf.zeros([2, 5, 3, 4])),
        }),
        { inputs: { dy: forward.outputs.y }, engine },
      );
      const { dx } = await back.run({ dy: y });
      const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
      expect(Math.abs(dot(ax, y) - dot(x, dx))).toBeLessThan(productsTolerance);
      expect(dot(ax, y)).not.toBe(0);
      await forward.dispose();
      await back.dispose();
    }
  },
);

testAsOnCpu(cases, productsTolerance, images);

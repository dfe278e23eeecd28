import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { convolutions } from '../src/trace/kernels/convolutions.js';
import { depthwise } from '../src/trace/kernels/depthwise.js';
import { images } from '../src/trace/kernels/images.js';
import { compile } from '../src/index.js';
import { type Case, expectAsOnCpu } from './cases.js';
import { numbers } from './helpers.js';

// Relative to max(1, |expected|). A case adds up n ≤ 800 products of numbers below 2 in any order: √n
// roundings of a sum of size √n each, n·2⁻²⁴ in all, on either side.
const tolerance = 2 * 800 * 2 ** -24;

const four = (x: tf.Tensor | undefined): tf.Tensor4D => {
  const [a = 1, b = 1, c = 1, d = 1] = x!.shape;
  return tf.reshape<tf.Rank.R4>(x!, [a, b, c, d]);
};
const conv = (
  shapes: readonly (readonly number[])[],
  strides: number | [number, number],
  pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]],
): Case => ({ op: (x, w) => tf.conv2d(four(x), four(w), strides, pad), shapes });
const transposed = (
  shapes: readonly (readonly number[])[],
  size: [number, number, number, number],
  strides: number,
  pad: 'same' | 'valid',
): Case => ({ op: (x, w) => tf.conv2dTranspose(four(x), four(w), size, strides, pad), shapes });
const deep = (
  shapes: readonly (readonly number[])[],
  strides: number | [number, number],
  pad: 'same' | 'valid' | number,
): Case => ({ op: (x, w) => tf.depthwiseConv2d(four(x), four(w), strides, pad), shapes });
const whole = { gradient: false } as const;

const cases: { readonly [name: string]: Case } = {
  conv: conv(
    [
      [2, 7, 6, 3],
      [3, 4, 3, 5],
    ],
    [2, 1],
    'same',
  ),
  convValid: conv(
    [
      [2, 8, 6, 3],
      [3, 2, 3, 2],
    ],
    2,
    'valid',
  ),
  convUnreached: conv(
    [
      [1, 6, 7, 2],
      [2, 2, 2, 3],
    ],
    3,
    'valid',
  ),
  convPadded: conv(
    [
      [2, 5, 5, 2],
      [3, 3, 2, 4],
    ],
    1,
    1,
  ),
  convExplicit: conv(
    [
      [2, 5, 5, 2],
      [3, 3, 2, 4],
    ],
    1,
    [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  ),
  convPointwise: conv(
    [
      [2, 4, 5, 3],
      [1, 1, 3, 4],
    ],
    1,
    'valid',
  ),
  convPointwiseStrided: conv(
    [
      [2, 4, 5, 3],
      [1, 1, 3, 4],
    ],
    2,
    'same',
  ),
  convDilated: {
    op: (x, w) => tf.conv2d(four(x), four(w), 1, 'same', 'NHWC', 2),
    shapes: [
      [2, 7, 7, 2],
      [3, 3, 2, 3],
    ],
    ...whole,
  },
  // whole blocks of 16 channels and 16 examples: the native runtime's blocked kernels
  convBlocked: conv(
    [
      [16, 6, 6, 32],
      [3, 3, 32, 16],
    ],
    1,
    'same',
  ),
  convBlockedStrided: conv(
    [
      [16, 8, 8, 16],
      [4, 4, 16, 32],
    ],
    2,
    'same',
  ),
  convBlockedUneven: conv(
    [
      [16, 7, 5, 16],
      [3, 3, 16, 16],
    ],
    2,
    'valid',
  ),
  convBlockedPointwise: conv(
    [
      [16, 4, 4, 16],
      [1, 1, 16, 32],
    ],
    1,
    'same',
  ),
  convBlockedBias: {
    op: (x, w, b) => tf.leakyRelu(tf.add(tf.conv2d(four(x), four(w), 2, 'same'), b!), 0.2),
    shapes: [[16, 6, 6, 16], [4, 4, 16, 32], [32]],
  },
  chain: {
    op: (x, w, v) =>
      tf.relu(tf.conv2d(tf.leakyRelu(tf.conv2d(four(x), four(w), 2, 'same'), 0.3), four(v), 1, 'same')),
    shapes: [
      [16, 6, 6, 16],
      [4, 4, 16, 16],
      [3, 3, 16, 16],
    ],
    low: -0.5,
    high: 0.5,
  },
  transposed: transposed(
    [
      [2, 4, 3, 5],
      [4, 4, 2, 5],
    ],
    [2, 8, 6, 2],
    2,
    'same',
  ),
  transposedValid: transposed(
    [
      [2, 3, 3, 3],
      [3, 3, 2, 3],
    ],
    [2, 7, 7, 2],
    2,
    'valid',
  ),
  transposedOdd: transposed(
    [
      [2, 4, 4, 3],
      [3, 3, 2, 3],
    ],
    [2, 7, 7, 2],
    2,
    'same',
  ),
  transposedBlocked: transposed(
    [
      [16, 4, 4, 32],
      [4, 4, 16, 32],
    ],
    [16, 8, 8, 16],
    2,
    'same',
  ),
  transposedBlockedOne: transposed(
    [
      [16, 4, 4, 16],
      [3, 3, 16, 16],
    ],
    [16, 4, 4, 16],
    1,
    'same',
  ),
  fusedConv: {
    op: (x, w, b) =>
      ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'].map((activation) =>
        Reflect.apply(tf.fused.conv2d, undefined, [
          { x: four(x), filter: four(w), strides: 1, pad: 'same', bias: b!, activation, leakyreluAlpha: 0.3 },
        ]),
      ),
    shapes: [[2, 4, 4, 3], [3, 3, 3, 2], [2]],
    ...whole,
  },
  fusedPrelu: {
    op: (x, w, a) =>
      Reflect.apply(tf.fused.conv2d, undefined, [
        {
          x: four(x),
          filter: four(w),
          strides: 1,
          pad: 'same',
          activation: 'prelu',
          preluActivationWeights: a!,
        },
      ]),
    shapes: [[2, 4, 4, 3], [3, 3, 3, 2], [2]],
    ...whole,
  },
  fusedGradient: {
    op: (x, w, b) =>
      tf.fused.conv2d({
        x: four(x),
        filter: four(w),
        strides: 1,
        pad: 'same',
        bias: b!,
        activation: 'linear',
      }),
    shapes: [[2, 4, 4, 3], [3, 3, 3, 2], [2]],
  },
  depthwise: deep(
    [
      [2, 7, 6, 3],
      [3, 2, 3, 1],
    ],
    1,
    'same',
  ),
  depthwiseTwice: deep(
    [
      [3, 5, 6, 2],
      [3, 3, 2, 3],
    ],
    1,
    'valid',
  ),
  depthwiseStrided: deep(
    [
      [2, 8, 7, 3],
      [3, 3, 3, 2],
    ],
    2,
    'same',
  ),
  depthwiseUnreached: deep(
    [
      [2, 7, 7, 3],
      [2, 2, 3, 1],
    ],
    3,
    'valid',
  ),
  depthwisePadded: deep(
    [
      [1, 4, 5, 3],
      [3, 3, 3, 1],
    ],
    1,
    1,
  ),
  depthwiseOneChannel: deep(
    [
      [2, 5, 5, 1],
      [3, 3, 1, 4],
    ],
    1,
    'same',
  ),
  depthwiseBlocked: deep(
    [
      [16, 5, 5, 16],
      [3, 3, 16, 1],
    ],
    1,
    'same',
  ),
  depthwisePointwise: deep(
    [
      [2, 4, 4, 3],
      [1, 1, 3, 2],
    ],
    1,
    'same',
  ),
  depthwiseDilated: {
    op: (x, w) => tf.depthwiseConv2d(four(x), four(w), 1, 'same', 'NHWC', 2),
    shapes: [
      [2, 7, 7, 3],
      [3, 3, 3, 2],
    ],
    ...whole,
  },
  separable: {
    op: (x, d, p) => tf.separableConv2d(four(x), four(d), four(p), 1, 'same'),
    shapes: [
      [2, 5, 4, 3],
      [3, 3, 3, 2],
      [1, 1, 6, 4],
    ],
  },
  fusedDepthwise: {
    op: (x, w, b) =>
      Reflect.apply(tf.fused.depthwiseConv2d, undefined, [
        { x: four(x), filter: four(w), strides: 1, pad: 'same', bias: b!, activation: 'relu' },
      ]),
    shapes: [[2, 4, 4, 3], [3, 3, 3, 1], [3]],
    ...whole,
  },
  averagePool: { op: (x) => tf.avgPool(four(x), 2, 2, 'valid'), shapes: [[2, 6, 4, 3]] },
  averagePoolOverlapping: { op: (x) => tf.avgPool(four(x), 3, 1, 'valid'), shapes: [[2, 6, 5, 3]] },
  // tfjs's cpu gradient counts the padding its forward pass leaves out
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
 * Linear in x, but with a gradient that tfjs's cpu backend gets wrong: for several examples, for images that
 * are not square, or at a padded rim.
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
      expect(Math.abs(dot(ax, y) - dot(x, dx))).toBeLessThan(tolerance);
      expect(dot(ax, y)).not.toBe(0);
      await forward.dispose();
      await back.dispose();
    }
  },
);

const met = new Set<string>();

test.for(Object.keys(cases))(
  '%s: traced and run, natively and in wasm, as tfjs computes it on cpu',
  async (name) => {
    for (const kernel of await expectAsOnCpu(cases[name]!, tolerance)) met.add(kernel);
  },
);

afterAll(() => {
  expect(
    Object.keys({ ...convolutions, ...depthwise, ...images }).filter((kernel) => !met.has(kernel)),
  ).toEqual([]);
});

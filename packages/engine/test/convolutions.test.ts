import * as tf from '@tensorflow/tfjs-core';
import { convolutions } from '../src/trace/kernels/convolutions.js';
import { depthwise } from '../src/trace/kernels/depthwise.js';
import { type Case, four, productsTolerance, testAsOnCpu, whole } from './cases.js';

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
};

testAsOnCpu(cases, productsTolerance, { ...convolutions, ...depthwise });

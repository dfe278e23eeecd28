import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from '../src/trace/kernels/elementwise.js';
import { products } from '../src/trace/kernels/matmul.js';
import { reductions } from '../src/trace/kernels/reductions.js';
import { shapes } from '../src/trace/kernels/shapes.js';
import { type Case, matrix, type Op, testAsOnCpu, whole } from './cases.js';

// Relative to max(1, |expected|): 32 ulp of float32. Both sides round every operation; tanh, exp, erf and pow
// are accurate to a few ulp in either library, and a case adds up at most 24 terms.
const tolerance = 32 * 2 ** -23;

const pair = [[4, 6], [6]];
const unary = (op: Op, options: Partial<Case> = {}): Case => ({ op, shapes: matrix, ...options });
const binary = (op: Op, options: Partial<Case> = {}): Case => ({ op, shapes: pair, ...options });
const positive = { low: 0.3, high: 3 };
const same = {
  shapes: [
    [4, 6],
    [4, 6],
  ],
};
const half = (x: tf.Tensor): tf.Tensor => tf.greater(x, 0.5);

const cases: { readonly [name: string]: Case } = {
  neg: unary((x) => tf.neg(x!)),
  abs: unary((x) => tf.abs(x!)),
  sign: unary((x) => tf.sign(x!)),
  relu: unary((x) => tf.relu(x!)),
  exp: unary((x) => tf.exp(x!)),
  log: unary((x) => tf.log(x!), positive),
  sqrt: unary((x) => tf.sqrt(x!), positive),
  reciprocal: unary((x) => tf.reciprocal(x!), positive),
  tanh: unary((x) => tf.tanh(x!)),
  sigmoid: unary((x) => tf.sigmoid(x!)),
  softplus: unary((x) => tf.softplus(x!)),
  softplusFar: unary((x) => tf.softplus(x!), { low: -60, high: 60 }),
  floor: unary((x) => tf.floor(x!)),
  ceil: unary((x) => tf.ceil(x!)),
  round: unary((x) => tf.round(x!)),
  sin: unary((x) => tf.sin(x!)),
  cos: unary((x) => tf.cos(x!)),
  erf: unary((x) => tf.erf(x!)),
  elu: unary((x) => tf.elu(x!)),
  square: unary((x) => tf.square(x!)),
  rsqrt: unary((x) => tf.rsqrt(x!), positive),
  step: unary((x) => tf.step(x!)),
  stepAlpha: unary((x) => tf.step(x!, 0.3)),
  leakyRelu: unary((x) => tf.leakyRelu(x!, 0.2)),
  relu6: unary((x) => tf.relu6(x!), { low: -3, high: 9 }),
  log1p: unary((x) => tf.log1p(x!), { low: -0.9, high: 4 }),
  log1pSmall: unary((x) => tf.mul(1e6, tf.log1p(x!)), { low: -1e-6, high: 1e-6 }),
  clip: unary((x) => tf.clipByValue(x!, -0.5, 0.7)),
  prelu: binary((x, a) => tf.prelu(x!, a!)),
  add: binary((a, b) => tf.add(a!, b!)),
  sub: binary((a, b) => tf.sub(a!, b!)),
  mul: binary((a, b) => tf.mul(a!, b!)),
  div: binary((a, b) => tf.div(a!, b!), positive),
  // tfjs's gradients of these three do not broadcast
  maximum: binary((a, b) => tf.maximum(a!, b!), same),
  minimum: binary((a, b) => tf.minimum(a!, b!), same),
  maximumRow: binary((a, b) => tf.maximum(a!, b!), whole),
  pow: binary((a, b) => tf.pow(a!, b!), positive),
  squaredDifference: binary((a, b) => tf.squaredDifference(a!, b!), same),
  columns: {
    op: (a, b) => tf.mul(a!, b!),
    shapes: [
      [4, 1],
      [1, 6],
    ],
  },
  scalars: { op: (a, b) => tf.div(a!, b!), shapes: [[], [4]], ...positive },
  greater: binary((a, b) => tf.greater(a!, b!), whole),
  greaterEqual: binary((a, b) => tf.greaterEqual(a!, b!), whole),
  less: binary((a, b) => tf.less(a!, b!), whole),
  lessEqual: binary((a, b) => tf.lessEqual(a!, b!), whole),
  equal: binary((a, b) => tf.equal(tf.round(a!), tf.round(b!)), whole),
  notEqual: binary((a, b) => tf.notEqual(tf.round(a!), tf.round(b!)), whole),
  and: binary((a, b) => tf.logicalAnd(half(a!), half(b!)), whole),
  or: binary((a, b) => tf.logicalOr(half(a!), half(b!)), whole),
  not: unary((x) => tf.logicalNot(half(x!)), whole),
  where: binary((a, b) => tf.where(half(a!), tf.mul(a!, 2), tf.add(b!, tf.zerosLike(a!)))),
  addN: {
    op: (a, b, c) => tf.addN([a!, b!, c!]),
    shapes: [
      [4, 6],
      [4, 6],
      [4, 6],
    ],
  },
  castInt: unary((x) => tf.cast(tf.mul(x!, 5), 'int32'), whole),
  castBool: unary((x) => tf.cast(tf.round(x!), 'bool'), whole),
  integers: unary((x) => tf.add(tf.cast(tf.mul(x!, 5), 'int32'), tf.scalar(3, 'int32')), whole),
  integerDivision: unary((x) => tf.div(tf.cast(tf.mul(x!, 50), 'int32'), tf.scalar(7, 'float32')), whole),
  integerMean: unary((x) => tf.mean(tf.cast(tf.mul(x!, 50), 'int32')), whole),
  integerProducts: {
    op: (a, b) => {
      const [x, y] = [tf.cast(tf.mul(a!, 9), 'int32'), tf.cast(tf.mul(b!, 9), 'int32')];
      return [tf.matMul(x, y, false, true), tf.matMul(x, y, true)];
    },
    shapes: [
      [4, 4],
      [4, 4],
    ],
    ...whole,
  },
  integerSlopes: unary((x) => {
    const n = tf.cast(tf.mul(x!, 9), 'int32');
    return [tf.leakyRelu(n, 0.5), tf.prelu(n, tf.scalar(3, 'int32'))];
  }, whole),
  whereBool: unary((x) => tf.where(half(x!), tf.less(x!, 1), tf.less(x!, -1)), whole),
  sum: unary((x) => tf.sum(x!)),
  sumRows: unary((x) => tf.sum(x!, 0)),
  sumKept: unary((x) => tf.sum(x!, -1, true)),
  mean: unary((x) => tf.mean(x!)),
  meanRows: unary((x) => tf.mean(x!, 0, true)),
  prod: unary((x) => tf.prod(x!, 1), { ...positive, ...whole }),
  max: unary((x) => tf.max(x!, 1)),
  min: unary((x) => tf.min(x!, 0)),
  logSumExp: unary((x) => tf.logSumExp(x!, 1)),
  softmax: unary((x) => tf.softmax(x!)),
  logSoftmax: unary((x) => tf.logSoftmax(x!)),
  moments: unary((x) => {
    const { mean, variance } = tf.moments(x!, 0);
    return [mean, variance];
  }),
  norm: unary((x) => tf.norm(x!)),
  logSigmoid: unary((x) => tf.logSigmoid(x!)),
  identity: unary((x) => x!.clone()),
  reshape: unary((x) => tf.reshape(x!, [2, -1, 3])),
  expandDims: unary((x) => tf.expandDims(x!, 1)),
  squeeze: { op: (x) => tf.squeeze(x!), shapes: [[4, 1, 3]] },
  transpose: unary((x) => tf.mul(tf.transpose(x!), 2)),
  transpose3: { op: (x) => tf.transpose(x!, [2, 0, 1]), shapes: [[2, 3, 4]] },
  concat: {
    op: (a, b) => tf.concat([a!, b!], -1),
    shapes: [
      [4, 2],
      [4, 3],
    ],
  },
  stack: {
    op: (a, b) => tf.stack([a!, b!], 1),
    shapes: [
      [4, 2],
      [4, 2],
    ],
  },
  unstack: { op: (x) => tf.unstack(x!, 1), shapes: [[4, 3]] },
  split: unary((x) => tf.split(x!, [1, 2, 3], 1)),
  splitEqual: unary((x) => tf.split(x!, 3, 1)),
  splitRest: unary((x) => tf.split(x!, [1, -1], 0)),
  slice: unary((x) => tf.slice(x!, [1, 2], [2, -1])),
  sliceRows: unary((x) => tf.slice(x!, [1], [2])),
  pad: unary((x) =>
    tf.pad(
      x!,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  tile: unary((x) => tf.tile(x!, [2, 3])),
  broadcastTo: { op: (x) => tf.broadcastTo(x!, [4, 6]), shapes: [[4, 1]] },
  zerosLike: unary((x) => tf.add(x!, tf.zerosLike(x!))),
  onesLike: unary((x) => tf.mul(tf.exp(x!), tf.onesLike(x!))),
  fill: unary((x) => tf.add(x!, tf.fill([4, 6], 0.1))),
  matMul: {
    op: (a, b) => tf.matMul(a!, b!),
    shapes: [
      [4, 6],
      [6, 3],
    ],
  },
  matMulA: {
    op: (a, b) => tf.matMul(a!, b!, true),
    shapes: [
      [6, 4],
      [6, 3],
    ],
  },
  matMulB: {
    op: (a, b) => tf.matMul(a!, b!, false, true),
    shapes: [
      [4, 6],
      [3, 6],
    ],
  },
  matMulAB: {
    op: (a, b) => tf.matMul(a!, b!, true, true),
    shapes: [
      [6, 4],
      [3, 6],
    ],
  },
  batched: {
    op: (a, b) => tf.matMul(a!, b!, false, true),
    shapes: [
      [2, 4, 6],
      [2, 3, 6],
    ],
  },
  shared: {
    op: (a, b) => tf.matMul(a!, b!),
    shapes: [
      [2, 4, 6],
      [1, 6, 3],
    ],
    gradient: false,
  },
  dense: { op: (x, w, b) => tf.add(tf.matMul(x!, w!), b!), shapes: [[4, 6], [6, 3], [3]] },
  dot: { op: (a, b) => tf.dot(a!, b!), shapes: [[4, 6], [6]] },
  einsum: {
    op: (a, b) => tf.einsum('bij,bjk->bki', a!, b!),
    shapes: [
      [2, 4, 3],
      [2, 3, 5],
    ],
    gradient: false,
  },
  einsumSum: { op: (a) => tf.einsum('ij -> j', a!), shapes: [[4, 3]], gradient: false },
  all: unary((x) => tf.all(tf.greater(x!, -1.5), 1), whole),
  any: unary((x) => tf.any(tf.greater(x!, 1.5), 0, true), whole),
  allOfAll: unary((x) => tf.logicalNot(tf.all(half(x!))), whole),
  fused: {
    op: (x, w, b) =>
      ['linear', 'relu', 'sigmoid', 'elu', 'leakyrelu'].map((activation) =>
        Reflect.apply(tf.fused.matMul, undefined, [{ a: x!, b: w!, bias: b!, activation }]),
      ),
    shapes: [[4, 6], [6, 3], [3]],
    gradient: false,
  },
  crossEntropy: {
    op: (a, b) => tf.losses.sigmoidCrossEntropy(tf.sigmoid(a!), b!),
    shapes: [
      [4, 6],
      [4, 6],
    ],
    gradient: false,
  },
  batchNorm: {
    op: (x, g) => {
      const { mean, variance } = tf.moments(x!, [0]);
      return tf.mul(tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-3))), g!);
    },
    shapes: [[8, 3], [3]],
  },
};

testAsOnCpu(cases, tolerance, { ...elementwise, ...reductions, ...shapes, ...products });

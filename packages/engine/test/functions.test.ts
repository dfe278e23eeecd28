import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { functions } from '../src/trace/kernels/functions.js';
import { gathers } from '../src/trace/kernels/gathers.js';
import { responses } from '../src/trace/kernels/lrn.js';
import { slices } from '../src/trace/kernels/slices.js';
import { type Case, four, matrix, type Op, testAsOnCpu, whole } from './cases.js';

// Relative to max(1, |expected|): 64 ulp of float32. Elementary functions are accurate to a few ulp in either
// library, their gradients divide them (1/√(1 − x²) up to 1.7, 1/cos² up to 12), and a case adds up at most
// 24 terms.
const tolerance = 64 * 2 ** -23;

const unary = (op: Op, options: Partial<Case> = {}): Case => ({ op, shapes: matrix, ...options });
const pair = (op: Op, options: Partial<Case> = {}): Case => ({ op, shapes: [[4, 6], [6]], ...options });
const inside = { low: -0.8, high: 0.8 };
const indices = (values: number[], shape: number[] = [values.length]): tf.Tensor =>
  tf.tensor(values, shape, 'int32');
const whichInt = (x: tf.Tensor, by: number): tf.Tensor => tf.cast(tf.mul(x, by), 'int32');
const odd = (x: tf.Tensor): tf.Tensor => tf.div(x, tf.cast(tf.greater(x, 0), 'float32')); // x, or −∞

const cases: { readonly [name: string]: Case } = {
  tan: unary((x) => tf.tan(x!), { low: -1.2, high: 1.2 }),
  asin: unary((x) => tf.asin(x!), inside),
  acos: unary((x) => tf.acos(x!), inside),
  atan: unary((x) => tf.atan(x!)),
  sinh: unary((x) => tf.sinh(x!)),
  cosh: unary((x) => tf.cosh(x!)),
  asinh: unary((x) => tf.asinh(x!)),
  acosh: unary((x) => tf.acosh(x!), { low: 1.2, high: 3 }),
  atanh: unary((x) => tf.atanh(x!), inside),
  atan2: pair((a, b) => tf.atan2(a!, b!)),
  atan2Axes: {
    op: (a, b) => [
      tf.atan2(tf.round(a!), tf.abs(tf.round(b!))),
      tf.atan2(tf.round(a!), tf.sub(-0.5, tf.abs(b!))),
    ],
    shapes: [
      [5, 1],
      [1, 7],
    ],
    ...whole,
  },
  expm1: unary((x) => tf.expm1(x!)),
  expm1Small: unary((x) => tf.mul(1e6, tf.expm1(x!)), { low: -1e-6, high: 1e-6 }),
  expm1Far: unary((x) => tf.expm1(tf.mul(x!, tf.abs(x!))), { low: -9, high: 3 }),
  selu: unary((x) => tf.selu(x!)),
  mod: pair((a, b) => tf.mod(a!, b!), whole),
  modInt: pair(
    (a, b) => tf.mod(whichInt(a!, 9), tf.add(whichInt(tf.abs(b!), 4), tf.scalar(1, 'int32'))),
    whole,
  ),
  floorDiv: pair((a, b) => tf.floorDiv(a!, b!), { low: 0.3, high: 3, ...whole }),
  floorDivInt: pair(
    (a, b) => tf.floorDiv(whichInt(a!, 9e6), tf.add(whichInt(tf.abs(b!), 4), tf.scalar(1, 'int32'))),
    whole,
  ),
  isNan: unary((x) => tf.isNaN(tf.sqrt(x!)), whole),
  isInf: unary((x) => tf.isInf(odd(x!)), whole),
  isFinite: unary((x) => tf.isFinite(tf.sqrt(odd(x!))), whole),
  isNanInt: unary((x) => [tf.logicalNot(tf.isNaN(whichInt(x!, 3))), tf.isFinite(whichInt(x!, 3))], whole),
  divNoNan: unary((x) => tf.divNoNan(whichInt(x!, 9), whichInt(x!, 2)), whole),
  modNothing: unary((x) => tf.mod(whichInt(x!, 9), whichInt(x!, 2)), whole),
  gatherRows: { op: (x) => tf.gatherND(x!, indices([2, 1, 0, 3, 2, 1], [3, 2])), shapes: [[3, 4, 2]] },
  gatherElements: { op: (x) => tf.gatherND(x!, indices([2, 0, 1, 3], [2, 2])), shapes: [[3, 4]] },
  scatterRows: { op: (x) => tf.scatterND(indices([2, 0, 2], [3, 1]), x!, [4, 2]), shapes: [[3, 2]] },
  scatterElements: {
    op: (x) => tf.scatterND(indices([2, 0, 1, 1], [2, 2]), tf.reshape(x!, [2]), [3, 2]),
    shapes: [[2]],
  },
  gather: { op: (x) => tf.gather(x!, indices([4, 0, 4, 2])), shapes: [[5, 3]] },
  gatherInner: { op: (x) => tf.gather(x!, indices([2, 0, 1, 1], [2, 2]), 1), shapes: [[4, 3, 2]] },
  gatherByExample: { op: (x) => tf.gather(x!, indices([4, 0, 4, 2], [2, 2]), 1, 1), shapes: [[2, 5, 3]] },
  segmentSum: {
    op: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([1, 0, 1, 3, 1], 'int32'), 5),
    shapes: [[5, 3]],
  },
  oneHot: unary((x) => tf.oneHot(tf.cast(tf.mul(x!, 3), 'int32'), 4), whole),
  oneHotValues: unary((x) => tf.cast(tf.oneHot(tf.cast(tf.abs(x!), 'int32'), 2, 5, -1), 'float32'), whole),
  argMax: unary((x) => tf.argMax(x!, 1), whole),
  argMaxTies: unary((x) => tf.argMax(tf.round(x!), 0), whole),
  argMin: unary((x) => tf.argMin(x!, -1), whole),
  topK: {
    op: (x) => {
      const { values, indices: places } = tf.topk(x!, 3);
      return [values, tf.cast(places, 'float32')];
    },
    shapes: [[2, 4, 5]],
    ...whole,
  },
  reflected: {
    op: (x) =>
      tf.mirrorPad(
        x!,
        [
          [1, 2],
          [0, 5],
        ],
        'reflect',
      ),
    shapes: [[4, 6]],
    ...whole,
  },
  symmetric: {
    op: (x) =>
      tf.mirrorPad(
        x!,
        [
          [4, 0],
          [2, 1],
        ],
        'symmetric',
      ),
    shapes: [[4, 6]],
    ...whole,
  },
  range: unary(
    (x) => [tf.add(x!, tf.range(0, 3, 0.5)), tf.range(5, -1), tf.cast(tf.range(2, 9, 3, 'int32'), 'float32')],
    whole,
  ),
  linspace: unary((x) => tf.add(x!, tf.linspace(-1, 1, 6)), whole),
  diag: { op: (x) => tf.diag(tf.reshape<tf.Rank.R1>(x!, [4])), shapes: [[4]] },
  bandPart: { op: (x) => tf.linalg.bandPart(x!, 1, 2), shapes: [[5, 6]], ...whole },
  reverse: { op: (x) => tf.reverse(x!, [0, -1]), shapes: [[2, 3, 4]] },
  reverseAll: { op: (x) => tf.reverse(x!), shapes: [[2, 3]] },
  flip: { op: (x) => tf.image.flipLeftRight(four(x)), shapes: [[2, 3, 4, 2]] },
  strided: { op: (x) => tf.stridedSlice(x!, [4, 1], [0, 6], [-2, 2]), shapes: [[5, 6]] },
  stridedMasks: {
    op: (x) => tf.stridedSlice(x!, [1, 0, -1], [3, 0, 0], [1, 2, -1], 2, 6),
    shapes: [[4, 5, 2]],
  },
  stridedAxis: {
    op: (x) => tf.stridedSlice(x!, [0, 0, 1], [0, 3, 6], [1, 1, 3], 0, 0, 0, 1),
    shapes: [[3, 6]],
  },
  stridedBack: { op: (x) => tf.stridedSlice(x!, [0], [0], [-1], 1, 1), shapes: [[5]] },
  cumsum: { op: (x) => tf.cumsum(x!, 2), shapes: [[2, 3, 4]] },
  cumsumExclusive: { op: (x) => tf.cumsum(x!, 1, true), shapes: [[2, 5]] },
  cumsumReverse: { op: (x) => tf.cumsum(x!, 1, true, true), shapes: [[2, 5]] },
  cumsumRows: { op: (x) => tf.cumsum(x!, 0), shapes: [[2, 5]], ...whole },
  cumprod: { op: (x) => tf.cumprod(x!, 1), shapes: [[3, 7]], ...whole },
  cumprodOther: { op: (x) => tf.cumprod(x!, 0, true, true), shapes: [[5, 3]], ...whole },
  cumprodOne: { op: (x) => tf.add(x!, tf.cumprod(x!, 1, true)), shapes: [[3, 1]], ...whole },
  prod: { op: (x) => tf.prod(x!, 1), shapes: [[3, 5]] },
  prodAll: { op: (x) => tf.prod(x!), shapes: [[2, 3]] },
  spaceToBatch: {
    op: (x) =>
      tf.spaceToBatchND(
        four(x),
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    shapes: [[2, 3, 4, 2]],
  },
  batchToSpace: {
    op: (x) =>
      tf.batchToSpaceND(
        four(x),
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    shapes: [[8, 2, 3, 2]],
  },
  responses: { op: (x) => tf.localResponseNormalization(four(x), 2, 1.5, 0.3, 0.75), shapes: [[2, 2, 3, 7]] },
};

test('sigmoid is accurate to the last bits even if it is tiny, as the gradient of a loss near 0 requires', async () => {
  const x = Float32Array.from({ length: 400 }, (_, i) => -80 + 0.4 * i);
  for (const engine of ['native', 'wasm'] as const) {
    const f = await compile(
      ({ x: v }) => ({ y: tf.sigmoid(v), slope: tf.grad((u) => tf.sum(tf.softplus(u)))(v) }),
      { inputs: { x: [400] }, engine },
    );
    const { y, slope } = await f.run({ x });
    const error = (v: number, i: number): number => Math.abs(v * (1 + Math.exp(-x[i]!)) - 1);
    // four roundings; an exponential has one more
    expect(Math.max(...y.map(error))).toBeLessThan(5 * 2 ** -24);
    expect(slope).toEqual(y);
    await f.dispose();
  }
});

// Not in the table, since tfjs's cpu backend reads wrong elements if an axis is dropped (x[1, 0, 0] for x[1,
// 0, 1]).
test('a strided slice that drops an axis, and its gradient', async () => {
  const op = (x: tf.Tensor): tf.Tensor => tf.stridedSlice(x, [1, 0, 1], [3, 0, 2], [1, 2, 1], 0, 2, 0, 0, 4);
  for (const engine of ['native', 'wasm'] as const) {
    const f = await compile(({ x }) => ({ y: op(x), dx: tf.grad((v) => tf.sum(tf.square(op(v))))(x) }), {
      inputs: { x: [4, 5, 2] },
      engine,
    });
    expect(f.outputs.y).toEqual([2, 3]);
    const { y, dx } = await f.run({ x: Float32Array.from({ length: 40 }, (_, i) => i) });
    expect(Array.from(y)).toEqual([11, 15, 19, 21, 25, 29]);
    expect(Array.from(dx)).toEqual(
      Array.from({ length: 40 }, (_, i) => ([11, 15, 19, 21, 25, 29].includes(i) ? 2 * i : 0)),
    );
    await f.dispose();
  }
});

testAsOnCpu(cases, tolerance, { ...functions, ...gathers, ...slices, ...responses });

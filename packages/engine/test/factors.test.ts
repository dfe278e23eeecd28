import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';
import { beforeAll, expect, test } from 'vitest';
import { type Graph, printGraph } from '../src/graph.js';
import { loadGradients } from '../src/load.js';
import { removeDead } from '../src/passes/dead.js';
import { gatherFactors } from '../src/passes/factors.js';
import { optimise } from '../src/passes/index.js';
import { trace } from '../src/trace/trace.js';
import { findUpsampling } from '../src/passes/upsampling.js';
import { expectSame, graphOf, nodesOf } from './graphs.js';

beforeAll(loadGradients);

/** How many nodes of a graph have a result of that many elements. */
const largeNodes = ({ nodes }: Graph, elements: number): number =>
  nodes.filter(({ outputs }) => sizeOf(outputs[0]!.shape) === elements).length;

test('batch normalisation and its gradient read the images as often as the algebra needs', async () => {
  const shape = [4, 3, 3, 16];
  const loss = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, w: tf.Tensor): tf.Scalar => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.sum(tf.mul(tf.relu(tf.add(tf.mul(normal, scale), shift)), w));
  };
  const graph = trace(
    ({ x, scale, shift, w }) => {
      const [dx, dscale, dshift] = tf.grads((a, b, c) => loss(a, b, c, w))([x, scale, shift]);
      return { dx: dx!, dscale: dscale!, dshift: dshift! };
    },
    { x: shape, scale: [16], shift: [16], w: shape },
  );
  const after = optimise(graph);
  // x − μ, its square, its product with scale/σ, the shift, the mask, its cast, dy, dy·(x − μ), dy·scale/σ,
  // (x − μ)·c, and two sums
  expect(largeNodes(after, 4 * 3 * 3 * 16)).toBe(12);
  // sums of 36 products, in another order
  await expectSame(graph, after, 36 * 2 ** -22);
});

test('gatherFactors multiplies small factors first, and sums before it multiplies', async () => {
  const graph = graphOf({ x: [6, 5, 4], a: [4], b: [1, 4], y: [6, 5, 4] }, (build, { x, a, b, y }) => {
    const product = build.add({ op: 'Mul' }, build.add({ op: 'Mul' }, x!, a!), b!);
    const weighted = build.add({ op: 'Mul' }, build.add({ op: 'Mul' }, y!, a!), x!);
    const sum = (axes: readonly number[], keepDims: boolean) =>
      build.add({ op: 'ReduceSum', axes, keepDims }, weighted);
    return { product, kept: sum([0, 1], true), dropped: sum([0, 1], false), other: sum([2], false) };
  });
  const after = removeDead(gatherFactors(graph));
  expect(nodesOf(after)).toEqual([
    '%4 = Mul(%1, %2) float32[1,4]',
    '%5 = Mul(%0, %4) float32[6,5,4]',
    '%6 = Mul(%3, %1) float32[6,5,4]',
    '%7 = Mul(%6, %0) float32[6,5,4]',
    '%8 = Mul(%0, %3) float32[6,5,4]',
    '%9 = ReduceSum(%8) axes=[0,1] keepDims=true float32[1,1,4]',
    '%10 = Reshape(%1) shape=[1,1,4] float32[1,1,4]',
    '%11 = Mul(%9, %10) float32[1,1,4]',
    '%12 = Mul(%0, %3) float32[6,5,4]',
    '%13 = ReduceSum(%12) axes=[0,1] keepDims=false float32[4]',
    '%14 = Mul(%13, %1) float32[4]',
    // a differs along the axis that is summed here
    '%15 = ReduceSum(%7) axes=[2] keepDims=false float32[6,5]',
  ]);
  await expectSame(graph, after, 30 * 2 ** -22);
});

test('gatherFactors leaves products alone whose small factors would make a larger one', () => {
  const graph = graphOf({ x: [16, 16], a: [16, 1], b: [1, 16] }, (build, { x, a, b }) => ({
    y: build.add({ op: 'Mul' }, build.add({ op: 'Mul' }, x!, a!), b!),
  }));
  expect(printGraph(gatherFactors(graph))).toBe(printGraph(graph));
});

test('findUpsampling makes the repetition of pixels one operation', async () => {
  const graph = trace(
    ({ x }) => ({ y: tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(x, [2, 3, 4, 5]), [6, 8]) }),
    {
      x: [2, 3, 4, 5],
    },
  );
  expect(nodesOf(optimise(graph)).join()).toContain('Upsample');
  await expectSame(graph, optimise(graph), 0);
  // rows are repeated as a whole: no repetition of pixels
  const rows = graphOf({ x: [2, 3, 4, 5] }, (build, { x }) => ({
    y: build.add(
      { op: 'Reshape', shape: [2, 3, 8, 5] },
      build.add(
        { op: 'Expand', shape: [2, 3, 2, 4, 5] },
        build.add({ op: 'Reshape', shape: [2, 3, 1, 4, 5] }, x!),
      ),
    ),
  }));
  expect(findUpsampling(rows)).toBe(rows);
});

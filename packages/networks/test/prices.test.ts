import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { floatingPointOperations, graphOf } from '@stillpoint/engine';
import { problemFromLosses, product, transposedProduct, type LossOf } from '../src/index.js';

const n = 16;
const through = (v: tf.Tensor): tf.Tensor => {
  const weights = tf.ones([n, n]);
  return tf.tanh(tf.matMul(tf.relu(tf.matMul(tf.reshape(v, [1, n]), weights)), weights));
};
/** Of x, which reads y through two layers; y has a loss of its own. */
const losses: readonly LossOf[] = [
  ([x, y]) => tf.sum(tf.mul(x!, tf.reshape(through(y!), [n]))),
  ([, y]) => tf.sum(tf.square(y!)),
];

it('a product with J and one with its transpose each have the price of their own graph', async () => {
  const problem = await problemFromLosses({
    players: { x: { w: [n] }, y: { v: [n] } },
    losses: ({ x, y }) => ({ x: losses[0]!([x.w, y.v]), y: losses[1]!([x.w, y.v]) }),
    engine: 'cpu',
  });
  const inputs = { x: [n], y: [n], u: [n], v: [n] };
  const operations = (of: typeof product): number =>
    floatingPointOperations(graphOf(({ x, y, u, v }) => ({ J: of(losses, [x!, y!], [u!, v!]) }), inputs));
  const [along, against] = [operations(product), operations(transposedProduct)];
  expect(along).not.toBe(against);
  const prices = { ...problem.prices };
  expect(prices.product! * problem.operations()).toBeCloseTo(along, 6);
  expect(prices.transposedProduct! * problem.operations()).toBeCloseTo(against, 6);
  await problem.dispose();
});

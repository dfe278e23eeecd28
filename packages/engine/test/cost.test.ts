import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { compile, floatingPointOperations, graphOf } from '../src/index.js';

beforeAll(async () => {
  const first = await compile(({ x }: { x: tf.Tensor }) => ({ y: tf.relu(x) }), { inputs: { x: [1] } });
  await first.dispose();
});

const cost = (
  fn: (x: { readonly [name: string]: tf.Tensor }) => tf.Tensor,
  inputs: { readonly [name: string]: readonly number[] },
): number => floatingPointOperations(graphOf((x) => ({ y: fn(x) }), inputs));

it('counts two for each product and sum of a matrix product: 2mnk', () => {
  expect(cost(({ a, b }) => tf.matMul(a!, b!), { a: [3, 5], b: [5, 7] })).toBe(2 * 3 * 5 * 7);
  expect(cost(({ a, b }) => tf.matMul(a!, b!, true), { a: [5, 3], b: [5, 7] })).toBe(2 * 3 * 5 * 7);
  expect(cost(({ a, b }) => tf.matMul(a!, b!), { a: [4, 3, 5], b: [4, 5, 7] })).toBe(4 * 2 * 3 * 5 * 7);
});
it('adds one for each number of a bias, whether it is fused or not', () => {
  expect(cost(({ a, b, c }) => tf.add(tf.matMul(a!, b!), c!), { a: [3, 5], b: [5, 7], c: [7] })).toBe(
    2 * 3 * 5 * 7 + 3 * 7,
  );
});
it('counts one for each number of an elementwise result, and none for moving data', () => {
  expect(cost(({ a }) => tf.tanh(a!), { a: [6, 4] })).toBe(24);
  expect(cost(({ a, b }) => tf.mul(a!, b!), { a: [6, 1], b: [1, 4] })).toBe(24);
  expect(cost(({ a }) => tf.transpose(tf.reshape(a!, [2, 12])), { a: [6, 4] })).toBe(0);
  expect(cost(({ a }) => tf.sum(a!), { a: [6, 4] })).toBe(24);
});
it('counts a convolution and both its gradients alike: 2·N·H·W·k²·I·O', () => {
  const shapes = { x: [2, 8, 8, 3], w: [3, 3, 3, 5] };
  const conv = ({ x, w }: { readonly [name: string]: tf.Tensor }): tf.Tensor =>
    tf.conv2d<tf.Tensor4D>(tf.reshape(x!, [2, 8, 8, 3]), tf.reshape(w!, [3, 3, 3, 5]), 1, 'same');
  const once = 2 * (2 * 8 * 8) * (3 * 3) * 3 * 5;
  expect(cost(conv, shapes)).toBe(once);
  const bilinear = { ...shapes, u: [2, 8, 8, 5] };
  const along = (own: 'x' | 'w') =>
    cost(({ u, ...at }) => tf.grad((t) => tf.sum(tf.mul(conv({ ...at, [own]: t }), u!)))(at[own]!), bilinear);
  expect(along('x')).toBe(once);
  expect(along('w')).toBe(once);
});

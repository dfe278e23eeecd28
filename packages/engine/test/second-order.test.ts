import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { numbers, type Shapes, type TensorFunction, worstError } from './helpers.js';
import { lanes } from './lanes.js';

// Gradients of gradients, which penalties on a critic's gradient need, compared with closed forms.

type Map = (x: tf.Tensor) => tf.Tensor;

const dot = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.mul(a, b));
const slope = (f: Map, x: tf.Tensor): tf.Tensor => tf.grad((v) => tf.sum(f(v)))(x);

/**
 * Functions with their second derivatives. Most of tfjs's gradients of them use the result, whose
 * dependencies tfjs's tape loses.
 */
const curves: { readonly [name: string]: readonly [f: Map, second: (x: number) => number, low?: number] } = {
  tanh: [(x) => tf.tanh(x), (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
  sigmoid: [
    (x) => tf.sigmoid(x),
    (x) => {
      const s = 1 / (1 + Math.exp(-x));
      return s * (1 - s) * (1 - 2 * s);
    },
  ],
  exp: [(x) => tf.exp(x), Math.exp],
  elu: [(x) => tf.elu(x), (x) => (x < 0 ? Math.exp(x) : 0)],
  selu: [(x) => tf.selu(x), (x) => (x < 0 ? 1.7580993408473766 * Math.exp(x) : 0)],
  softplus: [(x) => tf.softplus(x), (x) => 1 / (2 + Math.exp(x) + Math.exp(-x))],
  logSigmoid: [(x) => tf.logSigmoid(tf.mul(x, 2)), (x) => -4 / (2 + Math.exp(2 * x) + Math.exp(-2 * x))],
  swish: [
    (x) => tf.mul(x, tf.sigmoid(x)),
    (x) => {
      const s = 1 / (1 + Math.exp(-x));
      return s * (1 - s) * (2 + x * (1 - 2 * s));
    },
  ],
  sqrt: [(x) => tf.sqrt(x), (x) => -(x ** -1.5) / 4, 0.5],
  rsqrt: [(x) => tf.rsqrt(x), (x) => 0.75 * x ** -2.5, 0.5],
  reciprocal: [(x) => tf.reciprocal(x), (x) => 2 * x ** -3, 0.5],
  pow: [(x) => tf.pow(x, 3), (x) => 6 * x, 0.5],
  log1p: [(x) => tf.log1p(x), (x) => -((1 + x) ** -2), -0.5],
  relu: [(x) => tf.square(tf.relu(x)), (x) => (x > 0 ? 2 : 0)],
  leakyRelu: [(x) => tf.square(tf.leakyRelu(x, 0.5)), (x) => (x > 0 ? 2 : 0.5)],
};

for (const { engine, skipped, title } of lanes)
  describe.skipIf(skipped)(title, () => {
    // on its own backends tfjs disposes of the operand that the first derivative has saved
    const broken = engine === 'cpu' || engine === 'tensorflow' ? ['logSigmoid'] : [];
    // relative to max(1, |f''|): up to eight operations of 2⁻²⁴ each on values up to 10
    test.for(Object.keys(curves).filter((name) => !broken.includes(name)))("%s''", async (name) => {
      const [f, second, low = -1.5] = curves[name]!;
      const x = numbers(24, 1, low, 1.5);
      const c = await compile(({ v }) => ({ y: slope((u) => slope(f, u), v) }), {
        inputs: { v: [24] },
        engine,
      });
      expect(worstError((await c.run({ v: x })).y, Float32Array.from(x, second))).toBeLessThan(80 * 2 ** -24);
      await c.dispose();
    });

    test('softmax: the curvature of ⟨c, s(x)⟩ along v', async () => {
      const [x, c, v] = [numbers(6, 1), numbers(6, 2), numbers(6, 3)];
      const f = await compile(
        (inputs) => ({
          y: slope(
            (u) =>
              tf.mul(
                inputs.v,
                slope((w) => tf.mul(inputs.c, tf.softmax(w)), u),
              ),
            inputs.x,
          ),
        }),
        { inputs: { x: [6], c: [6], v: [6] }, engine },
      );
      const total = x.reduce((sum, e) => sum + Math.exp(e), 0);
      const s = Array.from(x, (e) => Math.exp(e) / total);
      const along = (a: ArrayLike<number>): number => s.reduce((sum, p, i) => sum + p * a[i]!, 0);
      const centred = Array.from(c, (e) => e - along(c));
      const expected = Float32Array.from(
        s,
        (p, i) =>
          p * (centred[i]! * v[i]! - along(centred.map((e, k) => e * v[k]!)) - centred[i]! * along(v)),
      );
      expect(worstError((await f.run({ x, c, v })).y, expected)).toBeLessThan(20 * 2 ** -24);
      await f.dispose();
    });

    test('only the largest element has a second derivative', async () => {
      const f = await compile(({ x }) => ({ y: slope((u) => slope((v) => tf.square(tf.max(v)), u), x) }), {
        inputs: { x: [4] },
        engine,
      });
      expect((await f.run({ x: Float32Array.of(1, 3, -2, 2) })).y).toEqual(Float32Array.of(0, 2, 0, 0));
      await f.dispose();
    });

    test('batchNorm without an offset has a gradient', async () => {
      const f = await compile(
        ({ x }) => ({
          y: slope(
            (v) =>
              tf.batchNorm(
                tf.reshape<tf.Rank.R2>(v, [2, 2]),
                tf.tensor1d([1, 1]),
                tf.tensor1d([3, 3]),
                undefined,
                tf.tensor1d([2, 4]),
                1,
              ),
            x,
          ),
        }),
        { inputs: { x: [4] }, engine },
      );
      // scale / √(variance + ε)
      expect((await f.run({ x: new Float32Array(4) })).y).toEqual(Float32Array.of(1, 2, 1, 2));
      await f.dispose();
    });

    test("tfjs's tape is restored, also after a throw", async () => {
      const own = (): unknown => Object.getOwnPropertyDescriptor(tf.engine().state, 'activeTape');
      const before = own();
      const f = await compile(({ x }) => ({ y: slope((v) => tf.exp(v), x) }), { inputs: { x: [2] }, engine });
      await f.run({ x: new Float32Array(2) });
      await f.dispose();
      expect(own()).toEqual(before);
      await expect(
        compile(
          ({ x }) => ({
            y: tf.grad(() => {
              throw new Error('mine');
            })(x),
          }),
          { inputs: { x: [2] }, engine },
        ),
      ).rejects.toThrow('mine');
      expect(own()).toMatchObject({ writable: true, enumerable: true, configurable: true });
    });
  });

type Bilinear = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const four = (x: tf.Tensor): tf.Tensor4D =>
  tf.reshape<tf.Rank.R4>(x, [x.shape[0]!, x.shape[1]!, x.shape[2]!, x.shape[3]!]);

const products: {
  readonly [name: string]: readonly [product: Bilinear, a: readonly number[], b: readonly number[]];
} = {
  conv: [(x, w) => tf.conv2d(four(x), four(w), [2, 1], 'same'), [2, 7, 6, 3], [3, 4, 3, 5]],
  convUnreached: [(x, w) => tf.conv2d(four(x), four(w), 3, 'valid'), [1, 6, 7, 2], [2, 2, 2, 3]],
  convPadded: [(x, w) => tf.conv2d(four(x), four(w), 1, 2), [2, 4, 4, 2], [3, 3, 2, 2]],
  convBlocked: [(x, w) => tf.conv2d(four(x), four(w), 2, 'same'), [16, 4, 4, 16], [3, 3, 16, 16]],
  conv1d: [
    (x, w) =>
      tf.conv1d(tf.reshape<tf.Rank.R3>(x, [2, 7, 3]), tf.reshape<tf.Rank.R3>(w, [3, 3, 4]), 1, 'same'),
    [2, 7, 3],
    [3, 3, 4],
  ],
  transposed: [
    (y, w) => tf.conv2dTranspose(four(y), four(w), [2, 7, 5, 3], 2, 'same'),
    [2, 4, 3, 2],
    [3, 3, 3, 2],
  ],
  depthwise: [(x, w) => tf.depthwiseConv2d(four(x), four(w), 2, 'same'), [2, 6, 5, 3], [3, 3, 3, 2]],
  einsum: [(a, b) => tf.einsum('bij,bkj->ikb', a, b), [2, 3, 4], [2, 5, 4]],
  einsumLost: [(a, b) => tf.einsum('ij,kl->jk', a, b), [3, 4], [2, 5]],
  einsumTotal: [(a, b) => tf.einsum('ij,ij->', a, b), [3, 4], [3, 4]],
  einsumOuter: [(a, b) => tf.einsum('i,j->ji', a, b), [3], [4]],
};

// Of C linear in both operands: ∂/∂a ⟨∂/∂b ⟨C(a, b), t⟩, s⟩ = ∂/∂a ⟨C(a, s), t⟩, since ⟨∂/∂b ⟨C(a, b), t⟩, s⟩
// = ⟨C(a, s), t⟩ whatever b is; and the same with a and b exchanged.
test.for(Object.keys(products))('%s: the gradients of its gradients', async (name) => {
  const [product, a, b] = products[name]!;
  const against = (y: tf.Tensor): tf.Tensor => dot(y, tf.tensor(numbers(y.size, 9), y.shape));
  const both: TensorFunction = (inputs) => {
    const [x, w, u, s] = [inputs['a']!, inputs['b']!, inputs['u']!, inputs['s']!];
    return {
      overB: tf.grad((v) => dot(tf.grad((f) => against(product(v, f)))(w), s))(x),
      directA: tf.grad((v) => against(product(v, s)))(x),
      overA: tf.grad((f) => dot(tf.grad((v) => against(product(v, f)))(x), u))(w),
      directB: tf.grad((f) => against(product(u, f)))(w),
    };
  };
  const inputs: Shapes = { a, b, u: a, s: b };
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([key, shape], i) => [key, numbers(tf.util.sizeFromShape([...shape]), i)]),
  );
  for (const engine of ['native', 'wasm'] as const) {
    const f = await compile(both, { inputs, engine });
    const { overB, directA, overA, directB } = await f.run(feeds);
    // sums of up to 256 products of numbers below 1, in any order
    expect(worstError(overB!, directA!)).toBeLessThan(256 * 2 ** -24);
    expect(worstError(overA!, directB!)).toBeLessThan(256 * 2 ** -24);
    expect([directA, directB].every((g) => g!.some((v) => v !== 0))).toBe(true);
    await f.dispose();
  }
});

const linear: { readonly [name: string]: (x: tf.Tensor4D) => tf.Tensor } = {
  averagePool: (x) => tf.avgPool(x, 2, 1, 'valid'),
  averagePoolPadded: (x) => tf.avgPool(x, 3, 2, 'same'),
  nearest: (x) => tf.image.resizeNearestNeighbor(x, [8, 6]),
  nearestUneven: (x) => tf.image.resizeNearestNeighbor(x, [7, 5]),
  bilinear: (x) => tf.image.resizeBilinear(x, [7, 5]),
  bilinearCorners: (x) => tf.image.resizeBilinear(x, [3, 5], true),
  bilinearCentres: (x) => tf.image.resizeBilinear(x, [7, 6], false, true),
  depthToSpace: (x) => tf.depthToSpace(x, 2),
  flip: (x) => tf.image.flipLeftRight(x),
  strided: (x) => tf.stridedSlice(x, [0, 3, 0, 1], [2, 0, 3, 4], [1, -2, 2, 2]),
  einsum: (x) => tf.einsum('bijc->cb', x),
  spaceToBatch: (x) =>
    tf.spaceToBatchND(
      x,
      [2, 1],
      [
        [0, 0],
        [0, 0],
      ],
    ),
};

test.for(Object.keys(linear))(
  '%s is linear: the gradient in t of its gradient is the map itself',
  async (name) => {
    const map = linear[name]!;
    const shape = [2, 4, 3, 4];
    for (const engine of ['native', 'wasm'] as const) {
      const { outputs } = await compile(({ x }) => ({ y: map(four(x)) }), { inputs: { x: shape }, engine });
      const f = await compile(
        ({ x, s, t }) => ({
          back: tf.grad((v) => dot(tf.grad((u) => dot(map(four(u)), v))(x), s))(t),
          there: map(four(s)),
        }),
        { inputs: { x: shape, s: shape, t: outputs.y }, engine },
      );
      const size = tf.util.sizeFromShape([...outputs.y]);
      const { back, there } = await f.run({ x: numbers(96, 1), s: numbers(96, 2), t: numbers(size, 3) });
      // windows of up to 9 pixels, 12 for the sum
      expect(worstError(back, there)).toBeLessThan(16 * 2 ** -24);
      expect(there.some((v) => v !== 0)).toBe(true);
      await f.dispose();
    }
  },
);

test.for(['valid', 'same'] as const)(
  'the gradient of a max pool’s gradient picks the elements at the maxima: %s',
  async (pad) => {
    // For positive x the largest x² is at the largest x, so picking from x² gives the square of the pool.
    for (const engine of ['native', 'wasm'] as const) {
      const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool(four(x), [3, 2], [2, 1], pad);
      const { outputs } = await compile(({ x }) => ({ y: pool(x) }), { inputs: { x: [2, 6, 5, 3] }, engine });
      const f = await compile(
        ({ x, t }) => ({
          picked: tf.grad((v) => dot(tf.grad((u) => dot(pool(u), v))(x), tf.square(x)))(t),
          expected: tf.square(pool(x)),
        }),
        { inputs: { x: [2, 6, 5, 3], t: outputs.y }, engine },
      );
      const { picked, expected } = await f.run({
        x: numbers(180, 1, 0.1, 2),
        t: numbers(tf.util.sizeFromShape([...outputs.y]), 2),
      });
      expect(picked).toEqual(expected);
      await f.dispose();
    }
  },
);

test('of equal elements in a max pool the first has the gradient', async () => {
  const f = await compile(
    ({ x, s }) => ({
      y: tf.grad((t) => dot(tf.grad((u) => dot(tf.maxPool(four(u), 2, 2, 'valid'), t))(x), s))(
        tf.ones([1, 1, 1, 1]),
      ),
    }),
    { inputs: { x: [1, 2, 2, 1], s: [1, 2, 2, 1] } },
  );
  expect((await f.run({ x: Float32Array.of(1, 5, 5, 5), s: Float32Array.of(1, 2, 3, 4) })).y).toEqual(
    Float32Array.of(2),
  );
  await f.dispose();
});

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { compile, runOnnx, toOnnx, type StoredTensor } from '../src/index.js';
import { hasOnnx, readInPython } from '../../../testing/onnx-python.js';
import { four } from './cases.js';

const engines = ['native', 'wasm'] as const;
/** Small whole numbers: all products and sums below are exact in float32, in any order. */
const whole = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (i % 7) - 3);
const stored = (...shape: number[]): StoredTensor => ({
  data: whole(shape.reduce((a, b) => a * b, 1)),
  shape,
});
const w = stored(3, 3, 2, 3);

type In<K extends string> = { readonly [name in K]: tf.Tensor };

/** Functions of x ['n', 4, 4, 2], one for each way in which a graph may depend on the size n. */
const functions: { readonly [what: string]: (given: In<'x' | 'w'>) => tf.Tensor } = {
  'a convolution': (v) => tf.relu(tf.conv2d(four(v.x), four(v.w), 2, 'same')),
  'a transposed convolution': (v) => {
    const n = v.x.shape[0]!;
    return tf.conv2dTranspose(four(v.x), four(tf.transpose(v.w, [0, 1, 3, 2])), [n, 8, 8, 3], 2, 'same');
  },
  'the nearest pixels': (v) => tf.image.resizeNearestNeighbor(four(v.x), [8, 8]),
  'a sum over it, repeated': (v) => tf.mul(tf.ones(v.x.shape), tf.sum(v.x, 0, true)),
  'rows of its pixels': (v) =>
    tf.reshape(tf.matMul(tf.reshape(v.x, [-1, 2]), tf.ones([2, 3])), [-1, 4, 4, 3]),
  'a product with zeros beside': (v) =>
    tf.concat([tf.reshape(v.x, [v.x.shape[0]!, 32]), tf.zeros([v.x.shape[0]!, 2])], 1),
  'parts of it': (v) =>
    tf.add(tf.slice(v.x, [0, 1, 0, 0], [-1, 2, 4, 2]), tf.slice(v.x, [0, 0, 0, 0], [-1, 2, 4, 2])),
  'a pad and a maximum': (v) =>
    tf.maxPool(
      four(
        tf.pad(
          v.x,
          [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ],
          9,
        ),
      ),
      2,
      2,
      'valid',
    ),
  'a gradient': (v) => tf.grad((x) => tf.sum(tf.square(tf.conv2d(four(x), four(v.w), 1, 'same'))))(v.x),
  'the gradient of a maximum': (v) => tf.grad((x) => tf.sum(tf.maxPool(four(x), 2, 2, 'valid')))(v.x),
  'a maximum over zeros around it': (v) =>
    tf.maxPool(
      four(
        tf.pad(tf.sub(v.x, 9), [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]),
      ),
      2,
      2,
      'valid',
    ),
  // 54 units: the graphs optimised for 107 and for 109 differ
  'a dense layer after a convolution and a maximum over zeros': (v) => {
    const h = tf.conv2d(four(v.x), four(v.w), 1, 'same');
    const pooled = tf.maxPool(
      four(
        tf.pad(tf.sub(h, 999), [
          [0, 0],
          [2, 2],
          [2, 2],
          [0, 0],
        ]),
      ),
      2,
      2,
      'valid',
    );
    return tf.matMul(
      tf.reshape(pooled, [-1, 48]),
      tf.tile(tf.reshape(v.w, [-1, 1]), [1, 48]).reshape([48, 54]),
    );
  },
  'twice the size': (v) => tf.concat([v.x, tf.neg(v.x)], 0),
};

describe.each(engines)('an exported file on %s', (engine) => {
  test.each(Object.entries(functions))('%s: equals the compiled function at every size', async (_, f) => {
    const fn = (v: In<'x' | 'w'>) => ({ y: f(v) });
    const file = await runOnnx(await toOnnx(fn, { inputs: { x: ['n', 4, 4, 2] }, parameters: { w } }), {
      engine,
    });
    expect(file.inputs).toEqual({ x: { type: 'float32', shape: ['n', 4, 4, 2] } });
    for (const n of [1, 2, 3, 64, 107]) {
      const compiled = await compile(fn, { inputs: { x: [n, 4, 4, 2], w: w.shape }, engine });
      const x = whole(n * 32);
      const { y } = await compiled.run({ x, w: w.data });
      expect(await file.run({ x })).toEqual({ y: { data: y, shape: compiled.outputs.y } });
      await compiled.dispose();
    }
    await file.dispose();
  });
  test('names, several outputs, an output that is a parameter, a free size that is not the first', async () => {
    const bytes = await toOnnx(
      (v) => ({ sum: tf.add(v['_x']!, v['a.b/c']!), _v1: tf.transpose(v['_x']!), copy: v['a.b/c']! }),
      { inputs: { _x: [2, 'width'] }, parameters: { 'a.b/c': stored(2, 1) } },
    );
    const file = await runOnnx(bytes, { engine });
    expect(file.outputs).toEqual({
      sum: { type: 'float32', shape: [2, 'width'] },
      _v1: { type: 'float32', shape: ['width', 2] },
      copy: { type: 'float32', shape: [2, 1] },
    });
    const run = await file.run({ _x: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(Object.values(run).map(({ data }) => [...data])).toEqual([
      [-2, -1, 0, 2, 3, 4],
      [1, 4, 2, 5, 3, 6],
      [-3, -2],
    ]);
    await file.dispose();
  });
  test('without a free size the shapes are fixed', async () => {
    const file = await runOnnx(await toOnnx(({ x }) => ({ y: tf.mean(x!, 0) }), { inputs: { x: [2, 3] } }), {
      engine,
    });
    expect([file.inputs['x']?.shape, file.outputs['y']?.shape]).toEqual([[2, 3], [3]]);
    expect((await file.run({ x: Float32Array.of(1, 2, 3, 5, 6, 7) }))['y']?.data).toEqual(
      Float32Array.of(3, 4, 5),
    );
    await file.dispose();
  });
});

describe('toOnnx refuses', () => {
  const inputs = { x: ['n', 4] };
  const refused = (fn: (v: In<'x'>) => { readonly [name: string]: tf.Tensor }) =>
    expect(toOnnx(fn, { inputs })).rejects;
  test('a function whose operations or numbers depend on the free size otherwise', async () => {
    await refused(({ x }) => ({ y: x.shape[0]! > 16 ? tf.neg(x) : x })).toThrow(
      'toOnnx: the size n cannot be free: operation 0 is Identity at n = 3, and Neg at n = 107',
    );
    await refused(({ x }) => ({ y: tf.mul(x, x.shape[0]!) })).toThrow(
      'a constant of Mul is [3] at n = 3, and [107] at n = 107',
    );
    await refused(({ x }) => ({
      y: tf.pad(x, [
        [0, 1],
        [0, 0],
      ]),
    })).toThrow('size 0 of output y is 4 at n = 3, and 108 at n = 107');
    await refused(({ x }) => ({ y: tf.add(x, tf.ones([3, 4])) })).toThrow(
      'at n = 107 the function throws, at n = 3 it does not: tfjs kernel Add',
    );
  });
  test('names that are taken', async () => {
    await refused(({ x }) => ({ x: tf.neg(x) })).toThrow('toOnnx: an output is called "x"');
    await expect(
      toOnnx((v: In<'x'>) => ({ y: v.x }), { inputs, parameters: { x: stored(4) } }),
    ).rejects.toThrow('a parameter of toOnnx is called "x"; expected a name that no input has');
  });
  test.each([
    [[1], 'toOnnx takes a function; got 1'],
    [[() => ({}), 1], "expected the shapes of the inputs: { inputs: { x: ['batch', 2] } }"],
    [[() => ({}), { inputs: {} }], 'the inputs of toOnnx are {}'],
    [[() => ({}), { inputs, batch: 3 }], 'unknown option of toOnnx "batch"'],
    [[() => ({}), { inputs: { x: [0] } }], 'the shape of input x is [0]'],
    [[() => ({}), { inputs: { x: ['a', 'b'] } }], 'the free sizes a, b; expected one name at most'],
    [[() => ({}), { inputs, parameters: { p: [1] } }], 'parameter p is [1]'],
    [
      [() => ({}), { inputs, parameters: { p: { data: new Float32Array(3), shape: [2] } } }],
      'parameter p has 3 elements; shape [2] has 2',
    ],
    [[() => ({}), { inputs, description: 1 }], 'the description of toOnnx is 1'],
    [[() => ({}), { inputs, metadata: { a: 1 } }], 'metadata a is 1; expected a text'],
  ])('options of %j', async (given, message) => {
    // @ts-expect-error: a caller without types
    await expect(toOnnx(...given)).rejects.toThrow(message);
  });
});

describe.skipIf(!hasOnnx('Python runs exported files'))('in Python', () => {
  test('a file passes the checker, has its names and texts, and equals native to the bit', async () => {
    const f = functions['a convolution']!;
    const metadata = { made: 'by a test', 'sizes of it': '{"n": "ä"}' };
    const bytes = await toOnnx((v: In<'x' | 'w'>) => ({ y: f(v), sums: tf.sum(v.x, [1, 2, 3]) }), {
      inputs: { x: ['n', 4, 4, 2] },
      parameters: { w },
      description: 'A convolution – in words.',
      metadata,
    });
    const native = await runOnnx(bytes, { engine: 'native' });
    const sizes = [1, 2, 5, 64];
    const feeds = sizes.map((n) => ({ x: { shape: [n, 4, 4, 2], data: whole(n * 32) } }));
    const { runs, stored: found, ...rest } = readInPython(bytes, feeds);
    expect(rest).toEqual({
      opsets: { '': 17 },
      description: 'A convolution – in words.',
      metadata,
      inputs: { x: ['FLOAT', 'n', 4, 4, 2] },
      outputs: { y: ['FLOAT', 'n', 2, 2, 3], sums: ['FLOAT', 'n'] },
    });
    expect(found['w']).toEqual([3, 3, 2, 3]);
    for (const [i, feed] of feeds.entries()) expect(runs[i]).toEqual(await native.run(feed));
    await native.dispose();
  });
  test.each(Object.entries(functions))('%s: passes the checker and has the same values', async (_, f) => {
    const bytes = await toOnnx((v: In<'x' | 'w'>) => ({ y: f(v) }), {
      inputs: { x: ['n', 4, 4, 2] },
      parameters: { w },
    });
    const native = await runOnnx(bytes, { engine: 'native' });
    const feeds = [1, 7].map((n) => ({ x: { shape: [n, 4, 4, 2], data: whole(n * 32) } }));
    const { runs } = readInPython(bytes, feeds);
    for (const [i, feed] of feeds.entries()) expect(runs[i]).toEqual(await native.run(feed));
    await native.dispose();
  });
});

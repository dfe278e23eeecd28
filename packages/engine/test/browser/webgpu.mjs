import { compile, findEngines } from '@stillpoint/engine';
import * as tf from '@tensorflow/tfjs-core';
import { optimise } from '../../src/passes/index.ts';
import { createWasmRunner } from '../../src/run/ort.ts';
import { createWebgpuRunner } from '../../src/run/webgpu.ts';
import { feedsOf, gan, lengthOf, critic, generator, numbers, relativeError, worstError } from '../helpers.ts';
import { randomGraph } from '../random-graphs.ts';

// What the test of engine webgpu computes in a page, on webgpu and on wasm.

const weighted = (y) => {
  const weights = Float32Array.from({ length: y.size }, (_, i) => Math.sin(i + 1));
  return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
};
/** A function and its gradients in all operands. */
const withGradients = (op) => (inputs) => {
  const operands = Object.values(inputs);
  const slopes = tf.grads((...xs) => weighted(op(...xs)))(operands);
  return { y: op(...operands), ...Object.fromEntries(slopes.map((slope, i) => [`d${i}`, slope])) };
};

const normalised = (x, scale) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2], true);
  return tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale);
};

/** By name: the function and the shapes of its inputs. */
const cases = {
  'a convolution': [
    withGradients((x, w) => tf.conv2d(x, w, 2, 'same')),
    { x: [8, 7, 6, 3], w: [4, 4, 3, 8] },
  ],
  'a transposed convolution': [
    withGradients((x, w) => tf.conv2dTranspose(x, w, [8, 14, 12, 4], 2, 'same')),
    { x: [8, 7, 6, 8], w: [4, 4, 4, 8] },
  ],
  'batch norm after a convolution': [
    withGradients((x, w, scale) => tf.tanh(normalised(tf.conv2d(x, w, 1, 'same'), scale))),
    { x: [4, 6, 6, 4], w: [3, 3, 4, 8], scale: [8] },
  ],
  'products and softmax': [
    withGradients((x, w) => tf.softmax(tf.matMul(tf.softplus(x), w))),
    { x: [33, 17], w: [17, 12] },
  ],
  'a gradient penalty': [
    ({ x, w }) => {
      const slope = (v) => tf.grad((u) => tf.sum(tf.tanh(tf.matMul(u, v))))(x);
      return { d: tf.grad((v) => tf.mean(tf.square(slope(v))))(w) };
    },
    { x: [16, 12], w: [12, 20] },
  ],
  // operations that are left to WebAssembly
  'six channels to eight': [
    withGradients((x, w) => tf.conv2d(x, w, 1, 'same')),
    { x: [2, 5, 4, 6], w: [3, 3, 6, 8] },
  ],
  'padding at the end alone': [
    withGradients((x, w) =>
      tf.conv2d(x, w, 1, [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ]),
    ),
    { x: [2, 4, 5, 8], w: [1, 1, 8, 8] },
  ],
  'a convolution of each channel': [
    withGradients((x, w) => tf.depthwiseConv2d(x, w, 2, 'same')),
    { x: [2, 6, 5, 4], w: [3, 3, 4, 2] },
  ],
  'a maximum pool': [withGradients((x) => tf.maxPool(x, 3, 2, 'same')), { x: [2, 7, 6, 3] }],
  'sums of segments': [
    withGradients((x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 0, 2, 1, 0], 'int32'), 3)),
    { x: [6, 5] },
  ],
  'functions of angles': [
    ({ x }) => ({ y: tf.stack([tf.sin, tf.cos, tf.tan, tf.asin, tf.acos, tf.atan].map((f) => f(x))) }),
    { x: [50] },
  ],
  'log(1 + x) of small x': [({ x }) => ({ y: tf.log1p(tf.mul(x, 1e-6)) }), { x: [50] }],
};

async function both(fn, inputs, feeds) {
  const outputs = {};
  for (const engine of ['wasm', 'webgpu']) {
    const compiled = await compile(fn, { inputs, engine });
    outputs[engine] = await compiled.run(feeds);
    await compiled.dispose();
  }
  return Object.keys(outputs.wasm).map((name) => relativeError(outputs.webgpu[name], outputs.wasm[name]));
}

/** A graph of the fuzz test, without tfjs. */
async function drawn(seed) {
  const graph = optimise(randomGraph(seed, 8, 12));
  const feeds = feedsOf(Object.fromEntries(graph.inputs.map(({ name, value }) => [name, value.shape])));
  const outputs = [];
  for (const create of [createWasmRunner, createWebgpuRunner]) {
    const runner = await create(graph, 1);
    const lengths = Object.entries(runner.outputs).map(([name, shape]) => [
      name,
      shape.reduce((n, d) => n * d, 1),
    ]);
    const out = Object.fromEntries(lengths.map(([name, n]) => [name, new Float32Array(n)]));
    await runner.run(feeds, out);
    await runner.dispose();
    outputs.push(out);
  }
  return Object.keys(outputs[0]).map((name) => worstError(outputs[1][name], outputs[0][name]));
}

const errorOf = (promise) =>
  promise.then(
    () => 'no error',
    ({ name, message }) => `${name}: ${message}`,
  );

export async function results() {
  const [status] = await findEngines(['webgpu']);
  if (!status.found) return { reason: status.reason };

  const errors = {};
  for (const [name, [fn, inputs]] of Object.entries(cases))
    errors[name] = await both(fn, inputs, feedsOf(inputs));
  const shapes = { z: [lengthOf(critic) + lengthOf(generator)], x: [32, 2], noise: [32, 2] };
  errors['both gradients of a GAN'] = await both(gan, shapes, feedsOf(shapes, -0.2, 0.2));
  const graphs = {};
  for (const seed of [3, 26, 30, 35, 49, 81, 100]) graphs[seed] = await drawn(seed);

  // three functions on two runtimes, alone and at once
  const inputs = { x: [40, 40] };
  const feeds = { x: numbers(1600) };
  const fns = await Promise.all(
    ['webgpu', 'wasm', 'webgpu'].map((engine, i) =>
      compile(({ x }) => ({ y: tf.tanh(tf.matMul(x, tf.mul(x, i + 1))) }), { inputs, engine }),
    ),
  );
  const alone = [];
  for (const f of fns) alone.push((await f.run(feeds)).y);
  const atOnce = await Promise.all(fns.map((f) => f.run(feeds)));
  const same = atOnce.map(({ y }, i) => worstError(y, alone[i]));
  for (const f of fns) await f.dispose();

  const gather = await compile(({ x }) => ({ y: tf.gather(tf.tensor1d([1, 2, 3]), tf.cast(x, 'int32')) }), {
    inputs: { x: [2] },
    engine: 'webgpu',
  });
  const beyond = await errorOf(gather.run({ x: Float32Array.of(0, 3) }));
  await gather.dispose();
  const auto = await compile(({ x }) => ({ y: tf.neg(x) }), { inputs: { x: [1] } });
  await auto.dispose();
  return { version: status.version, errors, graphs, same, beyond, auto: auto.engine };
}

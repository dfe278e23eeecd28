import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import {
  feedsOf,
  gan,
  ganFeeds,
  ganInputs,
  relativeError,
  type Shapes,
  type TensorFunction,
} from './helpers.js';

class Mine extends tf.KernelBackend {
  override dispose(): void {}
}

// lanes.js loads tfjs-node, which by itself would become the current backend
tf.registerBackend('mine', () => new Mine());
await tf.setBackend('mine');
const { lanes } = await import('./lanes.js');
const whileLoading = {
  backend: tf.getBackend(),
  threads: process.env['TF_NUM_INTRAOP_THREADS'],
  greeting: process.env['TF_CPP_MIN_LOG_LEVEL'],
};
tf.removeBackend('mine');

const engine = 'tensorflow';
const { skipped = true, title = '' } = lanes.find((lane) => lane.engine === engine) ?? {};

/** tf.grad of the sum of `y` in all inputs. */
const gradients =
  (y: (...inputs: tf.Tensor[]) => tf.Tensor): TensorFunction =>
  (inputs) => {
    const names = Object.keys(inputs);
    const slopes = tf.grads((...tensors: tf.Tensor[]) => tf.sum(y(...tensors)))(
      names.map((name) => inputs[name]!),
    );
    return Object.fromEntries(names.map((name, i) => [name, slopes[i]!]));
  };
const convolution = (strides: number): TensorFunction =>
  gradients((x, filter) =>
    tf.square(
      tf.conv2d<tf.Tensor4D>(
        tf.reshape(x!, [4, 14, 14, 3]),
        tf.reshape(filter!, [5, 5, 3, 8]),
        strides,
        'same',
      ),
    ),
  );

describe.skipIf(skipped)(title, () => {
  const { numTensors } = tf.engine().state; // tf.memory() would make a backend current
  afterAll(() => {
    expect(tf.engine().state.numTensors).toBe(numTensors);
  });

  test("loading keeps the user's backend and environment, and tfjs does not prefer the engine's backend", async () => {
    expect(whileLoading).toEqual({ backend: 'mine', threads: undefined, greeting: undefined });
    expect(tf.getBackend() ?? undefined).toBeUndefined();
    const f = await compile(({ x }) => ({ y: tf.neg(x) }), { inputs: { x: [1] }, engine });
    await f.run({ x: Float32Array.of(1) });
    expect(tf.getBackend() ?? undefined).toBeUndefined(); // there was no backend before either
    await tf.ready();
    expect(tf.getBackend()).toBe('cpu');
    await f.dispose();
  });

  test('the function runs on tfjs-node, which shares the engine’s tfjs-core', async () => {
    const seen: unknown[] = [];
    const f = await compile(
      ({ x }) => {
        seen.push(tf.getBackend(), tf.backend().constructor.name, x instanceof tf.Tensor);
        return { y: tf.add(x, 1) };
      },
      { inputs: { x: [2] }, engine },
    );
    // it is traced first, to find what every engine refuses
    expect(seen.slice(-3)).toEqual(['tensorflow', 'NodeJSKernelBackend', true]);
    const name: string = '@tensorflow/tfjs-node'; // not a literal: the package may be absent
    const module: unknown = await import(name);
    expect(module).toHaveProperty('Tensor', tf.Tensor);
    expect(f.version).toMatch(/^tfjs-node 4\.22\.0 \(TensorFlow 2\.\d+\.\d+\)$/);
    expect(f.graph).toBeUndefined();
    await f.dispose();
  });

  test('returns the shapes that the function has, and float32 whatever its types', async () => {
    const f = await compile(
      ({ x }) => ({
        scalar: tf.sum(x),
        one: tf.sum(x, 0, true),
        deep: tf.reshape(x, [1, 3, 1, 1]),
        flags: tf.greater(x, 1),
        whole: tf.cast(x, 'int32'),
      }),
      { inputs: { x: [3] }, engine },
    );
    expect(f.outputs).toEqual({ scalar: [], one: [1], deep: [1, 3, 1, 1], flags: [3], whole: [3] });
    expect(await f.run({ x: Float32Array.of(0.5, 1.5, 2.5) })).toEqual({
      scalar: Float32Array.of(4.5),
      one: Float32Array.of(4.5),
      deep: Float32Array.of(0.5, 1.5, 2.5),
      flags: Float32Array.of(0, 1, 1),
      whole: Float32Array.of(0, 1, 2),
    });
    await f.dispose();
  });

  test('a gradient in closed form: the number of windows of a convolution that cover a pixel', async () => {
    const f = await compile(
      gradients((x) =>
        tf.conv2d<tf.Tensor3D>(tf.reshape(x!, [4, 4, 1]), tf.ones<tf.Rank.R4>([3, 3, 1, 1]), 1, 'same'),
      ),
      { inputs: { x: [16] }, engine },
    );
    const seen = [2, 3, 3, 2]; // windows of 3 around 4 pixels in a row
    expect((await f.run({ x: new Float32Array(16) }))['x']).toEqual(
      Float32Array.from(seen.flatMap((rows) => seen.map((columns) => rows * columns))),
    );
    await f.dispose();
  });

  // 1e-5: sums of up to 800 float32 products in another order, 6e-8 each, growing as their root
  test.for([1, 2])(
    'the gradients of a convolution with stride %i agree with tfjs on cpu to 1e-5',
    async (strides) => {
      const inputs: Shapes = { x: [4 * 14 * 14 * 3], filter: [5 * 5 * 3 * 8] };
      const [here, there] = await Promise.all([
        compile(convolution(strides), { inputs, engine }),
        compile(convolution(strides), { inputs, engine: 'cpu' }),
      ]);
      const [ours, theirs] = await Promise.all([here.run(feedsOf(inputs)), there.run(feedsOf(inputs))]);
      for (const name of ['x', 'filter'])
        expect(relativeError(ours[name]!, theirs[name]!)).toBeLessThan(1e-5);
      await Promise.all([here.dispose(), there.dispose()]);
    },
  );

  test('leaves no tensors and buffers behind after 100 runs, in tfjs or in TensorFlow', async () => {
    const f = await compile(gan, { inputs: ganInputs(2), engine });
    const counts = (): readonly number[] => [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      tf.findBackend(engine).numDataIds(),
    ];
    const start = counts();
    const out = await f.run(ganFeeds(2));
    for (let i = 0; i < 100; i++) {
      await f.run(ganFeeds(2), out);
      expect(counts()).toEqual(start);
    }
    await expect(
      compile(
        () => {
          throw new Error('mine');
        },
        { inputs: { x: [1] }, engine },
      ),
    ).rejects.toThrow('mine');
    expect(counts()).toEqual(start);
    await f.dispose();
  });

  test('several functions take turns', async () => {
    const sizes = [1, 2, 3];
    const all = await Promise.all(
      sizes.map((n) => compile(({ x }) => ({ y: tf.sum(tf.mul(x, n)) }), { inputs: { x: [n] }, engine })),
    );
    for (let turn = 0; turn < 3; turn++) {
      const sums = await Promise.all(
        all.map(async (f, i) => (await f.run({ x: new Float32Array(sizes[i]!).fill(turn) })).y[0]),
      );
      expect(sums).toEqual(sizes.map((n) => n * n * turn));
    }
    await Promise.all(all.map((f) => f.dispose()));
  });

  test('an operation that tfjs-node lacks is named, with its place and what to do', async () => {
    const search: TensorFunction = ({ x }) => ({ y: tf.lowerBound(x!, tf.tensor1d([2.5])) });
    await expect(compile(search, { inputs: { x: [4] }, engine })).rejects.toThrow(
      /^tfjs-node has no kernel SearchSorted \(at .*tensorflow\.test\.ts:\d+:\d+\); .*engine 'cpu'/,
    );
    const f = await compile(search, { inputs: { x: [4] }, engine: 'cpu' });
    expect((await f.run({ x: Float32Array.of(1, 2, 3, 4) }))['y']).toEqual(Float32Array.of(2));
    await f.dispose();
  });

  test('another number of threads than that of the first load is refused', async () => {
    await expect(compile(({ x }) => ({ y: x }), { inputs: { x: [1] }, engine, threads: 3 })).rejects.toThrow(
      'engine tensorflow runs with 1 thread since it started in this process; threads is 3',
    );
  });
});

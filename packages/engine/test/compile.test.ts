import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { compile, findEngines, printGraph } from '../src/index.js';
import { gan, ganFeeds, ganInputs, numbers } from './helpers.js';
import { lanes, lanesHere } from './lanes.js';

const inputs = { x: [2, 3], y: [3] };
const affine = ({ x, y }: { readonly x: tf.Tensor; readonly y: tf.Tensor }) => ({
  sum: tf.add(x, y),
  total: tf.sum(tf.mul(x, y)),
});
const feeds = { x: Float32Array.of(1, 2, 3, 4, 5, 6), y: Float32Array.of(10, 20, 30) };

class Mine extends tf.KernelBackend {
  override dispose(): void {}
}

for (const { engine, skipped, title } of lanes)
  describe.skipIf(skipped)(title, () => {
    test('returns named arrays of the declared shapes', async () => {
      const f = await compile(affine, { inputs, engine });
      expect(f.engine).toBe(engine);
      expect(f.about).toBe(`engine ${f.engine}: ${f.version}, 1 thread`);
      expect(f.version).toMatch(/^(onnxruntime-node|onnxruntime-web|tfjs-node|tfjs-backend-cpu) \d+\.\d+/);
      expect(f.outputs).toEqual({ sum: [2, 3], total: [] });
      expect(await f.run(feeds)).toEqual({
        sum: Float32Array.of(11, 22, 33, 14, 25, 36),
        total: Float32Array.of(460),
      });
      await f.dispose();
    });

    test('writes to the arrays in `out`, with new feeds each time', async () => {
      const f = await compile(affine, { inputs, engine });
      const out = { sum: new Float32Array(6), total: new Float32Array(1) };
      expect((await f.run(feeds, out)).sum).toBe(out.sum);
      expect(out.total[0]).toBe(460);
      await f.run({ x: feeds.x, y: new Float32Array(3) }, out);
      expect(out).toEqual({ sum: feeds.x, total: Float32Array.of(0) });
      const reused = Float32Array.from(feeds.x);
      await f.run({ x: reused, y: feeds.y }, out);
      reused.fill(0); // the same array, other contents
      await f.run({ x: reused, y: feeds.y }, out);
      expect(out.total[0]).toBe(0);
      const other = new Float32Array(6);
      const partial = await f.run(feeds, { sum: other });
      expect(partial.sum).toBe(other);
      expect(other[0]).toBe(11);
      expect(partial.total).not.toBe(out.total);
      expect([out.sum[0], out.total[0]]).toEqual([10, 0]); // the array of an earlier call stays as it is
      await f.dispose();
    });

    test('without `out`, every call returns new arrays', async () => {
      const f = await compile(affine, { inputs, engine });
      const first = await f.run(feeds);
      const second = await f.run({ x: feeds.x, y: new Float32Array(3) });
      expect(first.total[0]).toBe(460);
      expect(second.total[0]).toBe(0);
      await f.dispose();
    });

    test('returns inputs, constants, and one value under two names', async () => {
      const f = await compile(
        ({ x }) => {
          const twice = tf.mul(x, 2);
          return {
            x,
            one: tf.ones([2]),
            zero: tf.scalar(0),
            a: twice,
            b: twice,
            flag: tf.greater(x, 1),
            listed: tf.tensor1d([1, 2, 3]),
          };
        },
        { inputs: { x: [2] }, engine },
      );
      expect(await f.run({ x: Float32Array.of(1, 2) })).toEqual({
        x: Float32Array.of(1, 2),
        one: Float32Array.of(1, 1),
        zero: Float32Array.of(0),
        a: Float32Array.of(2, 4),
        b: Float32Array.of(2, 4),
        flag: Float32Array.of(0, 1),
        listed: Float32Array.of(1, 2, 3),
      });
      await f.dispose();
    });

    test('returns the same bits for the same feeds', async () => {
      const f = await compile(gan, { inputs: ganInputs(8), engine });
      const g = await compile(gan, { inputs: ganInputs(8), engine });
      const [a, b, c] = [await f.run(ganFeeds(8)), await f.run(ganFeeds(8)), await g.run(ganFeeds(8))];
      expect(b).toEqual(a);
      expect(c).toEqual(a);
      await f.dispose();
      await g.dispose();
    });

    test('refuses an overlapping run, and runs again afterwards', async () => {
      const f = await compile(affine, { inputs, engine });
      const first = f.run(feeds);
      await expect(f.run(feeds)).rejects.toThrow('earlier run() of the same compiled function is running');
      expect((await first).total[0]).toBe(460);
      expect((await f.run(feeds)).total[0]).toBe(460);
      await f.dispose();
    });

    test('dispose waits for a running call, may be repeated, and prevents further calls', async () => {
      const f = await compile(affine, { inputs, engine });
      const last = f.run(feeds);
      await f.dispose();
      await f.dispose();
      expect((await last).total[0]).toBe(460);
      await expect(f.run(feeds)).rejects.toThrow('was disposed');
    });

    test('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      const f = await compile(gan, { inputs: ganInputs(4), engine });
      expect(tf.memory().numTensors).toBe(before);
      await f.run(ganFeeds(4));
      expect(tf.memory().numTensors).toBe(before);
      await f.dispose();
      expect(tf.memory().numTensors).toBe(before);
      expect(tf.memory().numDataBuffers).toBe(before);
    });

    test("leaves the user's backend and mode as they were, also after a throw", async () => {
      tf.registerBackend('mine', () => new Mine());
      await tf.setBackend('mine');
      const production = tf.env().getBool('PROD');
      const f = await compile(affine, { inputs, engine });
      await f.run(feeds);
      expect(tf.getBackend()).toBe('mine');
      await f.dispose();
      await expect(
        compile(
          () => {
            throw new Error('mine too');
          },
          { inputs, engine },
        ),
      ).rejects.toThrow('mine too');
      expect(tf.getBackend()).toBe('mine');
      expect(tf.env().getBool('PROD')).toBe(production);
      expect(tf.engine().backendNames()).not.toContain('trace');
      await tf.setBackend('cpu');
      tf.removeBackend('mine');
    });

    test('NaN and infinity reach the loss', async () => {
      const f = await compile(
        ({ v }) => ({
          relu: tf.sum(tf.relu(v)),
          leaky: tf.sum(tf.leakyRelu(v)),
          clip: tf.sum(tf.clipByValue(v, -1, 1)),
          logSumExp: tf.logSumExp(v),
          softplus: tf.mean(tf.softplus(v)),
          dense: tf.sum(tf.relu(tf.add(tf.matMul(tf.reshape(v, [1, 20]), tf.ones([20, 20])), tf.ones([20])))),
        }),
        { inputs: { v: [20] }, engine },
      );
      const nan = await f.run({ v: Float32Array.from({ length: 20 }, (_, i) => (i === 7 ? NaN : i)) });
      expect(Object.values(nan).map(([x]) => x)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN]);
      const infinite = await f.run({
        v: Float32Array.from({ length: 20 }, (_, i) => (i === 7 ? Infinity : i)),
      });
      expect(infinite.softplus[0]).toBe(Infinity);
      await f.dispose();
    });

    test('errors name what is wrong with feeds', async () => {
      const f = await compile(affine, { inputs, engine });
      const bad = (
        given: { [name: string]: unknown },
        out?: { [name: string]: Float32Array },
      ): Promise<unknown> => Reflect.apply(f.run, undefined, [given, out]);
      await expect(bad({ x: feeds.x })).rejects.toThrow(
        'input y is missing; expected 3 float32 numbers of shape [3]',
      );
      await expect(bad({ ...feeds, y: [1, 2, 3] })).rejects.toThrow(
        'input y is not a Float32Array but [object Array]',
      );
      await expect(bad({ ...feeds, y: new Float32Array(4) })).rejects.toThrow(
        'input y has 4 elements; shape [3] has 3',
      );
      await expect(bad({ ...feeds, z: feeds.y })).rejects.toThrow('unknown input "z"');
      await expect(bad(feeds, { totl: new Float32Array(1) })).rejects.toThrow(
        'unknown output "totl"; did you mean total?',
      );
      await expect(bad(feeds, { total: new Float32Array(2) })).rejects.toThrow(
        'out.total has 2 elements; shape [] has 1',
      );
      await f.dispose();
    });
  });

test('compilations may overlap, on any engine', async () => {
  const all = await Promise.all(
    [...lanesHere, ...lanesHere].map((engine) => compile(affine, { inputs, engine })),
  );
  const totals = await Promise.all(all.map(async (f) => (await f.run(feeds)).total[0]));
  expect(totals).toEqual(totals.map(() => 460));
  await Promise.all(all.map((f) => f.dispose()));
});

test('auto takes the native runtime if it is installed, and `about` says so', async () => {
  const f = await compile(affine, { inputs });
  expect(f.engine).toBe('native');
  expect(f.version).toBe('onnxruntime-node 1.30.0');
  await f.dispose();
});

test('wasm refuses another number of threads than its first', async () => {
  await (await compile(affine, { inputs, engine: 'wasm' })).dispose();
  await expect(compile(affine, { inputs, engine: 'wasm', threads: 2 })).rejects.toThrow(
    'engine wasm runs with 1 thread since it started in this process; threads is 2',
  );
});

test('native runs with several threads', async () => {
  const f = await compile(affine, { inputs, engine: 'native', threads: 2 });
  expect((await f.run(feeds)).total[0]).toBe(460);
  await f.dispose();
});

test('a graph prints one node per line', async () => {
  const f = await compile(({ x }) => ({ y: tf.mul(tf.add(x, 1), 0.5) }), {
    inputs: { x: [2] },
    engine: 'native',
  });
  expect(f.graph && printGraph(f.graph)).toBe(
    [
      'input x: %0 float32[2]',
      '%1 = Add(%0, 1) float32[2]',
      '%2 = Mul(%1, 0.5) float32[2]',
      'output y: %2 float32[2]',
    ].join('\n'),
  );
  await f.dispose();
});

test('engines are listed with their versions', async () => {
  const found = await findEngines();
  expect(found.map(({ engine }) => engine)).toEqual(['native', 'wasm', 'webgpu', 'tensorflow', 'cpu']);
  expect(found.filter((status) => !(status.found ? status.version : status.reason))).toEqual([]);
  expect((await findEngines(['cpu', 'wasm'])).map(({ engine }) => engine)).toEqual(['wasm', 'cpu']);
});

test('large feeds of a wrong length are refused before the runtime reads them', async () => {
  const f = await compile(({ x }) => ({ y: tf.sum(x) }), { inputs: { x: [1000] }, engine: 'native' });
  await expect(f.run({ x: numbers(999) })).rejects.toThrow('input x has 999 elements');
  await f.dispose();
});

import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { four } from './cases.js';
import { lanes, lanesHere } from './lanes.js';

// Infinite values, values that are not numbers, and indices beyond their axis.

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
type Function1 = (x: tf.Tensor) => tf.Tensor;

async function run(
  engine: (typeof lanesHere)[number],
  f: Function1,
  x: readonly number[],
  shape = [x.length],
) {
  const compiled = await compile((inputs) => ({ y: f(inputs.x) }), { inputs: { x: shape }, engine });
  try {
    return Array.from((await compiled.run({ x: Float32Array.from(x) })).y);
  } finally {
    await compiled.dispose();
  }
}

const rows = [
  nan,
  1,
  2,
  3,
  1,
  nan,
  2,
  3,
  1,
  2,
  nan,
  3,
  3,
  2,
  1,
  nan,
  inf,
  nan,
  -inf,
  0,
  -inf,
  -inf,
  nan,
  -inf,
];

/** What every engine returns. */
const same: {
  readonly [name: string]: readonly [
    f: Function1,
    x: readonly number[],
    y: readonly number[],
    shape?: number[],
  ];
} = {
  'max is NaN wherever a NaN stands': [
    (x) => tf.max(x, 1),
    [...rows, 1, 4, 2, 3],
    [nan, nan, nan, nan, nan, nan, 4],
    [7, 4],
  ],
  'min is NaN wherever a NaN stands': [
    (x) => tf.min(x, 1),
    [...rows, 4, 1, 2, 3],
    [nan, nan, nan, nan, nan, nan, 1],
    [7, 4],
  ],
  'max of nine numbers and a NaN': [(x) => tf.max(x), [1, 2, 3, 4, nan, 6, 7, 8, 9], [nan]],
  'max and min of integers': [
    (x) => tf.sub(tf.max(tf.cast(x, 'int32')), tf.min(tf.cast(x, 'int32'))),
    [-5, 3, 7],
    [12],
  ],
  'argMax passes over NaN, unless it is first': [(x) => tf.argMax(x, 1), rows, [0, 3, 3, 0, 0, 0], [6, 4]],
  'argMin passes over NaN, unless it is first': [(x) => tf.argMin(x, 1), rows, [0, 0, 0, 2, 2, 0], [6, 4]],
  'argMax along columns': [(x) => tf.argMax(x, 0), [1, nan, nan, 5, 7, nan], [1, 0, 0], [2, 3]],
  'argMax of the issue': [(x) => tf.argMax(x, 0), [0, 3, 5, nan, 3], [2]],
  sign: [tf.sign, [nan, inf, -inf, 0, -2], [0, 1, -1, 0, -1]],
  log1p: [tf.log1p, [inf, -1, -inf, nan, 0], [inf, -inf, nan, nan, 0]],
  relu: [tf.relu, [nan, inf, -inf], [nan, inf, 0]],
  'a cast to integers': [(x) => tf.cast(x, 'int32'), [nan, inf, -inf, 2.9, -2.9], [0, 0, 0, 2, -2]],
  'floorDiv of floats': [
    (x) => tf.floorDiv(x, tf.tensor1d([2, -2, 0, 0, 1])),
    [7, 7, 1, 0, nan],
    [3, -4, 0, 0, 0],
  ],
  'gather at places that floorDiv computes': [
    (x) => tf.gather(x, tf.floorDiv(tf.tensor1d([5, 3, 1]), tf.scalar(2))),
    [10, 20, 30],
    [30, 20, 10],
  ],
  'unsortedSegmentSum drops ids that no segment has': [
    (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, -1, 1, 3], 'int32'), 3),
    [1, 2, 3, 4, 5],
    [1, 4, 2],
  ],
  'unsortedSegmentSum drops them among computed ids too': [
    (x) => tf.unsortedSegmentSum(tf.reshape(x, [5, 1]), tf.cast(tf.sub(x, 2), 'int32'), 3),
    [1, 2, 3, 4, 9],
    [2, 3, 4],
  ],
  'slice without a size': [(x) => tf.slice(x, [1, 2]), [0, 1, 2, 3, 4, 5], [5], [2, 3]],
  'the gradient of slice without a size': [
    tf.grad((x) => tf.sum(tf.square(tf.slice(x, 1)))),
    [3, 4, 5],
    [0, 8, 10],
  ],
  'relu6 of integers': [(x) => tf.relu6(tf.cast(x, 'int32')), [-3, 4, 9], [0, 4, 6]],
  'step, round and exp of integers': [
    (x) => {
      const n = tf.cast(x, 'int32');
      return tf.concat([
        tf.cast(tf.mul(tf.step(n), n), 'float32'),
        tf.cast(tf.round(n), 'float32'),
        tf.exp(n),
      ]);
    },
    [-3, 0],
    [0, 0, -3, 0, Math.fround(Math.exp(-3)), 1],
  ],
  'the largest of integer pixels': [
    (x) => tf.maxPool(four(tf.cast(x, 'int32')), 2, 2, 'valid'),
    [1, 2, 3, 6],
    [6],
    [1, 2, 2, 1],
  ],
  'resizeBilinear of integers': [
    (x) => tf.image.resizeBilinear(four(tf.cast(x, 'int32')), [1, 4]),
    [1, 4],
    [1, 2.5, 4, 4],
    [1, 1, 2, 1],
  ],
  'resizeNearestNeighbor of integers': [
    (x) => tf.image.resizeNearestNeighbor(four(tf.cast(x, 'int32')), [1, 3]),
    [7, 4],
    [7, 7, 4],
    [1, 1, 2, 1],
  ],
};

// tensorflow runs TensorFlow's own kernels, whose values at NaN and beyond a range are not those of cpu
for (const { engine, skipped, title } of lanes.filter((lane) => lane.engine !== 'tensorflow')) {
  describe.skipIf(skipped)(title, () => {
    test.for(Object.keys(same))('%s', async (name) => {
      const [f, x, y, shape] = same[name]!;
      const got = await run(engine, f, x, shape);
      expect(got.map(String)).toEqual(y.map(String));
    });

    test('atan2 at the origin, on the axes and at infinity', async () => {
      const y = [0, -0, 0, -0, 1, -1, inf, -inf, inf, 3, -3];
      const x = [0, 0, -0, -0, -0, -0, inf, inf, -inf, inf, -inf];
      const n = y.length;
      const angles = await run(engine, (t) => tf.atan2(tf.slice(t, 0, n), tf.slice(t, n, n)), [...y, ...x]);
      // half a turn is added to an arc tangent that is right to two units in the last place
      for (const [i, angle] of angles.entries())
        expect(Math.abs(angle - Math.atan2(y[i]!, x[i]!)), `(${x[i]}, ${y[i]})`).toBeLessThan(4 * 2 ** -23);
    });
  });
}

describe('an index beyond its axis is refused', () => {
  const gathers: { readonly [name: string]: Function1 } = {
    gather: (x) => tf.gather(tf.tensor1d([1, 2, 3]), tf.cast(x, 'int32')),
    'gather with batch dimensions': (x) =>
      tf.gather(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.cast(tf.reshape(x, [2, 1]), 'int32'), 1, 1),
    gatherND: (x) => tf.gatherND(tf.tensor1d([1, 2, 3]), tf.cast(tf.reshape(x, [2, 1]), 'int32')),
  };
  for (const name of Object.keys(gathers))
    test.for([
      [0, -1],
      [3, 0],
    ])(`%s of ${name}`, async (x) => {
      for (const engine of lanesHere) {
        expect(await run(engine, gathers[name]!, [1, 0])).toHaveLength(2);
        // TensorFlow's own kernels refuse some of them, with errors of their own
        const refusal = engine === 'tensorflow' ? Error : InputError;
        await expect(run(engine, gathers[name]!, x), engine).rejects.toThrow(refusal);
      }
    });

  test('a constant one when the function is compiled', async () => {
    for (const engine of lanesHere)
      await expect(
        run(engine, (x) => tf.gather(x, tf.tensor1d([-1], 'int32')), [1, 2]),
        engine,
      ).rejects.toThrow(/an index is not in the range from 0 to 1|the index value -1 is not in \[0, 1\]/);
  });
});

// The README's list of what may differ. Each statement is what these engines do, not what they should.
describe('where graph engines differ from tfjs, as the README says', () => {
  const graphs = ['native', 'wasm'] as const;

  test.for(graphs)(
    'the gradients of relu, relu6 and abs at NaN are finite, and step is 0: %s',
    async (engine) => {
      const slope = (f: Function1): Function1 => tf.grad((x) => tf.sum(f(x)));
      expect(await run(engine, slope(tf.relu), [nan, 1])).toEqual([0, 1]);
      expect(await run(engine, slope(tf.relu6), [nan, 1])).toEqual([0, 1]);
      expect(await run(engine, slope(tf.abs), [nan, 1])).toEqual([-1, 1]);
      expect(await run(engine, (x) => tf.step(x), [nan, 1])).toEqual([0, 1]);
      expect(await run(engine, (x) => tf.step(x, 0.5), [nan, 1])).toEqual([0.5, 1]);
    },
  );

  test.for(graphs)('a maximum pool over a NaN is NaN or the largest number: %s', async (engine) => {
    const pool: Function1 = (x) => tf.maxPool(four(x), 2, 2, 'valid');
    for (let place = 0; place < 4; place++) {
      const window = [1, 2, 3, 4].map((v, i) => (i === place ? nan : v));
      const [y] = await run(engine, pool, window, [1, 2, 2, 1]);
      expect([String(Math.max(...window.filter((v) => !Number.isNaN(v)))), 'NaN']).toContain(String(y));
    }
  });

  test.for(graphs)('topk of rows with NaN has the right elements in any order: %s', async (engine) => {
    const x = [2, nan, 5, 1];
    const values = await run(engine, (t) => tf.topk(t, 4).values, x);
    const indices = await run(engine, (t) => tf.topk(t, 4).indices, x);
    expect(indices.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    expect(values.map(String)).toEqual(indices.map((i) => String(x[i])));
  });

  test.for(graphs)('powers of ±1 are 1 where C says so: %s', async (engine) => {
    const [base, exponent] = [
      [1, 1, -1],
      [nan, inf, inf],
    ];
    expect(
      await run(engine, (t) => tf.pow(tf.slice(t, 0, 3), tf.slice(t, 3, 3)), [...base, ...exponent]),
    ).toEqual([1, 1, 1]);
  });

  test.for(graphs)(
    'the remainder by an infinite divisor of the other sign is that divisor: %s',
    async (engine) => {
      const remainder: Function1 = (t) => tf.mod(tf.slice(t, 0, 2), tf.slice(t, 2, 2));
      expect(await run(engine, remainder, [1, -1, -inf, inf])).toEqual([-inf, inf]);
    },
  );

  test.for(graphs)('a cast beyond int32 is an end of its range: %s', async (engine) => {
    const ends = await run(engine, (t) => tf.cast(t, 'int32'), [1e10, -1e10]);
    for (const end of ends) expect([-(2 ** 31), 2 ** 31]).toContain(end); // as float32
  });
});

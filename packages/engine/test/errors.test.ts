import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { InputError } from '@stillpoint/operators';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import type { TensorFunction } from './helpers.js';
import { lanesHere } from './lanes.js';

await tf.setBackend('cpu');
const x: readonly number[] = [2, 3];
const here = 'errors.test.ts';

async function messageOf(
  fn: (inputs: { readonly [name: string]: tf.Tensor }) => unknown,
  options: { readonly [name: string]: unknown } = {},
): Promise<string> {
  const before = tf.memory().numTensors;
  const outcome: unknown = await Reflect.apply(compile, undefined, [
    fn,
    { inputs: { x }, engine: 'native', ...options },
  ]).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(before);
  if (!(outcome instanceof Error)) throw new Error('compile did not reject');
  if (!(outcome instanceof InputError)) throw new Error('not an InputError', { cause: outcome });
  return outcome.message;
}

/**
 * The message with which every engine refuses a function, and with which cpu does if the function has an
 * operation that cannot be traced. All are the same.
 */
async function faultOf(fn: (inputs: { readonly [name: string]: tf.Tensor }) => unknown): Promise<string> {
  const untraceable = (inputs: { readonly [name: string]: tf.Tensor }): unknown => {
    tf.lowerBound(inputs['x']!, tf.zeros([2, 1]));
    return fn(inputs);
  };
  const messages = [await messageOf(untraceable, { engine: 'cpu' })];
  for (const engine of lanesHere) messages.push(await messageOf(fn, { engine }));
  expect(new Set(messages).size, messages.join('\n')).toBe(1);
  return messages[0]!;
}

describe('a compiled function that draws random numbers is refused', () => {
  const draws: { readonly [op: string]: () => tf.Tensor } = {
    randomNormal: () => tf.randomNormal([2, 3]),
    randomUniform: () => tf.randomUniform([2, 3]),
    randomUniformInt: () => tf.randomUniformInt([2, 3], 0, 9),
    randomStandardNormal: () => tf.randomStandardNormal([2, 3]),
    randomGamma: () => tf.randomGamma([2, 3], 1),
    truncatedNormal: () => tf.truncatedNormal([2, 3]),
    rand: () => tf.rand([2, 3], () => 0.5),
    dropout: () => tf.dropout(tf.ones([2, 3]), 0.5),
    multinomial: () => tf.multinomial(tf.tensor1d([0.5, 0.5]), 3, 7),
  };
  test.for(Object.keys(draws))('tf.%s', async (op) => {
    const message = await faultOf((inputs) => ({ y: tf.mul(tf.sum(inputs['x']!), draws[op]!()) }));
    expect(message).toContain(`tf.${op} inside`);
    expect(message).toContain('make the noise an input');
    expect(message).toContain(here);
  });

  test('by Math.random, a clock or a counter too', async () => {
    let counter = 0;
    const frozen: readonly TensorFunction[] = [
      (inputs) => ({ y: tf.mul(inputs['x']!, Math.random()) }),
      (inputs) => ({ y: tf.add(inputs['x']!, tf.tensor(Array.from({ length: 6 }, Math.random), [2, 3])) }),
      (inputs) => ({ y: tf.add(inputs['x']!, counter++) }),
    ];
    for (const fn of frozen) {
      const message = await faultOf(fn);
      expect(message).toContain('has different values each time it is made');
      expect(message).toContain(here);
    }
    expect(
      await faultOf((inputs) => ({ y: counter++ % 2 === 0 ? tf.exp(inputs['x']!) : tf.neg(inputs['x']!) })),
    ).toContain('makes another graph each time it is called');
  });
});

describe('a compiled function that reads values on the host is refused', () => {
  const reads: { readonly [op: string]: (t: tf.Tensor) => unknown } = {
    dataSync: (t) => t.dataSync(),
    arraySync: (t) => t.arraySync(),
    data: (t) => t.data(),
    array: (t) => t.array(),
    print: (t) => {
      t.print();
    },
  };
  test.for(Object.keys(reads))('%s', async (op) => {
    const message = await faultOf((inputs) => {
      void reads[op]!(inputs['x']!);
      return { y: inputs['x']! };
    });
    expect(message).toContain("reads a tensor's values");
    expect(message).toContain(here);
  });
});

test('an operation whose values decide the size of its result is named', async () => {
  const sized: { readonly [op: string]: (t: tf.Tensor) => unknown } = {
    whereAsync: (t) => tf.whereAsync(tf.greater(t, 0)),
    booleanMaskAsync: (t) => tf.booleanMaskAsync(t, tf.greater(t, 0)),
    setdiff1dAsync: (t) => tf.setdiff1dAsync(tf.reshape(t, [6]), tf.ones([2])),
  };
  for (const [op, call] of Object.entries(sized)) {
    const message = await faultOf((inputs) => {
      void call(inputs['x']!);
      return { y: inputs['x']! };
    });
    expect(message).toMatch(
      new RegExp(
        `^tf\\.${op} \\(at .*errors\\.test\\.ts:\\d+:\\d+\\): how large its result is depends on values.*tf\\.where or a mask`,
      ),
    );
  }
});

test('an operation that the graph does not have is named, with its place and what to do', async () => {
  const message = await messageOf((inputs) => ({ y: tf.lowerBound(inputs['x']!, tf.zeros([2, 1])) }));
  expect(message).toMatch(
    /^the tfjs kernel SearchSorted \(at .*errors\.test\.ts:\d+:\d+\) cannot be compiled yet; .*engine 'cpu'/,
  );
  const f = await compile((inputs) => ({ y: tf.lowerBound(inputs['x'], tf.tensor1d([2])) }), {
    inputs: { x: [3] },
    engine: 'cpu',
  });
  expect((await f.run({ x: Float32Array.of(1, 2, 3) })).y).toEqual(Float32Array.of(1));
});

test('operands that do not fit are named with their shapes', async () => {
  expect(await messageOf((inputs) => ({ y: tf.split(inputs['x']!, [1, 3], 1)[0]! }))).toContain(
    'cannot split 3 elements of axis 1 into [1,3]',
  );
  expect(await messageOf((inputs) => ({ y: tf.softplus(tf.cast(inputs['x']!, 'int32')) }))).toMatch(
    /kernel Softplus\(x: int32\[2,3\]\) \(at .*\): Softplus of int32; cast it first/,
  );
  const flags = (t: tf.Tensor): tf.Tensor => tf.greater(t, 0);
  const numeric: { readonly [op: string]: (t: tf.Tensor) => tf.Tensor } = {
    Add: (t) => tf.add(flags(t), flags(t)),
    Greater: (t) => tf.greater(flags(t), flags(t)),
    ReduceMax: (t) => tf.max(flags(t)),
    CumSum: (t) => tf.cumsum(flags(t), 1),
    MatMul: (t) => tf.matMul(flags(t), flags(t), true),
  };
  for (const [op, f] of Object.entries(numeric))
    expect(await messageOf((inputs) => ({ y: f(inputs['x']!) }))).toMatch(
      new RegExp(
        `\\(at .*errors\\.test\\.ts.*\\): ${op} of bool; cast it first: tf\\.cast\\(x, 'float32'\\)`,
      ),
    );
});

test('tensors and variables from outside are refused', async () => {
  const outside = tf.tensor1d([1, 2, 3]);
  const message = await faultOf((inputs) => ({ y: tf.add(inputs['x']!, outside) }));
  expect(message).toMatch(
    /a tensor float32\[3\] made outside the compiled function is used inside it \(at .*errors\.test\.ts.*pass its values as an input/,
  );
  const weights = tf.variable(outside, true, 'weights');
  expect(await faultOf((inputs) => ({ y: tf.add(inputs['x']!, weights) }))).toContain(
    'the variable weights is used inside it',
  );
  expect(Array.from(outside.dataSync())).toEqual([1, 2, 3]);
  weights.dispose();
  outside.dispose();
});

test('variables made inside, and kept tensors, are refused', async () => {
  expect(await faultOf((inputs) => ({ y: tf.variable(inputs['x']!, true, 'inner') }))).toMatch(
    /makes a tf\.variable \(inner\) \(at .*errors\.test\.ts:\d+:\d+\)/,
  );
  expect(await messageOf(() => ({ y: tf.tensor(['a']) }))).toMatch(
    /^a constant \(at .*errors\.test\.ts:\d+:\d+\) of type string/,
  );
  expect(await messageOf(() => ({ y: tf.tensor(['a']) }), { engine: 'cpu' })).toBe(
    'output y of the compiled function is of type string; expected float32, int32 or bool',
  );
  const kept: tf.Tensor[] = [];
  expect(
    await faultOf((inputs) => {
      kept.push(tf.keep(tf.exp(inputs['x']!)));
      return { y: kept.at(-1)! };
    }),
  ).toContain('keeps 1 tensor alive (tf.keep)');
});

test('a parameter without influence on the loss, and an operation without gradient, are named', async () => {
  const message = await messageOf((inputs) => {
    const [da, db] = tf.grads((...parameters: tf.Tensor[]) => tf.sum(parameters[0]!))([
      inputs['x']!,
      tf.ones([2]),
    ]);
    return { da: da!, db: db! };
  });
  expect(message).toMatch(
    /a parameter given to tf\.grads does not affect the loss.*tf\.mul\(0, tf\.sum\(parameter\)\)/,
  );
});

test('a missing gradient is named', async () => {
  const message = await messageOf((inputs) => ({
    y: tf.grad((v: tf.Tensor) =>
      tf.sum(
        tf.cumprod(
          tf.pad(v, [
            [0, 0],
            [1, 0],
          ]),
        ),
      ),
    )(inputs['x']!),
  }));
  expect(message).toMatch(
    /^tfjs has no gradient of Cumprod \(at .*errors\.test\.ts.*; express it by other operations/,
  );
});

describe('a gradient of tfjs that does not work is named, with its place and what to do', () => {
  const sum =
    (f: (...t: tf.Tensor[]) => tf.Tensor) =>
    (...t: tf.Tensor[]): tf.Tensor =>
      tf.sum(f(...t));
  const limits: { readonly [name: string]: readonly [fn: (x: tf.Tensor) => tf.Tensor, message: RegExp] } = {
    'a dilated convolution': [
      (x) =>
        tf.grad(
          sum((v) =>
            tf.conv2d(
              tf.reshape<tf.Rank.R4>(v!, [1, 2, 3, 1]),
              tf.ones<tf.Rank.R4>([2, 2, 1, 1]),
              1,
              'same',
              'NHWC',
              2,
            ),
          ),
        )(x),
      /^tfjs has no gradient of a dilated conv2D \(at .*tf\.spaceToBatchND/,
    ],
    'a broadcast': [
      (x) => tf.grads(sum((a, b) => tf.maximum(a!, b!)))([x, tf.ones([3])])[1]!,
      /^tfjs's gradient of Maximum in b has shape \[2,3\] instead of \[3\] \(at .*one shape, tf\.mul\(b, tf\.ones\(shape\)\)/,
    ],
    'a shared matrix': [
      (x) => tf.grads(sum((a, b) => tf.matMul(tf.reshape(a!, [2, 1, 3]), b!)))([x, tf.ones([3, 2])])[1]!,
      /^tfjs's gradient of BatchMatMul in b has shape \[2,3,2\].*tf\.matMul\(tf\.reshape\(x, \[-1, n\]\), w\)/,
    ],
    'a running sum': [
      (x) => tf.grad(sum((v) => tf.cumsum(v!, 0)))(x),
      /^tfjs's gradient of Cumsum in x has shape \[3,2\].*tf\.transpose so that the axis is the last/,
    ],
    'indices that were found': [
      (x) => tf.grad(sum((v) => tf.gather(v!, tf.argMax(v!, 0))))(x),
      /^tf\.gather at indices computed from what is differentiated.*x\.clone\(\)/,
    ],
    'batchNorm without a scale': [
      (x) => tf.grad(sum((v) => tf.batchNorm(v!, tf.zeros([3]), tf.ones([3]))))(x),
      /^tfjs cannot differentiate tf\.batchNorm without a scale \(at .*tf\.ones\(\[channels\]\)/,
    ],
  };
  test.for(Object.keys(limits))('%s', async (name) => {
    const [fn, message] = limits[name]!;
    const text = await messageOf((inputs) => ({ y: fn(inputs['x']!) }));
    expect(text).toMatch(message);
    expect(text).toContain(here);
  });
});

test('what the function returns is checked', async () => {
  const returning = (value: unknown): Promise<string> =>
    faultOf(() => Reflect.apply(() => value, undefined, []));
  expect(await returning(Promise.reject(new Error('late')))).toContain(
    'returns a promise; write it synchronously',
  );
  expect(await faultOf((inputs) => Reflect.apply(async () => ({ y: inputs['x'] }), undefined, []))).toContain(
    'returns a promise',
  );
  expect(await returning(undefined)).toContain(
    'returns undefined; expected named tensors such as { loss, gradient }',
  );
  expect(await faultOf((inputs) => Reflect.apply(() => inputs['x'], undefined, []))).toContain(
    'returns one tensor; expected named tensors',
  );
  expect(await returning([])).toContain('returns an array');
  expect(await returning({})).toContain('returns no outputs');
  expect(await returning({ loss: 3 })).toContain(
    'output loss of the compiled function is number; expected a tensor',
  );
  expect(
    await faultOf((inputs) => {
      const y = tf.exp(inputs['x']!);
      y.dispose();
      return { y };
    }),
  ).toContain('output y of the compiled function is a disposed tensor');
});

test('options are checked', async () => {
  const fine: TensorFunction = (inputs) => ({ y: inputs['x']! });
  expect(await messageOf(fine, { engine: 'nativ' })).toBe('unknown engine "nativ"; did you mean native?');
  expect(await messageOf(fine, { engine: 'cuda-graphs' })).toBe(
    'unknown engine "cuda-graphs"; known: auto, native, wasm, webgpu, tensorflow, cpu',
  );
  expect(await messageOf(fine, { inputs: { x: [2, -1] } })).toBe(
    'the shape of input x is [2, -1]; expected a list of positive whole numbers, [] for a scalar',
  );
  expect(await messageOf(fine, { inputs: { x: 3 } })).toContain('the shape of input x is 3');
  expect(await messageOf(fine, { inputs: {} })).toBe(
    'the inputs of compile are {}; expected the shapes of the inputs: { inputs: { x: [32, 2] } }',
  );
  expect(await messageOf(fine, { threads: 0 })).toContain('threads is 0; expected a whole number from 1');
  await expect(Reflect.apply(compile, undefined, [null, { inputs: { x } }])).rejects.toThrow(
    'compile takes a function; got null',
  );
});

test("the user's own errors are passed on unchanged", async () => {
  const mine = new RangeError('mine');
  await expect(
    compile(
      () => {
        throw mine;
      },
      { inputs: { x }, engine: 'native' },
    ),
  ).rejects.toBe(mine);
});

import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { describe, expect, test } from 'vitest';
import { compile, emit, inputName, outputName, runOnnx } from '../src/index.js';
import { writeModel } from '../src/emit/onnx.js';

interface Fixture {
  readonly file: string;
  readonly images: readonly number[];
  readonly rows: readonly number[];
  readonly features: readonly number[];
  readonly chosen: readonly number[];
  readonly labels: readonly number[];
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL('fixtures/onnx-package.json', import.meta.url), 'utf8'),
);
const file = new Uint8Array(Buffer.from(fixture.file, 'base64'));
const images = Float32Array.from(fixture.images);
const rows = BigInt64Array.from(fixture.rows, BigInt);
const engines = ['native', 'wasm'] as const;

/** A file with one input, of the given shape and type number, that is its output. */
const identity = (type = 1): Uint8Array => {
  const bytes = writeModel({
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'], attributes: {} }],
    initializers: [],
    inputs: [{ name: 'x', shape: [2, 3] }],
    outputs: [{ name: 'y', shape: [2, 3] }],
  });
  // in both ports, the element type (field 1) stands before the shape (field 2)
  for (let i = 0; i + 3 < bytes.length; i++)
    if (bytes[i] === 8 && bytes[i + 1] === 1 && bytes[i + 2] === 18) bytes[i + 1] = type;
  return bytes;
};

describe.each(engines)('on %s', (engine) => {
  test('a file of the onnx package runs, with open dimensions and integers', async () => {
    const model = await runOnnx(file, { engine });
    expect([model.engine, model.version]).toEqual([
      engine,
      expect.stringMatching(/^onnxruntime-(node|web) \d/),
    ]);
    expect(model.inputs).toEqual({
      images: { type: 'float32', shape: ['batch', 4] },
      rows: { type: 'int64', shape: ['count'] },
    });
    expect(model.outputs).toEqual({
      features: { type: 'float32', shape: ['batch', 3] },
      chosen: { type: 'float32', shape: ['count', 3] },
      labels: { type: 'int64', shape: ['batch'] },
    });
    const expected = {
      features: { data: Float32Array.from(fixture.features), shape: [5, 3] },
      chosen: { data: Float32Array.from(fixture.chosen), shape: [2, 3] },
      labels: { data: BigInt64Array.from(fixture.labels, BigInt), shape: [5] },
    };
    expect(await model.run({ images, rows })).toEqual(expected);
    expect(await model.run({ images: { data: images, shape: [5, 4] }, rows })).toEqual(expected);
    const first = await model.run({ images: images.slice(0, 4), rows: rows.slice(1) });
    expect(first['features']).toEqual({ data: expected.features.data.slice(0, 3), shape: [1, 3] });
    await model.dispose();
    await model.dispose();
    await expect(model.run({ images, rows })).rejects.toThrow('this ONNX model was disposed; load it again');
  });

  test('a file that emit wrote runs, as the compiled function does', async () => {
    const compiled = await compile(({ x, w }) => ({ y: tf.relu(tf.matMul(x, w)) }), {
      inputs: { x: [2, 2], w: [2, 1] },
      engine,
    });
    const model = await runOnnx(emit(compiled.graph!), { engine });
    const [x, w] = [Float32Array.of(1, 2, 3, -4), Float32Array.of(5, 6)];
    const { y } = await compiled.run({ x, w });
    expect(await model.run({ [inputName('x')]: x, [inputName('w')]: w })).toEqual({
      [outputName('y')]: { data: y, shape: [2, 1] },
    });
    expect(Array.from(y)).toEqual([17, 0]);
    await compiled.dispose();
    await model.dispose();
  });

  test('feeds are checked', async () => {
    const model = await runOnnx(file, { engine });
    const refused = async (feeds: unknown, message: string): Promise<void> => {
      const run = Reflect.apply(model.run, undefined, [feeds]);
      await expect(run).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow(message);
    };
    await refused({ images, row: rows }, 'unknown input "row"; did you mean rows?');
    await refused({ images }, 'input "rows" is missing; expected a BigInt64Array of shape [count]');
    await refused(
      { images, rows: [1, 2] },
      'input "rows" is [1, 2]; expected a BigInt64Array of shape [count]',
    );
    await refused(
      { images: new Float64Array(20), rows },
      'input "images" is a Float64Array of 160 bytes; expected a Float32Array of shape [batch, 4]',
    );
    await refused(
      { images: images.slice(1), rows },
      'input "images" has 19 elements; expected shape [batch, 4]',
    );
    await refused(
      { images: images.slice(20), rows },
      'input "images" has 0 elements; expected shape [batch, 4]',
    );
    await refused(
      { images: { data: images, shape: [4, 5] }, rows },
      'input "images" has shape [4, 5]; expected [batch, 4]',
    );
    await refused({ images: { data: images, shape: [4, 4] }, rows }, 'has 20 elements; shape [4, 4] has 16');
    await refused(
      { images: { data: images, shape: [5, -4] }, rows },
      'the shape of input "images" is [5, -4]',
    );
    await refused(null, 'the inputs are null; expected');
    const running = model.run({ images, rows });
    await expect(model.run({ images, rows })).rejects.toThrow(
      'earlier run() of the same ONNX model is running',
    );
    await running;
    await model.dispose();
  });

  test('open dimensions agree, and several of one input need a shape', async () => {
    const bytes = writeModel({
      nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['y'], attributes: {} }],
      initializers: [],
      inputs: [
        { name: 'a', shape: ['n', 'k'] },
        { name: 'b', shape: ['k', ''] },
      ],
      outputs: [{ name: 'y', shape: ['n', ''] }],
    });
    const model = await runOnnx(bytes, { engine });
    expect(model.inputs['b']).toEqual({ type: 'float32', shape: ['k', '?'] });
    const a = { data: Float32Array.of(1, 2), shape: [1, 2] };
    const b = { data: Float32Array.of(3, 4), shape: [2, 1] };
    expect(await model.run({ a, b })).toEqual({ y: { data: Float32Array.of(11), shape: [1, 1] } });
    await expect(model.run({ a: a.data, b })).rejects.toThrow(
      'input "a" is an array; its shape [n, k] leaves several sizes open: pass { data, shape }',
    );
    await expect(model.run({ a, b: { ...b, shape: [1, 2] } })).rejects.toThrow(
      'input "b" has k = 1; another input has k = 2',
    );
    await model.dispose();
  });

  test('what is not an ONNX file, or has types or operators that cannot run, is refused', async () => {
    const refused = async (bytes: Uint8Array, message: RegExp): Promise<void> => {
      const loading = runOnnx(bytes, { engine });
      await expect(loading).rejects.toThrow(InputError);
      await expect(loading).rejects.toThrow(message);
    };
    await refused(new Uint8Array(0), /^the 0 bytes are not an ONNX file$/);
    await refused(new TextEncoder().encode('{"format": "tfjs"}'), /^the 18 bytes are not an ONNX file$/);
    await refused(
      identity(8),
      /^input "x" of the ONNX file is of type string; expected a tensor of float32, /,
    );
    const unknown = writeModel({
      nodes: [{ op: 'Frobnicate', inputs: ['x'], outputs: ['y'], attributes: {} }],
      initializers: [],
      inputs: [{ name: 'x', shape: [1] }],
      outputs: [{ name: 'y', shape: [1] }],
    });
    await refused(unknown, /^the runtime does not load the ONNX file: .*Frobnicate/s);
  });
});

test('arguments are checked', async () => {
  const refused = (args: readonly unknown[], message: string): Promise<void> =>
    expect(Reflect.apply(runOnnx, undefined, args)).rejects.toThrow(message);
  await refused(['model.onnx'], 'runOnnx takes the bytes of an ONNX file as a Uint8Array; got "model.onnx"');
  await refused([file, 'native'], 'the options of runOnnx are "native"; expected { engine, threads }');
  await refused([file, { engine: 'cpu' }], 'engine cpu does not run ONNX files; use auto, native or wasm');
  await refused([file, { engine: 'nativ' }], 'unknown engine "nativ"; did you mean native?');
  await refused([file, { threads: 0.5 }], 'threads is 0.5; expected a whole number from 1');
  const model = await runOnnx(identity());
  expect(model.engine).toBe('native');
  await model.dispose();
});

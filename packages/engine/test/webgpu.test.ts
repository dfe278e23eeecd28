import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createBuilder } from '../src/builder.js';
import { compile, findEngines } from '../src/index.js';
import { modelOf } from '../src/emit/emit.js';
import type { Value } from '../src/graph.js';
import type { Operation } from '../src/operations.js';
import { isLeftToWasm } from '../src/run/webgpu.js';

// What engine webgpu does without WebGPU; browser.test.ts runs it in a page. An older onnxruntime-web is
// imitated.
vi.mock('onnxruntime-web/webgpu', () => ({
  Tensor: class {},
  InferenceSession: { create: () => {} },
  env: { versions: { web: '1.24.3' } },
}));

afterEach(() => {
  vi.unstubAllGlobals();
});

const make = (threads?: number): Promise<unknown> =>
  compile(({ x }) => ({ y: tf.neg(x) }), {
    inputs: { x: [2] },
    engine: 'webgpu',
    ...(threads === undefined ? {} : { threads }),
  });
const browser = (requestAdapter: () => Promise<unknown>): void => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
};

describe('engine webgpu is refused with what it needs and what to use', () => {
  test('in Node', async () => {
    const reason =
      'engine webgpu needs a page with WebGPU: there is no navigator.gpu here (Node has none, pages only over https or on localhost); use engine wasm';
    await expect(make()).rejects.toThrow(new InputError(reason));
    expect(await findEngines(['webgpu'])).toEqual([{ engine: 'webgpu', found: false, reason }]);
  });

  test('in a page without an adapter, which is asked again', async () => {
    browser(async () => null);
    await expect(make()).rejects.toThrow(
      'engine webgpu needs a page with WebGPU: the browser found no adapter, that is, no graphics processor; use engine wasm',
    );
    browser(() => Promise.reject(new Error('lost')));
    await expect(make()).rejects.toThrow('the request for an adapter failed (lost); use engine wasm');
  });

  test('with an onnxruntime-web that has another WebGPU', async () => {
    browser(async () => ({ info: {} }));
    await expect(make()).rejects.toThrow(
      'engine webgpu needs onnxruntime-web 1.30 or later, and found onnxruntime-web 1.24.3; install that, or use engine wasm',
    );
  });

  test('with threads', async () => {
    await expect(make(2)).rejects.toThrow(
      new InputError('engine webgpu computes on the graphics processor; threads is 2; expected 1'),
    );
  });
});

describe('operations that are left to WebAssembly', () => {
  const whole = { strides: [1, 1], dilations: [1, 1], before: [0, 0], after: [0, 0] } as const;
  const isLeft = (operation: Operation, ...shapes: readonly (readonly number[] | Value)[]): boolean => {
    const build = createBuilder();
    build.add(operation, ...shapes.map((shape, i) => ('id' in shape ? shape : build.input(`x${i}`, shape))));
    return isLeftToWasm(build.nodes[0]!);
  };

  test.for([
    [6, 8, true],
    [9, 4, true],
    [3, 8, false],
    [12, 8, false],
    [6, 7, false],
    [5, 8, false],
  ] as const)('a convolution of %i to %i channels: %s', ([i, o, left]) => {
    expect(isLeft({ op: 'Conv', window: whole }, [2, i, 5, 4], [o, i, 3, 3])).toBe(left);
  });

  test.for([
    { kernel: [1, 1], before: [0, 0], after: [0, 1], left: true },
    { kernel: [5, 4], before: [0, 0], after: [1, 0], left: true },
    { kernel: [1, 1], before: [0, 1], after: [0, 1], left: false },
    { kernel: [1, 1], before: [0, 0], after: [0, 0], left: false },
    { kernel: [3, 4], before: [0, 0], after: [0, 1], left: false },
  ] as const)('a filter of $kernel, padded by $before and $after: $left', ({ kernel, left, ...padding }) => {
    const window = { ...whole, ...padding };
    expect(isLeft({ op: 'Conv', window }, [2, 8, 5, 4], [8, 8, ...kernel])).toBe(left);
  });

  test('a transposed convolution in groups, and not one in one group', () => {
    const operation = { op: 'ConvTranspose', window: whole, size: [7, 6] } as const;
    expect(isLeft({ ...operation, groups: 4 }, [2, 4, 5, 4], [4, 1, 3, 3])).toBe(true);
    expect(isLeft(operation, [2, 4, 5, 4], [4, 4, 3, 3])).toBe(false);
  });

  test('elements at computed indices, and not those at constant ones, which are checked before', () => {
    const build = createBuilder();
    const constant = build.constant(Int32Array.of(1, 0), [2], 'int32');
    const computed = build.add({ op: 'Cast', to: 'int32' }, build.input('i', [2]));
    expect(isLeft({ op: 'Gather', axis: 0 }, [3, 4], computed)).toBe(true);
    expect(isLeft({ op: 'Gather', axis: 0 }, [3, 4], constant)).toBe(false);
  });

  test('their names are those of all ONNX nodes that they are made of', () => {
    const build = createBuilder();
    const x = build.add({ op: 'Exp' }, build.input('x', [1, 2, 4, 4]));
    const pool = { kernel: [2, 2], window: { ...whole, strides: [2, 2] } } as const;
    const y = build.add({ op: 'MaxPoolGradient', ...pool }, x, build.input('dy', [1, 2, 2, 2]));
    const { model, apartNames } = modelOf(build.finish([{ name: 'y', value: y }]), isLeftToWasm);
    expect(model.nodes.map(({ op }, i) => `${op}_${i}`)).toEqual(['Exp_0', ...apartNames]);
    expect(apartNames).toContain('MaxPool_1');
  });
});

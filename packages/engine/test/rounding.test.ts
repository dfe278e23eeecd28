import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@stillpoint/operators';
import { expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { four } from './cases.js';

// dimRoundingMode: whether a window that reaches beyond the images counts.

type Mode = 'floor' | 'round' | 'ceil';
const ops: {
  readonly [name: string]: (x: tf.Tensor, w: tf.Tensor, stride: number, mode: Mode) => tf.Tensor;
} = {
  conv2d: (x, w, stride, mode) => tf.conv2d(four(x), four(w), stride, 0, 'NHWC', 1, mode),
  padded: (x, w, stride, mode) => tf.conv2d(four(x), four(w), stride, 1, 'NHWC', 1, mode),
  depthwiseConv2d: (x, w, stride, mode) => tf.depthwiseConv2d(four(x), four(w), stride, 0, 'NHWC', 1, mode),
  avgPool: (x, _, stride, mode) => tf.avgPool(four(x), [2, 3], stride, 0, mode),
  maxPool: (x, _, stride, mode) => tf.maxPool(four(x), [2, 3], stride, 0, mode),
};

for (const name of Object.keys(ops)) {
  for (const mode of ['floor', 'round', 'ceil'] as const) {
    for (const stride of [2, 3]) {
      test(`${name} with stride ${stride} and dimRoundingMode ${mode} is as on cpu, and its gradient is its transpose`, async () => {
        const op = ops[name]!;
        const inputs = { x: [2, 7, 8, 2], w: [2, 3, 2, name === 'depthwiseConv2d' ? 3 : 4] };
        const feeds = {
          x: Float32Array.from({ length: sizeOf(inputs.x) }, (_, i) => 12 * (((7 * i) % 11) - 5)),
          w: Float32Array.from({ length: sizeOf(inputs.w) }, (_, i) => ((5 * i) % 7) - 3),
        };
        const forward = await compile(({ x, w }) => ({ y: op(x, w, stride, mode) }), {
          inputs,
          engine: 'cpu',
        });
        const expected = (await forward.run(feeds)).y;
        for (const engine of ['native', 'wasm'] as const) {
          const compiled = await compile(
            ({ x, w, dy }) => {
              const loss = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
                tf.sum(tf.mul(dy, op(a, b, stride, mode)));
              return {
                y: op(x, w, stride, mode),
                dx: tf.grad((a) => loss(a, w))(x),
                dw: name.endsWith('Pool') ? w : tf.grad((b) => loss(x, b))(w),
              };
            },
            { inputs: { ...inputs, dy: forward.outputs.y }, engine },
          );
          const dy = Float32Array.from(expected, (_, i) => 12 * ((i % 5) - 2));
          const { y, dx, dw } = await compiled.run({ ...feeds, dy });
          await compiled.dispose();
          expect(compiled.outputs.y).toEqual(forward.outputs.y);
          expect(y).toEqual(expected); // whole numbers: each window has a divisor of 12 pixels
          const dot = (a: Float32Array, b: Float32Array): number =>
            a.reduce((sum, v, i) => sum + v * b[i]!, 0);
          // y is linear in x and in w, or the largest of some: each gradient times its operand is dy times y
          expect(dot(dx, feeds.x)).toBe(dot(dy, y));
          if (!name.endsWith('Pool')) expect(dot(dw, feeds.w)).toBe(dot(dy, y));
        }
      });
    }
  }
}

test('five pixels in windows of two, rounded up', async () => {
  for (const engine of ['native', 'wasm', 'cpu'] as const) {
    const compiled = await compile(({ x }) => ({ y: tf.avgPool(four(x), 2, 2, 0, 'ceil') }), {
      inputs: { x: [1, 5, 5, 1] },
      engine,
    });
    expect(compiled.outputs.y).toEqual([1, 3, 3, 1]);
    const { y } = await compiled.run({ x: Float32Array.from({ length: 25 }, (_, i) => i) });
    expect(Array.from(y)).toEqual([3, 5, 6.5, 13, 15, 16.5, 20.5, 22.5, 24]);
  }
});

test('a window beyond the images is refused', async () => {
  const wide = compile(({ x }) => ({ y: tf.maxPool(four(x), 1, 3, 0, 'ceil') }), {
    inputs: { x: [1, 6, 6, 1] },
  });
  await expect(wide).rejects.toThrow(
    /MaxPool.*\(at .*rounding\.test\.ts.*\): a window of \[1,1\] lies in the padding alone; choose another pad or dimRoundingMode/,
  );
});

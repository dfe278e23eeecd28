import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../src/index.js';
import { feedsOf, type Shapes, worstError } from './helpers.js';

export type Op = (...inputs: tf.Tensor[]) => tf.Tensor | readonly tf.Tensor[];
export interface Case {
  readonly op: Op;
  readonly shapes?: readonly (readonly number[])[];
  /** The range of the elements; default (−2, 2). */
  readonly low?: number;
  readonly high?: number;
  /** False if no gradient is to be tested. */
  readonly gradient?: false;
}

export const matrix = [[4, 6]];
/** The option of a case without a test of gradients. */
export const whole = { gradient: false } as const;
/** An operand with four axes, typed as tfjs needs it. */
export const four = (x: tf.Tensor | undefined): tf.Tensor4D => {
  const [a = 1, b = 1, c = 1, d = 1] = x!.shape;
  return tf.reshape<tf.Rank.R4>(x!, [a, b, c, d]);
};
/**
 * For sums of products, relative to max(1, |expected|): a case adds up n ≤ 800 products of numbers below 2 in
 * any order: √n roundings of a sum of size √n each, n·2⁻²⁴ in all, on either side.
 */
export const productsTolerance = 2 * 800 * 2 ** -24;

const names = ['a', 'b', 'c'];
const listed = (result: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] =>
  result instanceof tf.Tensor ? [result] : result;

/** The case's outputs and, unless it says otherwise, the gradient of their weighted sum in every operand. */
function outputsAndGradients({
  op,
  shapes = matrix,
  gradient,
}: Case): (inputs: { readonly [name: string]: tf.Tensor }) => { [name: string]: tf.Tensor } {
  return (inputs) => {
    const operands = names.slice(0, shapes.length).map((name) => inputs[name]!);
    const outputs = Object.fromEntries(listed(op(...operands)).map((y, i) => [`y${i}`, y]));
    if (gradient === false) return outputs;
    const weighted = (y: tf.Tensor, i: number): tf.Tensor =>
      tf.sum(
        tf.mul(
          y,
          tf.tensor(
            Float32Array.from({ length: y.size }, (_, k) => Math.sin(k + i + 1)),
            y.shape,
          ),
        ),
      );
    const loss = (...xs: tf.Tensor[]): tf.Scalar =>
      tf.addN<tf.Scalar>(listed(op(...xs)).map((y, i) => tf.reshape(weighted(y, i), [])));
    return {
      ...outputs,
      ...Object.fromEntries(
        tf
          .grads(loss)(operands)
          .map((g, i) => [`d${i}`, g]),
      ),
    };
  };
}

/**
 * Expects a case, traced and run natively and in wasm, to be what tfjs computes on cpu; returns the tfjs
 * kernels that it used.
 */
async function expectAsOnCpu(
  { low = -2, high = 2, ...rest }: Case,
  tolerance: number,
): Promise<readonly string[]> {
  await tf.setBackend('cpu');
  const shapes: Shapes = Object.fromEntries((rest.shapes ?? matrix).map((shape, i) => [names[i], shape]));
  const feeds = feedsOf(shapes, low, high);
  const fn = outputsAndGradients(rest);
  const reference = await compile(fn, { inputs: shapes, engine: 'cpu' });
  const expected = await reference.run(feeds);
  for (const engine of ['native', 'wasm'] as const) {
    const compiled = await compile(fn, { inputs: shapes, engine });
    expect(compiled.outputs).toEqual(reference.outputs);
    const got = await compiled.run(feeds);
    for (const output of Object.keys(expected)) {
      expect(
        expected[output]!.some((v) => v !== 0) || output.startsWith('d'),
        `${output} is all zeros: the case shows nothing`,
      ).toBe(true);
      expect(worstError(got[output]!, expected[output]!), `${engine} ${output}`).toBeLessThan(tolerance);
    }
    await compiled.dispose();
  }
  const profile = await tf.profile(() =>
    tf.tidy(() =>
      Object.values(
        fn(
          Object.fromEntries(
            Object.entries(feeds).map(([key, data]) => [key, tf.tensor(data, [...shapes[key]!])]),
          ),
        ),
      ),
    ),
  );
  return profile.kernelNames;
}

/** A test of every case, and of whether the cases use every one of the kernels. */
export function testAsOnCpu(
  cases: { readonly [name: string]: Case },
  tolerance: number,
  kernels: { readonly [name: string]: unknown },
): void {
  const met = new Set<string>();
  test.for(Object.keys(cases))(
    '%s: traced and run, natively and in wasm, as tfjs computes it on cpu',
    async (name) => {
      for (const kernel of await expectAsOnCpu(cases[name]!, tolerance)) met.add(kernel);
    },
  );
  afterAll(() => {
    expect(Object.keys(kernels).filter((kernel) => !met.has(kernel))).toEqual([]);
  });
}

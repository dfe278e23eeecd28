import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { compile, type EngineName } from '@stillpoint/engine';
import { sizeOf } from '@stillpoint/operators';
import { expect } from 'vitest';
import { countBuffers, countParameters, unflatten, type Network } from '../src/index.js';
import './numbers.js';

/** A case of bench/pytorch/layers.py or models.py. */
export interface Case {
  readonly spec: string;
  /** The batch and the shape of an example. */
  readonly x: readonly number[];
  readonly output: readonly number[];
  readonly parameters: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  /** The gradient in x; null where x holds tokens. */
  readonly slope: readonly number[] | null;
}

/** The cases of a fixture. */
export function casesOf(name: string): readonly Case[] {
  const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
    readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'),
  );
  return cases;
}

export const formula = (size: number, f: (i: number) => number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => f(i));
/** A unit vector, as bench/pytorch/layers.py has it. */
const direction = (size: number): Float32Array => {
  const v = formula(size, (i) => Math.cos(1 + i));
  return v.map((x) => x / Math.hypot(...v));
};

/** The scripts' parameters of these shapes, one after another. */
export const parametersAt = (shapes: readonly (readonly number[])[]): Float32Array =>
  Float32Array.from(
    shapes.flatMap((shape, j) => [...formula(sizeOf(shape), (i) => 0.4 * Math.sin(1 + 0.9 * i + 2.3 * j))]),
  );

/**
 * Largest error of a layer's tensor: fewer than 100 roundings of 6e-8 each; PyTorch's numbers are float64.
 */
export const CLOSE = 1e-5;
/** That of one deep inside a network. */
export const CLOSE_INSIDE = 1e-4;
/**
 * Error in units of the largest gradient: where terms cancel, as in the gradient of a bias before batch
 * norm, which is 0, their roundings are left.
 */
const CANCELLED = 2 ** -20;
const distance = (a: Float32Array, b: readonly number[]): number => Math.hypot(...a.map((v, i) => v - b[i]!));

/**
 * Checks a network at the scripts' examples and the given parameters: its output y, the gradient of ⟨y, w⟩
 * in each of the case's parameters, which come first, and in x.
 */
export async function checkCase(
  net: Network,
  one: Case,
  p: Float32Array,
  engine: EngineName,
  close: number = CLOSE,
): Promise<void> {
  const [batch = 1] = one.x;
  const { classes = 0 } = net;
  const run = await compile(
    ({ p: flat, z, w, v }: { readonly [name in 'p' | 'z' | 'w' | 'v']: tf.Tensor }) => {
      const own = Array.from({ length: batch }, (_, i) => i % classes);
      const labels =
        classes === 0 ? undefined : tf.cast(tf.oneHot(tf.tensor1d(own, 'int32'), classes), 'float32');
      const output = (all: tf.Tensor, examples: tf.Tensor): tf.Tensor => {
        const tensors = unflatten(all, net);
        return net.apply(net.used?.(tensors, [v]) ?? tensors, examples, { labels });
      };
      const value = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.sum(tf.mul(output(a, b), w));
      return {
        y: output(flat, z),
        gradient: tf.grad((a) => value(a, z))(flat),
        slope: one.slope === null ? tf.zeros([1]) : tf.grad((b) => value(flat, b))(z),
      };
    },
    {
      inputs: {
        p: [countParameters(net)],
        z: [batch, net.inputs],
        w: [batch, net.outputs],
        v: [Math.max(1, countBuffers(net))],
      },
      engine,
    },
  );
  const { y, gradient, slope } = await run.run({
    p,
    z: formula(batch * net.inputs, one.slope === null ? (i) => (3 * i) % 5 : (i) => Math.sin(0.5 + 1.3 * i)),
    w: formula(batch * net.outputs, (i) => Math.cos(0.3 + 0.8 * i)),
    v: direction(Math.max(1, countBuffers(net))),
  });
  expect(net.outputs).toBe(sizeOf(one.output));
  expect(distance(y, one.y)).toBeLessThan(close * Math.hypot(...one.y));
  const largest = Math.max(...one.gradients.map((gradient) => Math.hypot(...gradient)), 0);
  let at = 0;
  for (const [i, expected] of one.gradients.entries()) {
    const error = distance(gradient.subarray(at, (at += expected.length)), expected);
    const limit = close * Math.hypot(...expected) + CANCELLED * largest;
    expect(error, `parameter ${i}`).toBeLessThan(limit);
  }
  if (one.slope !== null) expect(distance(slope, one.slope)).toBeLessThan(close * Math.hypot(...one.slope));
  await run.dispose();
}

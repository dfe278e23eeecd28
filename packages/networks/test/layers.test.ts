import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { compile, type EngineName } from '@stillpoint/engine';
import { sizeOf } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  countBuffers,
  countParameters,
  layerFrom,
  sequential,
  unflatten,
  type Network,
} from '../src/index.js';
import { relative } from './numbers.js';

interface Case {
  readonly spec: string;
  readonly x: readonly number[];
  readonly output: readonly number[];
  readonly parameters: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly slope: readonly number[] | null;
}
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('fixtures/layers.json', import.meta.url), 'utf8'),
);

const formula = (size: number, f: (i: number) => number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => f(i));
/** A unit vector, as bench/pytorch/layers.py has it. */
const direction = (size: number): Float32Array => {
  const v = formula(size, (i) => Math.cos(1 + i));
  return v.map((x) => x / Math.hypot(...v));
};

/**
 * A network of one layer at the script's examples and parameters: its output, and the gradients of ⟨y, w⟩. A
 * layer without parameters comes before a dense one, whose kernel is the identity.
 */
async function evaluated(
  { spec, x: shape, parameters }: Case,
  engine: EngineName,
): Promise<{ net: Network; y: Float32Array; gradients: readonly Float32Array[]; slope: Float32Array }> {
  const [batch = 1, ...example] = shape;
  const layer = layerFrom(spec);
  const bare = parameters.length === 0;
  const outputs = layer.build(example, 'layer').output;
  const net = sequential({
    inputs: example,
    layers: bare
      ? [layer, layerFrom('flatten'), layerFrom(`dense(units=${sizeOf(outputs)}, bias=false)`)]
      : [layer],
  });
  const flat = bare
    ? formula(countParameters(net), (i) => (i % (sizeOf(outputs) + 1) === 0 ? 1 : 0))
    : Float32Array.from(
        parameters.flatMap((own, j) => [
          ...formula(sizeOf(own), (i) => 0.4 * Math.sin(1 + 0.9 * i + 2.3 * j)),
        ]),
      );
  const tokens = spec.startsWith('embedding');
  const { classes = 0 } = net;
  const weights = formula(batch * net.outputs, (i) => Math.cos(0.3 + 0.8 * i));
  const run = await compile(
    ({ p, z, w, v }: { readonly [name in 'p' | 'z' | 'w' | 'v']: tf.Tensor }) => {
      const labels =
        classes === 0
          ? undefined
          : tf.oneHot(
              tf.tensor1d(
                Array.from({ length: batch }, (_, i) => i % classes),
                'int32',
              ),
              classes,
            );
      const output = (flatParameters: tf.Tensor, examples: tf.Tensor): tf.Tensor => {
        const tensors = unflatten(flatParameters, net);
        const used = net.used?.(tensors, [v]) ?? tensors;
        return net.apply(used, examples, { labels: labels && tf.cast(labels, 'float32') });
      };
      const value = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.sum(tf.mul(output(a, b), w));
      return {
        y: output(p, z),
        gradient: tf.grad((a) => value(a, z))(p),
        slope: tokens ? tf.zeros([1]) : tf.grad((b) => value(p, b))(z),
      };
    },
    {
      inputs: {
        p: [flat.length],
        z: [batch, net.inputs],
        w: [batch, net.outputs],
        v: [Math.max(1, countBuffers(net))],
      },
      engine,
    },
  );
  const { y, gradient, slope } = await run.run({
    p: flat,
    z: formula(batch * net.inputs, tokens ? (i) => (3 * i) % 5 : (i) => Math.sin(0.5 + 1.3 * i)),
    w: weights,
    v: direction(Math.max(1, countBuffers(net))),
  });
  await run.dispose();
  let at = 0;
  return {
    net,
    y: y.slice(),
    slope: slope.slice(),
    gradients: parameters.map((own) => gradient.slice(at, (at += sizeOf(own)))),
  };
}

// fewer than 100 roundings of 6e-8 each, and PyTorch's numbers are those of float64
const CLOSE = 1e-5;

describe.each(['native', 'wasm', 'cpu'] as const)('PyTorch’s numbers, on %s', (engine) => {
  // tfjs's cpu backend has a wrong gradient for resizeNearestNeighbor of several examples
  const all = cases.filter(({ spec }) => engine !== 'cpu' || spec !== 'upsample');
  it.each(all.map((one) => [one.spec, String(one.x), one] as const))('%s of [%s]', async (_, __, one) => {
    const { net, y, gradients, slope } = await evaluated(one, engine);
    expect(net.outputs).toBe(sizeOf(one.output));
    if (one.parameters.length > 0) expect(net.parameters.map(({ shape }) => shape)).toEqual(one.parameters);
    expect(relative(y, Float32Array.from(one.y))).toBeLessThan(CLOSE);
    for (const [i, gradient] of gradients.entries())
      expect(relative(gradient, Float32Array.from(one.gradients[i]!)), `parameter ${i}`).toBeLessThan(CLOSE);
    if (one.slope !== null) expect(relative(slope, Float32Array.from(one.slope))).toBeLessThan(CLOSE);
  });
});

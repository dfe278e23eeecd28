import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import { normaliseByBatch, dcganDiscriminator, dcganGenerator, type Network } from '../src/index.js';
import { normals } from './numbers.js';

/** The output of a network for given parameters, on tfjs's cpu backend. */
async function applied(
  net: Network,
  parameters: readonly Float32Array[],
  x: Float32Array,
  batch: number,
): Promise<Float32Array> {
  const run = await compile(
    (inputs) => ({
      y: net.apply(
        net.parameters.map(({ shape }, i) => tf.tensor(parameters[i] ?? [], [...shape])),
        inputs.x,
        {},
      ),
    }),
    { inputs: { x: [batch, net.inputs] }, engine: 'cpu' },
  );
  const { y } = await run.run({ x });
  await run.dispose();
  return y;
}

const started = (net: Network, deviation = 1): Float32Array[] =>
  net.parameters.map((parameter, i) => {
    const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
    net.initialise(parameter, values, { seed: 1, purpose: parameter.name, call: i });
    return values.map((v) => v * deviation);
  });

describe('batch norm', () => {
  it('gives each channel mean 0 and variance σ²/(σ² + ε), and reports the moments of its batch', async () => {
    const run = await compile(
      ({ h }) => {
        const used: tf.Tensor[] = [];
        const y = normaliseByBatch(h, tf.tensor1d([1, 2]), tf.tensor1d([0, 5]), 0, {
          used: (_, { mean, variance }) => void used.push(mean, variance),
        });
        return { y, mean: used[0] ?? y, variance: used[1] ?? y };
      },
      { inputs: { h: [4, 3, 2, 2] } },
    );
    const h = normals(48, 0, 3).map((v, i) => v + (i % 2));
    const { y, mean, variance } = await run.run({ h });
    for (const channel of [0, 1]) {
      const own = [...h].filter((_, i) => i % 2 === channel);
      const m = own.reduce((a, b) => a + b, 0) / own.length;
      const v = own.reduce((a, b) => a + (b - m) ** 2, 0) / own.length;
      expect(mean[channel]).toBeCloseTo(m, 5);
      expect(variance[channel]).toBeCloseTo(v, 4);
      own.forEach((value, i) =>
        expect(y[2 * i + channel]).toBeCloseTo(
          ((value - m) / Math.sqrt(v + 1e-5)) * (channel + 1) + 5 * channel,
          4,
        ),
      );
    }
    await run.dispose();
  });
});

describe('dcgan', () => {
  it('has the sizes that it describes: the 28×28 generator and discriminator of the benchmark', () => {
    const count = ({ parameters }: Network): number =>
      parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // 64·3136 + 2·64 + 16·32·64 + 2·32 + 16·32 + 1;  16·32 + 32 + 16·32·64 + 64 + 3136 + 1
    expect(count(dcganGenerator())).toBe(234_177);
    expect(count(dcganDiscriminator())).toBe(36_513);
    expect([dcganGenerator().outputs, dcganDiscriminator().inputs]).toEqual([784, 784]);
  });
  it('starts with weights of the deviation asked for, scales 1, the rest 0', () => {
    const net = dcganGenerator({ deviation: 0.05 });
    const values = started(net);
    net.parameters.forEach(({ name, shape }, i) => {
      const own = values[i] ?? new Float32Array();
      if (shape.length === 1) return expect([...new Set(own)]).toEqual([name.endsWith('scale') ? 1 : 0]);
      const deviation = Math.sqrt(own.reduce((sum, v) => sum + v * v, 0) / own.length);
      // five standard errors
      return expect(Math.abs(deviation / 0.05 - 1)).toBeLessThan(5 / Math.sqrt(2 * own.length));
    });
  });
  it('the discriminator’s logit of an image does not depend on the other images of the batch', async () => {
    const net = dcganDiscriminator({ image: [8, 8, 1], channels: 4 });
    const parameters = started(net, 10);
    const x = normals(3 * 64, 7);
    const all = await applied(net, parameters, x, 3);
    const alone = await applied(net, parameters, x.slice(64, 128), 1);
    expect(alone[0]).toBeCloseTo(all[1] ?? NaN, 5);
    expect(all[0]).not.toBeCloseTo(all[1] ?? NaN, 3);
  });
  it('refuses images whose sides are not multiples of 4', () => {
    expect(() => dcganGenerator({ image: [30, 28, 1] })).toThrow('a DCGAN for images [30,28,1]');
  });
});

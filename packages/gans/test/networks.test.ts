import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  dcganDiscriminator,
  dcganGenerator,
  ganGame,
  mlp,
  modelFrom,
  type Network,
} from '../src/index.js';
import { normals, relative, small } from './small-gan.js';

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
        const y = batchNorm(h, tf.tensor1d([1, 2]), tf.tensor1d([0, 5]), 0, {
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
  it('refuses images whose sides are not multiples of 4, and data that are not images', () => {
    expect(() => dcganGenerator({ image: [30, 28, 1] })).toThrow('a DCGAN for images [30,28,1]');
    expect(() => modelFrom('dcgan', [2])).toThrow(
      'model dcgan makes images; the data have shape [2]; use mlp',
    );
    expect(() => modelFrom('dcgam', [28, 28, 1])).toThrow('did you mean dcgan?');
    expect(() => modelFrom('mlp(generator=[0])', [2])).toThrow('generator');
  });
});

describe('a convolutional GAN', () => {
  it('has, on native and wasm, the F that tfjs computes op by op', async () => {
    const games = await Promise.all(
      (['cpu', 'native', 'wasm'] as const).map((engine) => ganGame({ ...small, engine })),
    );
    const results: Float32Array[] = [];
    for (const game of games) {
      const out = new Float32Array(game.dim);
      await game.operator(game.initialise(2), out, {
        sample: game.draw(0),
        player: undefined,
        losses: new Float32Array(2),
        buffers: {},
      });
      results.push(out);
    }
    const [expected = new Float32Array(), ...got] = results;
    // about 100 roundings of 6e-8 each
    for (const out of got) expect(relative(out, expected)).toBeLessThan(1e-5);
    for (const game of games) await game.dispose();
  });
  it('an oracle call for one player returns what the call for both does', async () => {
    const game = await ganGame(small);
    const context = { buffers: {}, losses: new Float32Array(2), player: undefined };
    const z = game.initialise(2);
    const [joint, alone] = [new Float32Array(game.dim), new Float32Array(game.dim)];
    await game.operator(z, joint, { ...context, sample: game.draw(5) });
    const losses = [...context.losses];
    for (const player of [0, 1])
      await game.operator(z, alone, { ...context, sample: game.draw(5, player), player });
    expect(relative(alone, joint)).toBeLessThan(1e-6);
    losses.forEach((loss, i) => expect(context.losses[i]).toBeCloseTo(loss, 5));
    await game.dispose();
  });
  it('samples with moments measured at z: each example is a function of its own noise, whatever the count', async () => {
    const game = await ganGame(small);
    const z = game.initialise(2);
    const [few, many] = [await game.sample(z, 3, 9), await game.sample(z, 300, 9)];
    expect(few).toEqual(many.slice(0, 3 * 64));
    // a scale and offset that change nothing about z's moments: doubling the first layer's weights leaves
    // what is sampled
    const { offset = 0, shape = [] } = game.blocks.find(({ name }) => name === 'G.dense.weight') ?? {};
    const doubled = z.map((v, i) =>
      i >= offset && i < offset + shape.reduce((a, b) => a * b, 1) ? 2 * v : v,
    );
    const again = await game.sample(doubled, 3, 9);
    expect(relative(again, few)).toBeLessThan(1e-3); // up to ε: 1e-5 against variances of 0.3² · 4
    await game.dispose();
  });
});

it('an mlp of the registry has the sizes asked for', () => {
  const { generator, discriminator } = modelFrom('mlp(latent=3, generator=[5], discriminator=[])', [2]);
  expect(generator.describe).toBe(mlp({ sizes: [3, 5, 2] }).describe);
  expect(discriminator.parameters.map(({ shape }) => shape)).toEqual([[2, 1], [1]]);
});

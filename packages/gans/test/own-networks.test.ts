import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { fromLayersModel, network, start } from '@stillpoint/networks';
import { describe, expect, it } from 'vitest';
import { ganGame } from '../src/index.js';
import { images, small } from './small-gan.js';

describe('network({ … })', () => {
  const own = network({
    describe: 'own',
    inputs: 4,
    outputs: [8, 8, 1],
    normalised: [6],
    parameters: () => ({
      weight: start.normal([4, 6], 0.5),
      scale: start.constant([6], 1),
      offset: start.constant([6], 0),
      out: start.normal([6, 64], 0.5),
    }),
    apply: ({ weight, scale, offset, out }, x, help) =>
      tf.tanh(
        tf.reshape(
          tf.matMul(tf.relu(help.batchNorm(tf.matMul(x, weight), scale, offset)), out),
          [-1, 8, 8, 1],
        ),
      ),
  });
  it('is a GAN’s generator', async () => {
    const game = await ganGame({ ...small, generator: own });
    const out = new Float32Array(game.dim);
    await game.operator(game.initialise(1), out, {
      sample: game.draw(0),
      player: undefined,
      losses: new Float32Array(2),
      buffers: {},
    });
    expect(out.every(Number.isFinite)).toBe(true);
    expect(out.subarray(game.players[1]?.start).some((v) => v !== 0)).toBe(true);
    expect((await game.sample(game.initialise(1), 5, 1)).length).toBe(5 * 64);
    await game.dispose();
  });
  it('refuses shapes and parameters that do not fit', async () => {
    expect(() => network({ inputs: 2, outputs: 1, parameters: () => ({}), apply: (_, x) => x })).toThrow(
      'has no parameters',
    );
    expect(() =>
      network({
        inputs: [2, 0],
        outputs: 1,
        parameters: () => ({ w: start.constant([2, 1], 0) }),
        apply: (_, x) => x,
      }),
    ).toThrow('inputs of shape [2,0]');
    const wrong = network({
      describe: 'wrong',
      inputs: 4,
      outputs: [8, 8, 1],
      parameters: () => ({ w: start.normal([4, 7], 1) }),
      apply: ({ w }, x) => tf.matMul(x, w),
    });
    await expect(ganGame({ ...small, generator: wrong })).rejects.toThrow(
      'wrong returned [16,7]; expected [16,8,8,1]',
    );
    const forgot = network({
      describe: 'forgot',
      inputs: 4,
      outputs: 64,
      normalised: [64],
      parameters: () => ({ w: start.normal([4, 64], 1) }),
      apply: ({ w }, x) => tf.matMul(x, w),
    });
    await expect(ganGame({ ...small, generator: forgot })).rejects.toThrow(
      'forgot called batchNorm 0 times; its `normalised` has 1 entries',
    );
  });
});

describe('a tf.LayersModel', () => {
  const model = (): layers.LayersModel =>
    layers.sequential({
      layers: [
        layers.layers.dense({
          units: 2 * 2 * 6,
          inputShape: [4],
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 1 }),
        }),
        layers.layers.batchNormalization({ momentum: 0.9 }),
        layers.layers.reLU(),
        layers.layers.reshape({ targetShape: [2, 2, 6] }),
        layers.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
        layers.layers.conv2d({
          filters: 5,
          kernelSize: 3,
          padding: 'same',
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 2 }),
        }),
        layers.layers.batchNormalization({}),
        layers.layers.leakyReLU({ alpha: 0.2 }),
        layers.layers.conv2dTranspose({
          filters: 1,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
          activation: 'tanh',
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 3 }),
        }),
      ],
    });
  it('is generator and discriminator, is sampled with measured moments, and is left unchanged', async () => {
    await tf.setBackend('cpu');
    const generator = model();
    const discriminator = layers.sequential({
      layers: [
        layers.layers.conv2d({
          filters: 4,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
          inputShape: [8, 8, 1],
        }),
        layers.layers.leakyReLU(),
        layers.layers.flatten(),
        layers.layers.dense({ units: 1 }),
      ],
    });
    const before = generator.getWeights().map((w) => [...w.dataSync()]);
    const game = await ganGame({
      generator: fromLayersModel(generator),
      discriminator: fromLayersModel(discriminator, { independent: true }),
      data: images,
      batch: 16,
      seed: 1,
    });
    const z = game.initialise(1);
    expect(z).toEqual(game.initialise(2));
    const out = new Float32Array(game.dim);
    await game.operator(z, out, {
      sample: game.draw(0),
      player: undefined,
      losses: new Float32Array(2),
      buffers: {},
    });
    expect(out.every(Number.isFinite)).toBe(true);
    const [few, many] = [await game.sample(z, 2, 4), await game.sample(z, 40, 4)];
    expect(few).toEqual(many.slice(0, 2 * 64));
    expect(generator.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
    await game.dispose();
  });
  it('trains with dropout, whose noise is a function of seed and call: two runs are equal', async () => {
    const dropout = (rate: number): layers.Sequential =>
      layers.sequential({
        layers: [
          layers.layers.dense({ units: 8, inputShape: [64], kernelInitializer: 'ones' }),
          layers.layers.dropout({ rate }),
          layers.layers.dense({ units: 1, kernelInitializer: 'ones' }),
        ],
      });
    const ends: Float32Array[] = [];
    for (const rate of [0.5, 0.5, 0]) {
      const game = await ganGame({ ...small, discriminator: fromLayersModel(dropout(rate)) });
      for (const call of [0, 1]) {
        const out = new Float32Array(game.dim);
        const asked = { player: undefined, losses: undefined, buffers: {} };
        await game.operator(game.initialise(1), out, { ...asked, sample: game.draw(call) });
        ends.push(out);
      }
      await game.dispose();
    }
    expect(ends.slice(0, 2)).toEqual(ends.slice(2, 4));
    expect(ends[0]).not.toEqual(ends[4]);
    expect(ends[0]).not.toEqual(ends[1]);
  });
});

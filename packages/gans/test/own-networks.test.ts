import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import { fromLayersModel, ganGame, network, start } from '../src/index.js';
import { images, normals, relative, small } from './small-gan.js';

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

const tensorOf = (output: unknown): tf.Tensor => {
  if (!(output instanceof tf.Tensor)) throw new TypeError('no tensor');
  return output;
};

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
  it('has, as a network, the outputs and the gradients of the model itself', async () => {
    await tf.setBackend('cpu');
    const generator = model();
    const net = fromLayersModel(generator);
    expect(net.parameters.map(({ shape }) => shape)).toEqual(
      generator.trainableWeights.map(({ shape }) => shape),
    );
    const x = normals(16 * 4, 3);
    const expected = tf.tidy(() =>
      tf.variableGrads(() =>
        tf.mean<tf.Scalar>(
          tf.square(tf.sub(tensorOf(generator.apply(tf.tensor(x, [16, 4]), { training: true })), 0.3)),
        ),
      ),
    );
    const gradients = generator.trainableWeights.map((weight) => expected.grads[weight.name]);
    for (const engine of ['native', 'wasm'] as const) {
      const run = await compile(
        ({ z, flat }) => {
          const tensors = tf
            .split(
              flat,
              net.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1)),
            )
            .map((t, i) => tf.reshape(t, net.parameters[i]?.shape.slice() ?? []));
          const { value, grads } = tf.valueAndGrads((...p: tf.Tensor[]) =>
            tf.mean<tf.Scalar>(tf.square(tf.sub(net.apply(p, z, {}), 0.3))),
          )(tensors);
          return { value, gradient: tf.concat(grads.map((g) => tf.reshape(g, [-1]))) };
        },
        {
          inputs: {
            z: [16, 4],
            flat: [net.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)],
          },
          engine,
        },
      );
      const { value, gradient } = await run.run({
        z: x,
        flat: Float32Array.from(
          generator.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]),
        ),
      });
      expect(value[0]).toBeCloseTo(expected.value.dataSync()[0] ?? NaN, 5);
      expect(
        relative(gradient, Float32Array.from(gradients.flatMap((g) => [...(g?.dataSync() ?? [])]))),
      ).toBeLessThan(1e-5);
      await run.dispose();
    }
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
  it('is refused if it has several outputs or unknown sizes', () => {
    const two = layers.input({ shape: [2] });
    const outputs = [
      layers.layers.dense({ units: 1 }).apply(two),
      layers.layers.dense({ units: 1 }).apply(two),
    ].filter((x) => x instanceof layers.SymbolicTensor);
    expect(() => fromLayersModel(layers.model({ inputs: two, outputs }))).toThrow(
      'has 2 outputs; expected one',
    );
    const open = layers.sequential({
      layers: [layers.layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [null, 4, 1] })],
    });
    expect(() => fromLayersModel(open)).toThrow('every size but the first must be known');
  });
  it('is refused, with the reason, if it cannot be traced', async () => {
    const dropout = layers.sequential({
      layers: [
        layers.layers.dense({ units: 8, inputShape: [64] }),
        layers.layers.dropout({ rate: 0.5 }),
        layers.layers.dense({ units: 1 }),
      ],
    });
    await expect(ganGame({ ...small, discriminator: fromLayersModel(dropout) })).rejects.toThrow(
      'its numbers would be drawn once and frozen into the graph',
    );
  });
});

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { compile, type EngineName } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import { countParameters, fromLayersModel, unflatten, type Network } from '../src/index.js';
import { normals, relative } from './numbers.js';

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

  /** The network's output for parameters as they are in the model, on an engine. */
  async function applied(
    net: Network,
    x: Float32Array,
    { engine = 'native', noise }: { engine?: EngineName; noise?: Float32Array } = {},
  ): Promise<Float32Array> {
    const batch = x.length / net.inputs;
    const run = await compile(
      (given: { readonly [name in 'p' | 'x' | 'n']: tf.Tensor }) => ({
        y: net.apply(unflatten(given.p, net), given.x, noise === undefined ? {} : { noise: given.n }),
      }),
      { inputs: { p: [countParameters(net)], x: [batch, net.inputs], n: [batch, net.noise ?? 1] }, engine },
    );
    const flat = net.parameters.flatMap((parameter) => {
      const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
      net.initialise(parameter, values, { seed: 1, purpose: 'unused' });
      return [...values];
    });
    const { y } = await run.run({
      p: Float32Array.from(flat),
      x,
      n: noise ?? new Float32Array(batch * (net.noise ?? 1)),
    });
    await run.dispose();
    return y.slice();
  }
  const identity = (settings: object = {}): layers.layers.Layer =>
    layers.layers.dense({ units: 2, kernelInitializer: 'identity', ...settings });

  it.each(['native', 'cpu'] as const)(
    'a frozen batch norm, also in a model inside, normalises by its moving averages, and is left as it was: %s',
    async (engine) => {
      await tf.setBackend('cpu');
      const norm = layers.layers.batchNormalization({ epsilon: 0, inputShape: [2] });
      const inside = layers.sequential({ layers: [norm, identity()] });
      const model = layers.sequential({ layers: [identity({ inputShape: [2] }), inside] });
      const weights = [
        [2, 2],
        [0.5, 0.5],
        [1, 1],
        [4, 4],
      ];
      norm.setWeights(weights.map((w) => tf.tensor1d(w)));
      for (const freeze of [() => (norm.trainable = false), () => (inside.trainable = false)]) {
        norm.trainable = true;
        freeze();
        const net = fromLayersModel(model);
        expect([net.normalised, net.independent]).toEqual([[], false]);
        // 2(x − 1)/√4 + 0.5
        expect([...(await applied(net, Float32Array.of(3, 5, 1, -1), { engine }))]).toEqual([
          2.5, 4.5, 0.5, -1.5,
        ]);
        expect(norm.getWeights().map((w) => [...w.dataSync()])).toEqual(weights);
      }
      expect(fromLayersModel(model).parameters.length).toBe(2); // the dense layer outside
    },
  );
  it('the weights of frozen layers are constants and part of the identity; a model that is frozen as a whole is refused', () => {
    const make = (bias: number): layers.Sequential => {
      const first = identity({
        inputShape: [2],
        biasInitializer: layers.initializers.constant({ value: bias }),
      });
      first.trainable = false;
      return layers.sequential({ layers: [first, identity()] });
    };
    const [one, same, other] = [make(1), make(1), make(2)].map((model) => fromLayersModel(model));
    expect(one!.parameters.map(({ shape }) => shape)).toEqual([[2, 2], [2]]);
    expect(one!.identity).toEqual(same!.identity);
    expect(one!.identity).not.toEqual(other!.identity);
    const frozen = layers.sequential({ layers: [identity({ inputShape: [2] })] });
    frozen.trainable = false;
    expect(() => fromLayersModel(frozen)).toThrow('has no weight that is trained: all of it is frozen');
    // @ts-expect-error: a caller without types
    expect(() => fromLayersModel({})).toThrow('expected a tf.LayersModel');
  });
  it.each([
    [false, true],
    [true, false],
    [false, false],
  ])(
    'batch norm with scale %s and center %s, in a model inside, is (x − μ)/√(σ² + ε)',
    async (scale, center) => {
      const norm = layers.layers.batchNormalization({ epsilon: 0.25, scale, center });
      const inside = layers.sequential({ layers: [identity({ inputShape: [2] }), norm] });
      const net = fromLayersModel(layers.sequential({ layers: [identity({ inputShape: [2] }), inside] }));
      expect(net.normalised).toEqual([2]);
      expect(net.parameters.length).toBe(4 + Number(scale) + Number(center));
      // channels (1, 3, 5) and (0, 0, 3): moments (3, 8/3) and (1, 2)
      const y = await applied(net, Float32Array.of(1, 0, 3, 0, 5, 3));
      const [a, b] = [Math.sqrt(8 / 3 + 0.25), 1.5];
      [-2 / a, -1 / b, 0, -1 / b, 2 / a, 2 / b].forEach((v, i) =>
        expect(Math.abs(y[i]! - v)).toBeLessThan(2 ** -20),
      );
    },
  );
  it('batch norm over one value per channel is refused', async () => {
    const net = fromLayersModel(
      layers.sequential({ layers: [identity({ inputShape: [2] }), layers.layers.batchNormalization({})] }),
    );
    await expect(applied(net, Float32Array.of(1, 2))).rejects.toThrow('batch norm over 1 value per channel');
  });
  it('dropout takes its noise as an input, layer by layer, and does nothing without', async () => {
    const model = layers.sequential({
      layers: [
        identity({ inputShape: [2] }),
        layers.layers.dropout({ rate: 0.5 }),
        identity(),
        layers.layers.dropout({ rate: 0.75 }),
      ],
    });
    const net = fromLayersModel(model);
    expect(net.noise).toBe(4);
    const x = Float32Array.of(1, 2, 3, 4);
    for (const engine of ['native', 'cpu'] as const) {
      expect([...(await applied(net, x, { engine }))]).toEqual([1, 2, 3, 4]);
      // the first layer drops where its noise is below 0.5, the second where its own is below 0.75
      const noise = Float32Array.of(0.5, 0.4, 0.75, 0.9, 0.9, 0.9, 0.7, 0.8);
      expect([...(await applied(net, x, { engine, noise }))]).toEqual([8, 0, 0, 32]);
    }
  });
  it('noise of one number for all times of a channel, and layers of normal noise', async () => {
    const spatial = layers.sequential({
      layers: [identity({ inputShape: [2, 2] }), layers.layers.spatialDropout1d({ rate: 0.5 })],
    });
    const one = fromLayersModel(spatial);
    expect(one.noise).toBe(2);
    expect([
      ...(await applied(one, Float32Array.of(1, 2, 3, 4), { noise: Float32Array.of(0.2, 0.8) })),
    ]).toEqual([0, 4, 0, 8]);
    const rough = fromLayersModel(
      layers.sequential({
        layers: [identity({ inputShape: [2] }), layers.layers.gaussianNoise({ stddev: 3 })],
      }),
    );
    expect(rough.noise).toBe(4);
    const u = 1 - Math.exp(-2); // √(−2 ln e⁻²) = 2, times cos 0 and cos π
    const y = await applied(rough, Float32Array.of(1, 1), { noise: Float32Array.of(u, u, 0, 0.5) });
    expect(Math.abs(y[0]! - 7)).toBeLessThan(2 ** -18);
    expect(Math.abs(y[1]! + 5)).toBeLessThan(2 ** -18);
  });
  it('random numbers that cannot be given, and a layer that normalises at two places, are refused', async () => {
    const cell = layers.sequential({
      layers: [layers.layers.lstm({ units: 2, dropout: 0.5, inputShape: [3, 1] })],
    });
    expect(() => fromLayersModel(cell)).toThrow('drops out inside its cell');
    const [x, norm] = [layers.input({ shape: [2] }), layers.layers.batchNormalization({})];
    const through = (layer: layers.layers.Layer, at: layers.SymbolicTensor): layers.SymbolicTensor => {
      const made = layer.apply(at);
      if (!(made instanceof layers.SymbolicTensor)) throw new TypeError('no symbolic tensor');
      return made;
    };
    const twice = through(norm, through(identity(), through(norm, through(identity(), x))));
    const net = fromLayersModel(layers.model({ inputs: x, outputs: twice }));
    await expect(applied(net, Float32Array.of(1, 2, 3, 4))).rejects.toThrow('is applied at several places');
  });
});

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import { fromLayersModel } from '../src/index.js';
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
});

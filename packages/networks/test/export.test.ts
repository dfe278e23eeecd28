import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { compile, runOnnx, toOnnx } from '@stillpoint/engine';
import { sizeOf } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  fromLayersModel,
  layerFrom,
  networkFrom,
  sequential,
  spectralNorm,
  type Network,
} from '../src/index.js';
import { casesOf, CLOSE, formula, parametersAt, type Case } from './at-formulas.js';
import { relative } from './numbers.js';

/**
 * Exports a network with a free batch size, and compares it at several sizes with what is compiled for each
 * of them.
 */
async function checkExport(net: Network, { slope }: Case): Promise<void> {
  const { classes, buffers = [] } = net;
  const flat = parametersAt(net.parameters.map(({ shape }) => shape));
  let offset = 0;
  const stored = (shape: readonly number[], values: Float32Array) => ({ data: values, shape });
  const parameters: { [name: string]: ReturnType<typeof stored> } = {};
  for (const { name, shape } of net.parameters)
    parameters[name] = stored(shape, flat.slice(offset, (offset += sizeOf(shape))));
  for (const [i, { start }] of buffers.entries())
    parameters[`buffer ${i}`] = stored([start.length], Float32Array.from(start));
  const fn = (given: { readonly [name: string]: tf.Tensor }) => {
    const trained = net.parameters.map(({ name }) => given[name]!);
    const used = net.used?.(
      trained,
      buffers.map((_, i) => given[`buffer ${i}`]!),
    );
    return { 'the output': net.apply(used ?? trained, given['x']!, { labels: given['labels'] }) };
  };
  const inputsOf = <S>(size: S): { readonly [name: string]: readonly (S | number)[] } => ({
    x: [size, net.inputs],
    ...(classes !== undefined && { labels: [size, classes] }),
  });
  const bytes = await toOnnx(fn, { inputs: inputsOf('batch'), parameters });
  const file = await runOnnx(bytes, { engine: 'native' });
  expect(file.outputs).toEqual({ 'the output': { type: 'float32', shape: ['batch', net.outputs] } });
  for (const batch of [2, 5]) {
    const at = (i: number): number => (slope === null ? (3 * i) % 5 : Math.sin(0.5 + 1.3 * i));
    const x = formula(batch * net.inputs, at);
    const feeds = {
      x,
      ...(classes !== undefined && {
        labels: formula(batch * classes, (i) => Number(i % classes === Math.floor(i / classes) % classes)),
      }),
    };
    const shapes = Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const);
    const compiled = await compile(fn, {
      inputs: { ...inputsOf(batch), ...Object.fromEntries(shapes) },
      engine: 'native',
    });
    const values = Object.entries(parameters).map(([name, { data }]) => [name, data] as const);
    const expected = (await compiled.run({ ...feeds, ...Object.fromEntries(values) }))['the output']!;
    const made = (await file.run(feeds))['the output']!;
    expect(made.shape).toEqual([batch, net.outputs]);
    expect(relative(Float32Array.from(made.data, Number), expected)).toBeLessThan(CLOSE);
    await compiled.dispose();
  }
  await file.dispose();
}

describe('a file with a free batch size has the outputs of the network', () => {
  it.each(casesOf('layers').map((one) => [one.spec, one] as const))('layer %s', async (_, one) => {
    const inputs = one.x.slice(1);
    const built = [layerFrom(one.spec)];
    // a network has parameters
    if (one.parameters.length === 0) built.push(layerFrom('flatten'), layerFrom('dense(units=2)'));
    await checkExport(sequential({ inputs, layers: built }), one);
  });
  it.each(casesOf('models').map((one) => [one.spec, one] as const))('model %s', async (_, one) => {
    await checkExport(networkFrom(one.spec, { inputs: one.x.slice(1), outputs: one.output }), one);
  });
});

describe('the layers model of a network', () => {
  const model = layers.sequential({
    name: 'mine',
    layers: [
      layers.layers.dense({ units: 2, inputShape: [3] }),
      layers.layers.batchNormalization({ name: 'norm' }),
    ],
  });
  const net = fromLayersModel(model);
  const values = net.parameters.map(({ shape }) => new Float32Array(sizeOf(shape)).fill(2));
  const moments = [{ mean: Float32Array.of(1, 2), variance: Float32Array.of(3, 4) }];
  it('is text and bytes in which every weight has its name, its shape and its values', () => {
    const files = net.layersModel!(values, moments);
    const { weightsManifest, modelTopology } = JSON.parse(files.model);
    expect(modelTopology).toEqual(JSON.parse(JSON.stringify(model.toJSON(undefined, false))));
    const found: { [name: string]: readonly [readonly number[], readonly number[]] } = {};
    let offset = 0;
    for (const { name, shape, dtype } of weightsManifest[0].weights) {
      expect(dtype).toBe('float32');
      const bytes = files.weights.slice(offset, (offset += 4 * sizeOf(shape)));
      found[name.replace(/^dense_Dense\d+/, 'dense')] = [shape, [...new Float32Array(bytes.buffer)]];
    }
    expect(offset).toBe(files.weights.length);
    expect(found).toEqual({
      'dense/kernel': [[3, 2], new Array(6).fill(2)],
      'dense/bias': [[2], [2, 2]],
      'norm/gamma': [[2], [2, 2]],
      'norm/beta': [[2], [2, 2]],
      'norm/moving_mean': [[2], [1, 2]],
      'norm/moving_variance': [[2], [3, 4]],
    });
  });
  it('is refused for values that do not fit', () => {
    expect(() => net.layersModel!(values.slice(1), moments)).toThrow('has shape [3,2]; found 2 numbers');
    expect(() => net.layersModel!(values, [])).toThrow(
      'weight norm/moving_mean of the model mine has shape [2]; found 0 numbers',
    );
  });
  it('is absent where the network was not made of one, or does not use the weights as they are', () => {
    expect(sequential({ inputs: 2, layers: [layerFrom('dense(units=1)')] }).layersModel).toBeUndefined();
    expect(spectralNorm(net).layersModel).toBeUndefined();
  });
});

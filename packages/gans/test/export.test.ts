import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { runOnnx } from '@stillpoint/engine';
import { fromLayersModel, network, start, type LayersModelFiles } from '@stillpoint/networks';
import { readSafetensors, sizeOf } from '@stillpoint/operators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOnnx, readInPython } from '../../../testing/onnx-python.js';
import {
  besideLabels,
  describeExport,
  exportGenerator,
  type GanGame,
  type GeneratorExport,
} from '../src/index.js';
import {
  beside,
  CHOSEN,
  COUNT,
  discriminator,
  feedsOf,
  furthest,
  generators,
  make,
  model,
  noiseOf,
  oneHot,
  pointOf,
  roundings,
  sampled,
  SEED,
} from './exports.js';

const inPython = hasOnnx('Python runs exported generators');

const tensorOf = (output: unknown): tf.Tensor => {
  if (!(output instanceof tf.Tensor)) throw new TypeError('no tensor');
  return output;
};
/** A layers model read from its files by tfjs, as from a server. */
const loaded = ({ model, weights }: LayersModelFiles): Promise<layers.LayersModel> => {
  const files: { readonly [path: string]: string | Uint8Array<ArrayBuffer> } = {
    'model.json': model,
    'weights.bin': Uint8Array.from(weights),
  };
  const fetchFunc = (url: unknown): Promise<Response> =>
    Promise.resolve(new Response(files[String(url).split('/').at(-1)!]));
  return layers.loadLayersModel(tf.io.http('http://files/model.json', { fetchFunc }));
};
const filesOf = ({ layersModel }: GeneratorExport): LayersModelFiles => {
  if ('reason' in layersModel) throw new Error(layersModel.reason);
  return layersModel;
};

describe.each(Object.entries(generators))('the exported generator: %s', (what, networks) => {
  let game: GanGame;
  let z: Float32Array;
  let examples: Float32Array;
  let exported: GeneratorExport;
  beforeAll(async () => {
    game = await make(networks);
    z = pointOf(game);
    examples = await sampled(game, z);
    exported = await exportGenerator(game, z, { seed: SEED });
  });
  afterAll(() => game.dispose());
  it('returns the examples of game.sample for the same noise, on native and wasm', async () => {
    for (const engine of ['native', 'wasm'] as const) {
      const file = await runOnnx(exported.onnx, { engine });
      expect(file.outputs['examples']).toEqual({ type: 'float32', shape: ['batch', 8, 8, 1] });
      const made = (await file.run(feedsOf(game)))['examples']!;
      expect(made.shape).toEqual([COUNT, 8, 8, 1]);
      expect(furthest(made.data, examples)).toBeLessThanOrEqual(roundings(game, examples));
      await file.dispose();
    }
  });
  it.skipIf(!inPython)('and in Python, where it passes the checker', () => {
    const read = readInPython(exported.onnx, [feedsOf(game)]);
    expect(furthest(read.runs[0]!['examples']!.data, examples)).toBeLessThanOrEqual(
      roundings(game, examples),
    );
    expect(read.outputs).toEqual({ examples: ['FLOAT', 'batch', 8, 8, 1] });
    expect(Object.keys(read.inputs)).toEqual(Object.keys(feedsOf(game)));
    for (const { name, shape } of game.generator.parameters)
      expect(read.stored[name === 'noise' ? 'G.noise' : name], name).toEqual(shape);
    expect(read.description).toContain(`Generator of ${game.name}.`);
    expect(JSON.parse(read.metadata['identity']!)).toEqual(JSON.parse(JSON.stringify(game.identity)));
  });
  it('has its parameters and moments in safetensors', async () => {
    const { safetensors, layersModel, facts } = exported;
    const { tensors, shapes, metadata } = readSafetensors(safetensors);
    const own = game.blocks.filter(({ player }) => player === 1);
    const expected: { [name: string]: Float32Array } = {};
    for (const { name, offset, shape } of own) {
      const short = name === 'G.noise' ? name : name.slice(2);
      expected[short] = z.slice(offset, offset + sizeOf(shape));
      expect(shapes[short]).toEqual(shape);
    }
    for (const [layer, { mean, variance }] of (await game.moments(z, SEED)).entries())
      Object.assign(expected, { [`moments.${layer}.mean`]: mean, [`moments.${layer}.variance`]: variance });
    expect({ ...tensors }).toEqual(expected);
    expect(metadata['game']).toBe(game.name);
    expect(facts.normalised).toBe((game.generator.normalised ?? []).length);
    expect('reason' in layersModel ? layersModel.reason : '').toBe(
      what === 'layers model'
        ? ''
        : `the generator, ${game.generator.describe}, was not made of a tf.LayersModel by fromLayersModel`,
    );
  });
});

describe('an exported layers model', () => {
  it('is the model with trained weights and measured moments; the model itself is not changed', async () => {
    await tf.setBackend('cpu');
    const mine = model();
    const before = mine.getWeights().map((w) => [...w.dataSync()]);
    const game = await make({ generator: fromLayersModel(mine), discriminator });
    const z = pointOf(game);
    const examples = await sampled(game, z);
    const found = await loaded(filesOf(await exportGenerator(game, z, { seed: SEED })));
    const made = tf.tidy(() => tensorOf(found.predict(tf.tensor(noiseOf(game), [COUNT, 4]))).dataSync());
    expect(furthest(made, examples)).toBeLessThanOrEqual(roundings(game, examples));
    expect(mine.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
    expect(found.layers.map((layer) => layer.getClassName())).toEqual(
      mine.layers.map((layer) => layer.getClassName()),
    );
    const moments = await game.moments(z, SEED);
    const moving = found.layers
      .filter((layer) => layer.getClassName() === 'BatchNormalization')
      .map((layer) =>
        layer
          .getWeights()
          .slice(-2)
          .map((w) => Float32Array.from(w.dataSync())),
      );
    expect(moving).toEqual(moments.map(({ mean, variance }) => [mean, variance]));
    await game.dispose();
  });
  it('frozen layers and models inside keep their weights; labels come behind the noise', async () => {
    await tf.setBackend('cpu');
    const frozen = layers.layers.batchNormalization({ inputShape: [8] });
    const inside = layers.sequential({ layers: [frozen, layers.layers.dense({ units: 64 })] });
    const mine = layers.sequential({
      layers: [
        layers.layers.dense({ units: 8, inputShape: [7] }),
        layers.layers.batchNormalization({}),
        inside,
      ],
    });
    frozen.setWeights([1.5, 0.25, -0.5, 4].map((x) => tf.fill([8], x)));
    frozen.trainable = false;
    const game = await make({ generator: besideLabels(fromLayersModel(mine), 3), discriminator: beside });
    const z = pointOf(game);
    const exported = await exportGenerator(game, z, { seed: SEED });
    const found = await loaded(filesOf(exported));
    const input = tf.concat([tf.tensor(noiseOf(game), [COUNT, 4]), tf.tensor(oneHot(CHOSEN), [COUNT, 3])], 1);
    const made = tensorOf(found.predict(input)).dataSync();
    const examples = await sampled(game, z);
    expect(furthest(made, examples)).toBeLessThanOrEqual(roundings(game, examples));
    expect(describeExport(exported)).toContain('the noise with the one-hot labels behind it, 7 numbers');
    await game.dispose();
  });
  const l = layers.layers;
  /** Models of [4] with layers of other kinds, connected otherwise than one after another, or wrapped. */
  const others: { readonly [what: string]: () => layers.LayersModel } = {
    'a sum of branches with a shared layer': () => {
      const input = layers.input({ shape: [4] });
      const shared = l.dense({ units: 4, activation: 'tanh' });
      const [once, other] = [shared.apply(input), l.dense({ units: 4 }).apply(input)];
      const sum = l.add().apply([once, other].filter((x) => x instanceof layers.SymbolicTensor));
      const outputs = l.dense({ units: 64 }).apply(shared.apply(sum));
      if (!(outputs instanceof layers.SymbolicTensor)) throw new TypeError('no tensor');
      return layers.model({ inputs: input, outputs });
    },
    'a recurrent layer in both directions': () =>
      layers.sequential({
        layers: [
          l.reshape({ targetShape: [2, 2], inputShape: [4] }),
          l.bidirectional({ layer: l.lstm({ units: 3, returnSequences: true }), mergeMode: 'concat' }),
          l.timeDistributed({ layer: l.dense({ units: 32 }) }),
        ],
      }),
    'separable and depthwise convolutions, an activation with weights': () =>
      layers.sequential({
        layers: [
          l.dense({ units: 4 * 4 * 2, inputShape: [4] }),
          l.prelu({}),
          l.reshape({ targetShape: [4, 4, 2] }),
          l.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
          l.upSampling2d({ size: [2, 2] }),
          l.separableConv2d({ filters: 1, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        ],
      }),
  };
  it.each(Object.entries(others))('returns the examples of the game: %s', async (_, build) => {
    await tf.setBackend('cpu');
    const game = await make({ generator: fromLayersModel(build()), discriminator });
    const z = pointOf(game);
    const examples = await sampled(game, z);
    const found = await loaded(filesOf(await exportGenerator(game, z, { seed: SEED })));
    const made = tensorOf(found.predict(tf.tensor(noiseOf(game), [COUNT, 4]))).dataSync();
    expect(furthest(made, examples)).toBeLessThanOrEqual(roundings(game, examples));
    await game.dispose();
  });
  it('of weights with the same name is absent, with the reason', async () => {
    const inner = (): layers.Sequential =>
      layers.sequential({ layers: [layers.layers.dense({ units: 64, name: 'same', inputShape: [64] })] });
    const mine = layers.sequential({
      layers: [layers.layers.dense({ units: 64, inputShape: [4] }), inner(), inner()],
    });
    const game = await make({ generator: fromLayersModel(mine), discriminator });
    const { layersModel } = await exportGenerator(game, pointOf(game));
    expect('reason' in layersModel && layersModel.reason).toContain(
      'are called same/kernel, which tf.loadLayersModel does not read; expected a name for each layer',
    );
    await game.dispose();
  });
});

describe('exportGenerator', () => {
  it('measures moments with the seed that it is given', async () => {
    const game = await make(generators['dcgan']!);
    const z = pointOf(game);
    const files: Uint8Array[] = [];
    for (const options of [{}, { seed: 0 }, { seed: 1 }])
      files.push((await exportGenerator(game, z, options)).safetensors);
    expect(files[0]).toEqual(files[1]);
    expect(files[0]).not.toEqual(files[2]);
    await game.dispose();
  });
  it('has a fixed batch size where a network does not allow a free one', async () => {
    const mean = network({
      inputs: 4,
      outputs: [8, 8, 1],
      parameters: () => ({ w: start.normal([4, 64], 1) }),
      apply: ({ w }, x) => tf.div(tf.matMul(x, w), x.shape[0]!),
    });
    const game = await make({ generator: mean, discriminator });
    const z = pointOf(game);
    await expect(exportGenerator(game, z)).rejects.toThrow(
      'the size batch cannot be free: a constant of Div is [3] at batch = 3, and [107] at batch = 107',
    );
    const exported = await exportGenerator(game, z, { batch: COUNT });
    const file = await runOnnx(exported.onnx);
    expect(file.inputs['noise']?.shape).toEqual([COUNT, 4]);
    const noise = noiseOf(game);
    const kernel = z.subarray(game.players[1]!.start);
    const expected = Float32Array.from({ length: COUNT * 64 }, (_, i) =>
      [0, 1, 2, 3].reduce(
        (sum, k) => sum + (noise[4 * Math.floor(i / 64) + k]! * kernel[64 * k + (i % 64)]!) / COUNT,
        0,
      ),
    );
    const made = (await file.run({ noise }))['examples']!.data;
    expect(furthest(made, expected)).toBeLessThanOrEqual(roundings(game, expected));
    expect(describeExport(exported)).toContain('Input: noise [5, 4], ');
    await file.dispose();
    await game.dispose();
  });
  it('refuses what is no game, no point of it, not finite, and unknown options', async () => {
    const game = await make(generators['mlp']!);
    const z = pointOf(game);
    const refused = (...given: unknown[]) =>
      // @ts-expect-error: a caller without types
      expect(exportGenerator(...given)).rejects;
    await refused({}, z).toThrow('exportGenerator takes a game of ganGame; got {}');
    await refused(game, z.subarray(1)).toThrow(`expected a Float32Array of ${game.dim}, a point of the game`);
    await refused(game, [...z]).toThrow('exportGenerator: z is [');
    await refused(game, z, { sed: 1 }).toThrow('did you mean seed?');
    await refused(game, z, { batch: 0 }).toThrow('batch is 0; expected a whole number from 1');
    await refused(game, z, { seed: -1 }).toThrow('seed is -1; expected a whole number from 0');
    z[game.blocks.at(-1)!.offset + 2] = NaN;
    await refused(game, z).toThrow(`number 2 of ${game.blocks.at(-1)!.name} is NaN; expected a point`);
    await game.dispose();
  });
});

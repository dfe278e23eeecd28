import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { runOnnx } from '@stillpoint/engine';
import { fromLayersModel, mlp, network, start, type LayersModelFiles } from '@stillpoint/networks';
import { normal, readSafetensors, sizeOf } from '@stillpoint/operators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { hasOnnx, python, readInPython } from '../../../testing/onnx-python.js';
import {
  besideLabels,
  describeExport,
  exportedFiles,
  exportGenerator,
  ganGame,
  modelFrom,
  type GanGame,
  type GanOptions,
  type GeneratorExport,
} from '../src/index.js';
import { images, small } from './small-gan.js';

const inPython = hasOnnx('Python runs exported generators');
const COUNT = 5;
const SEED = 7;
const CHOSEN = [2, 0, 1, 1, 2];

/** Images of 8×8 with labels. */
const withLabels = {
  ...images,
  labels: [0, 1, 2, 0, 1, 2],
  indices: (size: number) => Uint32Array.from({ length: size }, (_, i) => i % 6),
};
const model = (): layers.LayersModel =>
  layers.sequential({
    layers: [
      layers.layers.dense({ units: 24, inputShape: [4] }),
      layers.layers.batchNormalization({ epsilon: 0.01 }),
      layers.layers.reLU(),
      layers.layers.dropout({ rate: 0.3 }),
      layers.layers.reshape({ targetShape: [2, 2, 6] }),
      layers.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.layers.batchNormalization({ scale: false }),
      layers.layers.conv2dTranspose({
        filters: 1,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        activation: 'tanh',
      }),
    ],
  });
const own = network({
  inputs: 4,
  outputs: [8, 8, 1],
  normalised: [6],
  parameters: () => ({
    noise: start.normal([4, 6], 0.5),
    scale: start.constant([6], 1),
    offset: start.constant([6], 0.1),
    out: start.normal([6, 64], 0.5),
  }),
  apply: ({ noise, scale, offset, out }, x, help) =>
    tf.sigmoid(tf.matMul(tf.relu(help.batchNorm(tf.matMul(x, noise), scale, offset)), out)),
});

const discriminator = mlp({ sizes: [64, 8, 1], activation: 'leaky-relu' });
const beside = besideLabels(mlp({ sizes: [64 + 3, 8, 1], activation: 'leaky-relu' }), 3);
const spec = (text: string): Pick<GanOptions, 'generator' | 'discriminator'> => modelFrom(text, [8, 8, 1]);
const conditional = modelFrom('dcgan(latent=7, channels=4, deviation=0.3)', [8, 8, 1]).generator;

/** Generators of every kind: normalised or not, conditional or not, of the registry and of one's own. */
const generators: { readonly [what: string]: Pick<GanOptions, 'generator' | 'discriminator'> } = {
  mlp: spec('mlp(latent=4, generator=[16,16])'),
  dcgan: { generator: small.generator, discriminator },
  resnet: spec('resnet(latent=4, generatorWidth=8, discriminatorWidth=4)'),
  r3gan: spec('r3gan(latent=4, width=8)'),
  'conditional mlp': spec('mlp(latent=4, generator=[16,16], classes=3)'),
  'conditional dcgan': { generator: besideLabels(conditional, 3), discriminator: beside },
  'conditional resnet': spec('resnet(latent=4, generatorWidth=8, discriminatorWidth=4, classes=3)'),
  'own network': { generator: own, discriminator },
  'layers model': { generator: fromLayersModel(model()), discriminator },
};

const make = (networks: Pick<GanOptions, 'generator' | 'discriminator'>, more: Partial<GanOptions> = {}) =>
  ganGame({ ...networks, data: withLabels, batch: 16, seed: 1, engine: 'wasm', ...more });
/** A point at which no parameter has its starting value, as after training. */
const pointOf = (game: GanGame): Float32Array => {
  const moved = normal(new Float32Array(game.dim), { seed: 5, purpose: 'moved', call: 0 }, 0, 0.1);
  return game.initialise(1).map((x, i) => x + moved[i]!);
};
/** The noise of the first examples that `sample` draws. */
const noiseOf = ({ generator: { inputs } }: GanGame, count = COUNT): Float32Array =>
  normal(new Float32Array(256 * inputs), { seed: SEED, purpose: 'samples', call: 0 }).subarray(
    0,
    count * inputs,
  );
const oneHot = (labels: readonly number[]): Float32Array =>
  Float32Array.from(labels.flatMap((label) => [0, 1, 2].map((c) => Number(c === label))));
const feedsOf = (game: GanGame) => ({
  noise: { data: noiseOf(game), shape: [COUNT, game.generator.inputs] },
  ...(game.generator.classes !== undefined && { labels: { data: oneHot(CHOSEN), shape: [COUNT, 3] } }),
});
const sampled = (game: GanGame, z: Float32Array): Promise<Float32Array> =>
  game.sample(z, COUNT, SEED, game.generator.classes === undefined ? undefined : CHOSEN);
/**
 * The largest difference that other orders of the same sums leave: half a unit in the last place for each of
 * the terms that an output is a sum of, layer by layer, relative to the largest output.
 */
const roundings = ({ generator }: GanGame, examples: Float32Array): number => {
  const terms = generator.parameters.reduce((sum, { shape }) => sum + sizeOf(shape.slice(0, -1)), 0);
  return terms * 2 ** -24 * examples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
};
const furthest = (a: ArrayLike<unknown>, b: Float32Array): number =>
  a.length === b.length ? b.reduce((most, x, i) => Math.max(most, Math.abs(x - Number(a[i]))), 0) : NaN;

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

describe('the folder of an export', () => {
  /** The program in the README after a heading. */
  const program = (files: { readonly [path: string]: string | Uint8Array }, heading: string): string =>
    new RegExp(`## ${heading}[^]*?\`\`\`\\w+\n([^]*?)\`\`\``).exec(String(files['README.md']))![1]!;
  const written = async (
    networks: Pick<GanOptions, 'generator' | 'discriminator'>,
  ): Promise<{ readonly place: string; readonly files: ReturnType<typeof exportedFiles> }> => {
    const game = await make(networks);
    const files = exportedFiles(await exportGenerator(game, pointOf(game)));
    await game.dispose();
    const place = folder();
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), content);
    }
    return { place, files };
  };
  const linked = (place: string, packages: string): void =>
    symlinkSync(
      fileURLToPath(new URL(`../../${packages}/node_modules`, import.meta.url)),
      join(place, 'node_modules'),
    );
  const ran = (place: string, command: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: place, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };

  it.each(['dcgan', 'conditional mlp'])('has a README whose JavaScript runs: %s', async (what) => {
    const { place, files } = await written(generators[what]!);
    expect(Object.keys(files)).toEqual(['README.md', 'generator.onnx', 'generator.safetensors']);
    linked(place, 'engine');
    const text = program(files, 'JavaScript');
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(8);
    writeFileSync(join(place, 'run.mjs'), text);
    expect(ran(place, process.execPath, 'run.mjs')).toMatch(/^\[ 16, 8, 8, 1 \] Float32Array\(3\) \[/);
    expect(files['README.md']).toMatch(/^There is no tf\.LayersModel: the generator, /m);
  });
  it.skipIf(!inPython).each(['dcgan', 'conditional mlp'])(
    'has a README whose Python runs: %s',
    async (what) => {
      const { place, files } = await written(generators[what]!);
      const text = program(files, 'Python');
      expect(text.trim().split('\n').length).toBeLessThanOrEqual(8);
      writeFileSync(join(place, 'run.py'), text);
      expect(ran(place, python, 'run.py')).toMatch(/^\(16, 8, 8, 1\) -?[\d.]+ -?[\d.]+\n$/);
    },
  );
  it.each([false, true])('has a README whose TensorFlow.js runs; with labels: %s', async (conditional) => {
    const plain = layers.sequential({
      layers: [layers.layers.dense({ units: 64, inputShape: [conditional ? 7 : 4] })],
    });
    const generator = fromLayersModel(plain);
    const { place, files } = await written(
      conditional
        ? { generator: besideLabels(generator, 3), discriminator: beside }
        : { generator, discriminator },
    );
    expect(Object.keys(files).slice(3)).toEqual(['layers-model/model.json', 'layers-model/weights.bin']);
    linked(place, 'gans');
    const around = [
      "import '@tensorflow/tfjs-backend-cpu';",
      "import * as core from '@tensorflow/tfjs-core';",
      "import * as layers from '@tensorflow/tfjs-layers';",
      "import { readFileSync } from 'node:fs';",
      'const fetchFunc = async (url) => new Response(readFileSync(url));',
      'const loadLayersModel = (path) => layers.loadLayersModel(core.io.http(path, { fetchFunc }));',
      'const tf = { ...core, loadLayersModel };',
      'core.env().platform.fetch = fetchFunc;',
      program(files, 'TensorFlow.js'),
      'console.log(examples.shape.join());',
    ];
    writeFileSync(join(place, 'run.mjs'), around.join('\n'));
    expect(ran(place, process.execPath, 'run.mjs')).toMatch(/^16,64$/m);
  });
  it('says what the input is, the range of the examples and how moments were measured', async () => {
    const game = await make(generators['dcgan']!);
    const z = pointOf(game);
    const exported = await exportGenerator(game, z);
    const examples = await game.sample(z, 256, 0);
    expect(exported.facts.range).toEqual({
      least: Math.min(...examples),
      largest: Math.max(...examples),
      examples: 256,
    });
    const text = describeExport(exported);
    expect(text).toContain('Input: noise [batch, 4], independent numbers of N(0, 1).');
    expect(text).toContain('Output: examples [batch, 8, 8, 1], float32, height × width × channels.');
    expect(text).toContain('were measured after training, on 16 batches of noise with seed 0');
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
    await refused(game, z, { seed: -1 }).toThrow('seed is -1; expected a whole number from 0');
    z[game.blocks.at(-1)!.offset + 2] = NaN;
    await refused(game, z).toThrow(`number 2 of ${game.blocks.at(-1)!.name} is NaN; expected a point`);
    await game.dispose();
  });
});

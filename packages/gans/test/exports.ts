import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { fromLayersModel, mlp, network, start } from '@stillpoint/networks';
import { normal, sizeOf } from '@stillpoint/operators';
import { besideLabels, ganGame, modelFrom, type GanGame, type GanOptions } from '../src/index.js';
import { images, small } from './small-gan.js';

// Generators of every kind, and what their exports are compared with.

export const COUNT = 5;
export const SEED = 7;
export const CHOSEN = [2, 0, 1, 1, 2];

/** Images of 8×8 with labels. */
const withLabels = {
  ...images,
  labels: [0, 1, 2, 0, 1, 2],
  indices: (size: number) => Uint32Array.from({ length: size }, (_, i) => i % 6),
};
export const model = (): layers.LayersModel =>
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
export const own = network({
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

export const discriminator = mlp({ sizes: [64, 8, 1], activation: 'leaky-relu' });
export const beside = besideLabels(mlp({ sizes: [64 + 3, 8, 1], activation: 'leaky-relu' }), 3);
const spec = (text: string): Pick<GanOptions, 'generator' | 'discriminator'> => modelFrom(text, [8, 8, 1]);
const conditional = modelFrom('dcgan(latent=7, channels=4, deviation=0.3)', [8, 8, 1]).generator;

/** Generators of every kind: normalised or not, conditional or not, of the registry and of one's own. */
export const generators: { readonly [what: string]: Pick<GanOptions, 'generator' | 'discriminator'> } = {
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

export const make = (
  networks: Pick<GanOptions, 'generator' | 'discriminator'>,
  more: Partial<GanOptions> = {},
) => ganGame({ ...networks, data: withLabels, batch: 16, seed: 1, engine: 'wasm', ...more });
/** A point at which no parameter has its starting value, as after training. */
export const pointOf = (game: GanGame): Float32Array => {
  const moved = normal(new Float32Array(game.dim), { seed: 5, purpose: 'moved', call: 0 }, 0, 0.1);
  return game.initialise(1).map((x, i) => x + moved[i]!);
};
/** The noise of the first examples that `sample` draws. */
export const noiseOf = ({ generator: { inputs } }: GanGame, count = COUNT): Float32Array =>
  normal(new Float32Array(256 * inputs), { seed: SEED, purpose: 'samples', call: 0 }).subarray(
    0,
    count * inputs,
  );
export const oneHot = (labels: readonly number[]): Float32Array =>
  Float32Array.from(labels.flatMap((label) => [0, 1, 2].map((c) => Number(c === label))));
export const feedsOf = (game: GanGame) => ({
  noise: { data: noiseOf(game), shape: [COUNT, game.generator.inputs] },
  ...(game.generator.classes !== undefined && { labels: { data: oneHot(CHOSEN), shape: [COUNT, 3] } }),
});
export const sampled = (game: GanGame, z: Float32Array): Promise<Float32Array> =>
  game.sample(z, COUNT, SEED, game.generator.classes === undefined ? undefined : CHOSEN);
/**
 * The largest difference that other orders of the same sums leave: half a unit in the last place for each of
 * the terms that an output is a sum of, layer by layer, relative to the largest output.
 */
export const roundings = ({ generator }: GanGame, examples: Float32Array): number => {
  const terms = generator.parameters.reduce((sum, { shape }) => sum + sizeOf(shape.slice(0, -1)), 0);
  return terms * 2 ** -24 * examples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
};
export const furthest = (a: ArrayLike<unknown>, b: Float32Array): number =>
  a.length === b.length ? b.reduce((most, x, i) => Math.max(most, Math.abs(x - Number(a[i]))), 0) : NaN;

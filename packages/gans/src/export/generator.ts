import * as tf from '@tensorflow/tfjs-core';
import { toOnnx, type StoredTensor } from '@stillpoint/engine';
import type { LayersModelFiles, MeasuredMoments, Moments, Network } from '@stillpoint/networks';
import {
  InputError,
  messageOf,
  shown,
  sizeOf,
  unknownName,
  writeSafetensors,
  type Vector,
} from '@stillpoint/operators';
import type { GanGame } from '../gan.js';
import { MOMENT_BATCHES } from '../moments.js';

/** Options of {@link exportGenerator}. */
export interface ExportOptions {
  /**
   * The seed of the batches on which the moments of normalised layers are measured, as in `sample(z, count,
   * seed)`. Default 0.
   */
  readonly seed?: number;
  /**
   * A fixed batch size of the ONNX model, for a network whose operations depend on it otherwise than by
   * multiples. Default: it is free.
   */
  readonly batch?: number;
}

/** What is known of an exported generator. */
export interface ExportFacts {
  /** The name of the game that it was trained in. */
  readonly game: string;
  /** The batch size of the ONNX model, if it is fixed. */
  readonly batch?: number;
  /** Numbers of noise per example: independent, N(0, 1). */
  readonly latent: number;
  /** Number of classes, if it generates for labels. */
  readonly classes?: number;
  /** The shape of an example, channels last. */
  readonly shape: readonly number[];
  /** The least and the largest number of this many generated examples. */
  readonly range: { readonly least: number; readonly largest: number; readonly examples: number };
  /** Layers that normalise by moments, which were measured with this seed. */
  readonly normalised: number;
  readonly seed: number;
}

/** A trained generator as files. */
export interface GeneratorExport {
  /**
   * An ONNX model from `noise` [batch, latent] and, for a generator with classes, one-hot `labels` [batch,
   * classes] to `examples` [batch, …shape].
   */
  readonly onnx: Uint8Array;
  /** Every parameter by its name, and the moments as `moments.0.mean`, `moments.0.variance`, … */
  readonly safetensors: Uint8Array;
  /** The tf.LayersModel that the generator was made of, or why there is none. */
  readonly layersModel: LayersModelFiles | { readonly reason: string };
  readonly facts: ExportFacts;
}

/** Examples whose range is stated. */
const EXAMPLES = 256;

/** The tensors of a generator at z, by the names that they have in files. */
interface Stored {
  /** The parameters, in the network's order. */
  readonly parameters: readonly (readonly [string, StoredTensor])[];
  /** Mean and variance of each normalised layer. */
  readonly moments: readonly (readonly [string, StoredTensor])[];
}

const PORTS = ['noise', 'labels', 'examples'];

function storedTensors(
  { blocks, players, generator }: GanGame,
  z: Float32Array,
  moments: readonly MeasuredMoments[],
): Stored {
  const first = players[1]?.start ?? 0;
  const own = blocks.filter(({ offset }) => offset >= first);
  const measured = moments.flatMap(({ mean, variance }, layer) => [
    [`moments.${layer}.mean`, { data: mean, shape: [mean.length] }] as const,
    [`moments.${layer}.variance`, { data: variance, shape: [variance.length] }] as const,
  ]);
  const taken = [...PORTS, ...measured.map(([name]) => name)];
  const parameters = own.map(({ name: inGame, offset, shape }, i) => {
    const data = z.slice(offset, offset + sizeOf(shape));
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0)
      throw new InputError(
        `exportGenerator: number ${at} of ${inGame} is ${data[at]}; expected a point at which every parameter is finite`,
      );
    const { name } = generator.parameters[i]!;
    return [taken.includes(name) ? inGame : name, { data, shape }] as const;
  });
  return { parameters, moments: measured };
}

/** The generator as an ONNX file. */
function onnxOf(game: GanGame, stored: Stored, facts: ExportFacts): Promise<Uint8Array> {
  const { generator } = game;
  const { classes, latent, shape, batch = 'batch' } = facts;
  const given = (tensors: { readonly [name: string]: tf.Tensor }): readonly Moments[] =>
    (generator.normalised ?? []).map((_, layer) => ({
      mean: tensors[`moments.${layer}.mean`]!,
      variance: tensors[`moments.${layer}.variance`]!,
    }));
  const inputs: { readonly [name: string]: readonly (number | string)[] } = {
    noise: [batch, latent],
    ...(classes !== undefined && { labels: [batch, classes] }),
  };
  return toOnnx(
    (tensors: { readonly [name: string]: tf.Tensor }) => {
      const made = generator.apply(
        stored.parameters.map(([name]) => tensors[name]!),
        tensors['noise']!,
        { given: given(tensors), labels: tensors['labels'] },
      );
      return { examples: tf.reshape(made, [-1, ...shape]) };
    },
    {
      inputs,
      parameters: Object.fromEntries([...stored.parameters, ...stored.moments]),
      description: `Generator of ${game.name}. ${inputWords(facts)} Output: examples [${batch}, ${shape.join(', ')}]${shape.length === 3 ? ', channels last' : ''}.`,
      metadata: metadataOf(game, facts),
    },
  );
}

/** What the inputs are, in sentences. */
export function inputWords({ latent, classes, batch }: ExportFacts): string {
  const size = batch ?? 'batch';
  const labels =
    classes === undefined ? '' : `, and labels [${size}, ${classes}], one-hot: 1 at the class, 0 elsewhere`;
  return `Input: noise [${size}, ${latent}], independent numbers of N(0, 1)${labels}.`;
}

/** What the moments are, in a sentence. */
export const momentsWords = ({ normalised, seed }: ExportFacts): string =>
  normalised === 0
    ? 'No layer normalises by its batch.'
    : `The mean and variance of ${normalised === 1 ? 'the layer that normalises' : `the ${normalised} layers that normalise`} by the batch were measured after training, on ${MOMENT_BATCHES} batches of noise with seed ${seed}; they are part of every file, so that an example depends on its own noise alone.`;

const metadataOf = (game: GanGame, facts: ExportFacts): { readonly [name: string]: string } => ({
  game: game.name,
  identity: JSON.stringify(game.identity),
  moments: momentsWords(facts),
});

function layersModelOf(
  { layersModel, describe }: Network,
  stored: Stored,
  moments: readonly MeasuredMoments[],
): GeneratorExport['layersModel'] {
  if (layersModel === undefined)
    return { reason: `the generator, ${describe}, was not made of a tf.LayersModel by fromLayersModel` };
  try {
    return layersModel(
      stored.parameters.map(([, { data }]) => data),
      moments,
    );
  } catch (error) {
    if (error instanceof InputError) return { reason: messageOf(error) };
    throw error;
  }
}

function checkArguments(game: unknown, z: unknown, options: unknown): void {
  const isGame = game !== null && typeof game === 'object' && 'generator' in game && 'blocks' in game;
  if (!isGame) throw new InputError(`exportGenerator takes a game of ganGame; got ${shown(game)}`);
  const dim: unknown = Reflect.get(game, 'dim');
  if (!(z instanceof Float32Array) || z.length !== dim)
    throw new InputError(
      `exportGenerator: z is ${z instanceof Float32Array ? `a Float32Array of ${z.length}` : shown(z)}; expected a Float32Array of ${String(dim)}, a point of the game`,
    );
  if (options === null || typeof options !== 'object')
    throw new InputError(`exportGenerator: the options are ${shown(options)}; expected { seed }`);
  for (const key of Object.keys(options))
    if (key !== 'seed' && key !== 'batch')
      throw unknownName('option of exportGenerator', key, ['seed', 'batch']);
  for (const [key, least, most] of [
    ['seed', 0, 2 ** 32 - 1],
    ['batch', 1, Number.MAX_SAFE_INTEGER],
  ] as const) {
    const value: unknown = Reflect.get(options, key) ?? least;
    if (!(typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most))
      throw new InputError(
        `exportGenerator: ${key} is ${shown(value)}; expected a whole number from ${least} to ${most}`,
      );
  }
}

/**
 * The generator at z as files: an ONNX model, its weights as safetensors and, if it came from
 * `fromLayersModel`, the tf.LayersModel with these weights; your own model stays as it is. All of them return
 * what `game.sample(z, count, seed)` does for the same noise: moments of normalised layers are measured as
 * there, with the same seed, and stored.
 *
 * A parameter has its name in the network, `dense2.kernel`; one called as an input, the output or a moment
 * has its name in `game.blocks`, `G.noise`.
 * @throws InputError for a point of another game, for one that is not finite, and for a network that cannot
 * have a free batch size.
 */
export async function exportGenerator(
  game: GanGame,
  z: Vector,
  options: ExportOptions = {},
): Promise<GeneratorExport> {
  checkArguments(game, z, options);
  const { generator, data } = game;
  const { seed = 0, batch } = options;
  const moments = await game.moments(z, seed);
  const stored = storedTensors(game, Float32Array.from(z), moments);
  const examples = await game.sample(z, EXAMPLES, seed);
  const facts: ExportFacts = {
    game: game.name,
    ...(batch !== undefined && { batch }),
    latent: generator.inputs,
    ...(generator.classes !== undefined && { classes: generator.classes }),
    shape: data.shape,
    range: {
      least: examples.reduce((a, b) => Math.min(a, b)),
      largest: examples.reduce((a, b) => Math.max(a, b)),
      examples: EXAMPLES,
    },
    normalised: moments.length,
    seed,
  };
  const tensors = [...stored.parameters, ...stored.moments];
  return {
    onnx: await onnxOf(game, stored, facts),
    safetensors: writeSafetensors({
      tensors: Object.fromEntries(tensors.map(([name, tensor]) => [name, tensor.data])),
      shapes: Object.fromEntries(tensors.map(([name, { shape }]) => [name, shape])),
      metadata: metadataOf(game, facts),
    }),
    layersModel: layersModelOf(generator, stored, moments),
    facts,
  };
}

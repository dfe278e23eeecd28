import * as tf from '@tensorflow/tfjs-core';
import { InputError, contentHash, shown, sizeOf } from '@stillpoint/operators';
import type { Context, MeasuredMoments, Network } from '../network.js';
import { layersModelFiles, type Valued } from './layers-model-files.js';
import {
  keptMoments,
  layersOf,
  replacedLayers,
  type LayerWeight,
  type ModelLayer,
} from './layers-model-layers.js';

/**
 * The parts of a model that `fromLayersModel` reads. A tf.LayersModel with one input and one output has them.
 */
export interface LayersModel {
  readonly name: string;
  readonly layers: readonly ModelLayer[];
  readonly trainable?: boolean;
  readonly inputs: readonly { readonly shape: readonly (number | null)[] }[];
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[];
  /** How the layers are connected. */
  getConfig?(): unknown;
  /** The model as tfjs writes it to `model.json`, without its weights. */
  toJSON?(unused: undefined, returnString: boolean): unknown;
  /** The model’s output at a batch. */
  apply(x: tf.Tensor, options: { readonly training: boolean }): unknown;
}

/** The shape of one example: the model's input or output shape without the batch axis. */
function exampleShape(
  what: string,
  ports: readonly { readonly shape: readonly (number | null)[] }[],
): readonly number[] {
  const [port, more] = ports;
  if (port === undefined || more !== undefined)
    throw new InputError(`the model has ${ports.length} ${what}; expected one`);
  return port.shape.slice(1).map((d) => {
    if (d === null)
      throw new InputError(
        `the model's ${what} have shape [${port.shape.map((size) => size ?? 'null').join(',')}]; every size but the first must be known`,
      );
    return d;
  });
}

/**
 * A hash of the layers' settings and of how they are connected. Names are replaced by positions, since tfjs
 * numbers its layers: the same model made twice in one process has different names.
 */
function configHash(model: LayersModel, layers: readonly ModelLayer[]): string {
  const { name } = model;
  const all = [layers.map((layer) => [layer.getClassName(), layer.getConfig()]), model.getConfig?.() ?? null];
  let text = JSON.stringify(all).replaceAll(JSON.stringify(name), '"model"');
  layers.forEach((layer, i) => (text = text.replaceAll(JSON.stringify(layer.name), `"layer ${i}"`)));
  return contentHash(text);
}

/** Gives an object a property for a time; returns a function that undoes it. */
function replace(target: object, key: string, value: unknown): () => void {
  const before = Reflect.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { configurable: true, value });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  };
}

const shapeOf = ({ shape }: LayerWeight): number[] => shape.map((d) => d ?? 1);
const valuesOf = (weight: LayerWeight): Float32Array => Float32Array.from(weight.read().dataSync());

/** tfjs's names, with a number behind those that are there already. */
function namesOf(weights: readonly LayerWeight[]): readonly string[] {
  const count = new Map<string, number>();
  return weights.map(({ originalName }) => {
    const n = (count.get(originalName) ?? 0) + 1;
    count.set(originalName, n);
    return n === 1 ? originalName : `${originalName}_${n}`;
  });
}

/**
 * A tf.LayersModel (tf.sequential or tf.model, one input, one output, models inside it too) as a network.
 * Its trainable weights become parameters and start with the values they have in the model now, whatever
 * the seed; weights that are not trained, of frozen layers too, keep those values. The model itself is
 * never changed.
 *
 * BatchNormalization trains on each batch's own moments; its moving averages are not used, since samples
 * are drawn with moments measured at the sampled point. A frozen one normalises by its moving averages, as
 * in Keras. Dropout, SpatialDropout1D, AlphaDropout, GaussianDropout and GaussianNoise take their random
 * numbers from the network's noise; without noise they change nothing.
 * @throws InputError for other numbers of inputs or outputs, unknown sizes, a model of which nothing is
 * trained, and random numbers that cannot be given.
 */
export function fromLayersModel(
  model: LayersModel,
  { independent = false }: { readonly independent?: boolean } = {},
): Network {
  const given: unknown = model;
  if (given === null || typeof given !== 'object' || !Array.isArray(Reflect.get(given, 'layers')))
    throw new InputError(`fromLayersModel: found ${shown(given)}; expected a tf.LayersModel`);
  const leaves = layersOf(model.layers, model.trainable === false);
  const weights = [...new Set(leaves.flatMap(({ layer, frozen }) => (frozen ? [] : layer.trainableWeights)))];
  const all = leaves.flatMap(({ layer }) => [...layer.trainableWeights, ...layer.nonTrainableWeights]);
  const constants = [...new Set(all)].filter((weight) => !weights.includes(weight));
  if (weights.length === 0)
    throw new InputError(
      `the model ${model.name} has no weight that is trained${constants.length > 0 ? ': all of it is frozen (trainable = false)' : ''}; expected at least one`,
    );
  const replaced = replacedLayers(leaves);
  const [from, to] = [exampleShape('inputs', model.inputs), exampleShape('outputs', model.outputs)];
  const names = namesOf(weights);
  const parameters = weights.map((weight, i) => ({ name: names[i]!, shape: shapeOf(weight) }));
  const values = weights.map(valuesOf);
  const fixed = constants.map(valuesOf);
  const normalised = replaced.flatMap(({ channels }) => (channels > 0 ? [channels] : []));
  const noises = replaced.map(({ noise }) => noise).filter((n) => n > 0);
  const noise = noises.reduce((sum, n) => sum + n, 0);

  /** Replaces what layers read and call for one application; returns a function that undoes it. */
  function prepare(tensors: readonly tf.Tensor[], context: Context): () => void {
    const undo = weights.map((weight, i) => replace(weight, 'read', () => tensors[i]));
    for (const [i, weight] of constants.entries()) {
      undo.push(replace(weight, 'read', () => tf.tensor(fixed[i]!, shapeOf(weight))));
      const write = (): never => {
        throw new InputError(
          `the model ${model.name} changes its weight ${weight.originalName}, which is not trained, when it is applied; expected a pure function`,
        );
      };
      undo.push(replace(weight, 'write', write));
    }
    const parts = context.noise === undefined || noise === 0 ? [] : tf.split(context.noise, noises, 1);
    let [place, random] = [0, 0];
    for (const { layer, channels, noise: own, call } of replaced) {
      const at = channels > 0 ? place++ : 0;
      const share = own > 0 ? parts[random++] : undefined;
      let applied = false;
      undo.push(
        replace(layer, 'call', (inputs: tf.Tensor | readonly tf.Tensor[]) => {
          if (applied)
            throw new InputError(
              `layer ${layer.name} (${layer.getClassName()}) is applied at several places of the model; expected a layer for each`,
            );
          applied = true;
          const [x] = inputs instanceof tf.Tensor ? [inputs] : inputs;
          if (x === undefined) throw new InputError(`layer ${layer.name} is applied to nothing`);
          return call(x, { ...context, noise: share }, at);
        }),
      );
    }
    return () => {
      for (const back of undo.toReversed()) back();
    };
  }

  return {
    describe: `LayersModel ${model.name}: ${model.layers.map((layer) => layer.getClassName()).join(', ')}`,
    identity: {
      kind: 'layers model',
      inputs: from,
      outputs: to,
      parameters: parameters.map(({ shape }) => shape),
      config: configHash(
        model,
        leaves.map(({ layer }) => layer),
      ),
      fixed: fixed.map((value) => contentHash(new Uint8Array(value.buffer))),
    },
    inputs: sizeOf(from),
    outputs: sizeOf(to),
    parameters,
    independent,
    normalised,
    ...(noise > 0 && { noise }),
    ...(model.toJSON !== undefined && {
      layersModel(trained: readonly Float32Array[], moments: readonly MeasuredMoments[]) {
        const measured = replaced
          .flatMap(({ moving }) => moving ?? [])
          .flatMap(({ mean, variance }, place): Valued[] => [
            { weight: mean, values: moments[place]?.mean ?? new Float32Array(0) },
            { weight: variance, values: moments[place]?.variance ?? new Float32Array(0) },
          ]);
        const kept = constants
          .map((weight, i) => ({ weight, values: fixed[i]! }))
          .filter(({ weight }) => measured.every((other) => other.weight !== weight));
        return layersModelFiles(model.name, model.toJSON?.(undefined, false), [
          ...weights.map((weight, i) => ({ weight, values: trained[i] ?? new Float32Array(0) })),
          ...measured,
          ...kept,
        ]);
      },
    }),
    initialise({ name }, into) {
      const now = values[names.indexOf(name)];
      if (now === undefined) throw new InputError(`the model ${model.name} has no weight ${name}`);
      into.set(now);
    },
    apply(tensors, x, context) {
      if (tensors.length !== weights.length)
        throw new InputError(
          `the model ${model.name} got ${tensors.length} parameters; expected ${weights.length}`,
        );
      const batch = x.shape[0] ?? 1;
      const moments = keptMoments();
      const undo = prepare(tensors, {
        ...context,
        used: context.used === undefined ? undefined : moments.used,
      });
      try {
        const y = model.apply(tf.reshape(x, [batch, ...from]), { training: context.given === undefined });
        if (!(y instanceof tf.Tensor))
          throw new InputError(`the model ${model.name} returned no single tensor`);
        moments.pass(context.used);
        return tf.reshape(y, [batch, sizeOf(to)]);
      } finally {
        moments.dispose();
        undo();
      }
    },
  };
}

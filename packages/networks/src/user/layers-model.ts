import * as tf from '@tensorflow/tfjs-core';
import { InputError, contentHash, sizeOf } from '@stillpoint/operators';
import type { Moments, Network } from '../network.js';

// The parts of a tf.LayersModel that are used, typed by structure: tfjs-layers is not a dependency, users
// bring their own.

/** A weight of a layer. */
export interface LayerWeight {
  readonly originalName: string;
  readonly shape: readonly (number | null)[];
  /** The weight’s present value. */
  read(): tf.Tensor;
}

/** The parts of a layer that are read here. A layer of tfjs has them. */
export interface ModelLayer {
  readonly name: string;
  readonly trainableWeights: readonly LayerWeight[];
  readonly nonTrainableWeights: readonly LayerWeight[];
  /** `Dense`, `Conv2D`, … */
  getClassName(): string;
  /** The layer’s settings by name. */
  getConfig(): { readonly [key: string]: unknown };
}

/**
 * The parts of a model that `fromLayersModel` reads. A tf.LayersModel with one input and one output has them.
 */
export interface LayersModel {
  readonly name: string;
  readonly layers: readonly ModelLayer[];
  readonly inputs: readonly { readonly shape: readonly (number | null)[] }[];
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[];
  /** How the layers are connected. */
  getConfig?(): unknown;
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
function configHash(model: LayersModel): string {
  const { name, layers } = model;
  const all = [layers.map((layer) => [layer.getClassName(), layer.getConfig()]), model.getConfig?.() ?? null];
  let text = JSON.stringify(all).replaceAll(JSON.stringify(name), '"model"');
  layers.forEach((layer, i) => (text = text.replaceAll(JSON.stringify(layer.name), `"layer ${i}"`)));
  return contentHash(text);
}

/** Replaces the tensor that a weight reads, and returns a function that undoes it. */
function shadow(weight: LayerWeight, read: () => tf.Tensor, write?: (value: tf.Tensor) => void): () => void {
  Object.defineProperty(weight, 'read', { configurable: true, value: read });
  if (write !== undefined) Object.defineProperty(weight, 'write', { configurable: true, value: write });
  return () => {
    Reflect.deleteProperty(weight, 'read');
    Reflect.deleteProperty(weight, 'write');
  };
}

interface NormLayer {
  readonly mean: LayerWeight;
  readonly variance: LayerWeight;
  readonly decay: number;
}

/** The layers that keep moving averages of their batches' moments. */
function normLayers(layers: readonly ModelLayer[]): readonly NormLayer[] {
  return layers.flatMap((layer): NormLayer[] => {
    const [mean, variance] = layer.nonTrainableWeights;
    if (layer.getClassName() !== 'BatchNormalization') {
      if (mean !== undefined)
        throw new InputError(
          `layer ${layer.name} (${layer.getClassName()}) has weights that are not trained; only BatchNormalization may have such weights`,
        );
      return [];
    }
    if (mean === undefined || variance === undefined)
      throw new InputError(`layer ${layer.name} has no moving mean and variance`);
    const { momentum } = layer.getConfig();
    return [{ mean, variance, decay: 1 - (typeof momentum === 'number' ? momentum : 0.99) }];
  });
}

/**
 * A tf.LayersModel (tf.sequential or tf.model, one input, one output) as a network. Its trainable weights
 * become parameters and start with the values they have in the model now, whatever the seed; the model itself
 * is never changed. BatchNormalization trains on each batch's own moments; its moving averages are not used,
 * since samples are drawn with moments measured at the sampled point.
 * @throws InputError for other numbers of inputs or outputs, unknown sizes, and layers with other untrained
 * weights.
 */
export function fromLayersModel(
  model: LayersModel,
  { independent = false }: { readonly independent?: boolean } = {},
): Network {
  const weights = model.layers.flatMap((layer) => layer.trainableWeights);
  const norms = normLayers(model.layers);
  const [from, to] = [exampleShape('inputs', model.inputs), exampleShape('outputs', model.outputs)];
  const parameters = weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape.map((d) => d ?? 1),
  }));
  const values = weights.map((weight) => Float32Array.from(weight.read().dataSync()));
  return {
    describe: `LayersModel ${model.name}: ${model.layers.map((layer) => layer.getClassName()).join(', ')}`,
    identity: { kind: 'layers model', inputs: from, outputs: to, parameters, config: configHash(model) },
    inputs: sizeOf(from),
    outputs: sizeOf(to),
    parameters,
    independent,
    normalised: norms.map(({ mean }) => mean.shape[0] ?? 1),
    initialise({ name }, into) {
      const index = parameters.findIndex((parameter) => parameter.name === name);
      const now = values[index];
      if (now === undefined) throw new InputError(`the model ${model.name} has no weight ${name}`);
      into.set(now);
    },
    apply(tensors, x, { given, used }) {
      const batch = x.shape[0] ?? 1;
      const undo = weights.map((weight, i) => shadow(weight, () => tensors[i] ?? weight.read()));
      const moved = norms.map((): { mean: tf.Tensor | undefined; variance: tf.Tensor | undefined } => ({
        mean: undefined,
        variance: undefined,
      }));
      for (const [i, { mean, variance, decay }] of norms.entries()) {
        const fixed: Moments | undefined = given?.[i];
        // from zero, a moving average moves to (1 − momentum) times the batch's own moment
        const own = (value: tf.Tensor): tf.Tensor | undefined =>
          used === undefined ? undefined : tf.keep(tf.div(value, decay));
        undo.push(
          shadow(
            mean,
            () => fixed?.mean ?? tf.zeros([mean.shape[0] ?? 1]),
            (value) => {
              moved[i]!.mean = own(value);
            },
          ),
        );
        undo.push(
          shadow(
            variance,
            () => fixed?.variance ?? tf.zeros([variance.shape[0] ?? 1]),
            (value) => {
              moved[i]!.variance = own(value);
            },
          ),
        );
      }
      try {
        const y = model.apply(tf.reshape(x, [batch, ...from]), { training: given === undefined });
        if (!(y instanceof tf.Tensor))
          throw new InputError(`the model ${model.name} returned no single tensor`);
        for (const [i, { mean, variance }] of moved.entries()) {
          if (mean === undefined || variance === undefined) continue;
          used?.(i, { mean: mean.clone(), variance: variance.clone() });
        }
        return tf.reshape(y, [batch, sizeOf(to)]);
      } finally {
        for (const { mean, variance } of moved) tf.dispose([mean, variance].filter((t) => t !== undefined));
        for (const back of undo) back();
      }
    },
  };
}

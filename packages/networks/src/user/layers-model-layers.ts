import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, sizeOf } from '@stillpoint/operators';
import { normaliseByBatch } from '../layers/batch-norm.js';
import type { Context, Moments } from '../network.js';

// The parts of a tf.LayersModel's layers that are used, typed by structure: tfjs-layers is not a dependency,
// users bring their own.

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
  /** Whether it is trained; false: it is frozen. Default true. */
  readonly trainable?: boolean;
  /** `Dense`, `Conv2D`, … */
  getClassName(): string;
  /** The layer’s settings by name. */
  getConfig(): { readonly [key: string]: unknown };
}

/** A layer of a model, whatever model inside it the layer is in. */
export interface Leaf {
  readonly layer: ModelLayer;
  /** Whether the layer itself, or a model that it is in, is frozen. */
  readonly frozen: boolean;
}

const isLayer = (value: unknown): value is ModelLayer =>
  value !== null && typeof value === 'object' && typeof Reflect.get(value, 'getClassName') === 'function';

/** A model's layers, of models inside it too, each once; models and wrappers come before what is inside. */
export function layersOf(layers: readonly ModelLayer[], frozen = false): readonly Leaf[] {
  const found = new Map<ModelLayer, Leaf>();
  for (const layer of layers) {
    const own = frozen || layer.trainable === false;
    const [several, one]: readonly unknown[] = [Reflect.get(layer, 'layers'), Reflect.get(layer, 'layer')];
    const inside = Array.isArray(several) ? several.filter(isLayer) : isLayer(one) ? [one] : [];
    for (const leaf of [{ layer, frozen: own }, ...layersOf(inside, own)])
      if (!found.has(leaf.layer)) found.set(leaf.layer, leaf);
  }
  return [...found.values()];
}

const named = ({ layer }: Leaf): string => `layer ${layer.name} (${layer.getClassName()})`;

/** A setting of a layer that is a number. @throws InputError if it is none. */
function setting(leaf: Leaf, key: string): number {
  const value = leaf.layer.getConfig()[key];
  if (typeof value !== 'number')
    throw new InputError(`${named(leaf)}: ${key} is ${shown(value)}; expected a number`);
  return value;
}

/** A layer that is computed here instead of by its own `call`. */
export interface Replaced {
  readonly layer: ModelLayer;
  /** Channels that it normalises by the batch; 0: none. */
  readonly channels: number;
  /** The weights of its moving averages, if it normalises by the batch. */
  readonly moving?: { readonly mean: LayerWeight; readonly variance: LayerWeight };
  /** Uniform numbers that it takes per example. */
  readonly noise: number;
  /** Its output; `place` is its number among the layers that normalise. */
  readonly call: (x: tf.Tensor, context: Context, place: number) => tf.Tensor;
}

/**
 * A BatchNormalization. One that is frozen normalises by its moving moments, as in Keras since TensorFlow 2.
 */
function batchNorm(leaf: Leaf): Replaced {
  const { layer, frozen } = leaf;
  const weights = [...layer.trainableWeights, ...layer.nonTrainableWeights];
  const weight = (name: string): LayerWeight | undefined =>
    weights.find(({ originalName }) => originalName.endsWith(`/${name}`));
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(weight);
  if (mean === undefined || variance === undefined)
    throw new InputError(`${named(leaf)} has no moving mean and variance`);
  const [axis, epsilon] = [setting(leaf, 'axis'), setting(leaf, 'epsilon')];
  return {
    layer,
    channels: frozen ? 0 : (mean.shape[0] ?? 1),
    ...(!frozen && { moving: { mean, variance } }),
    noise: 0,
    call(x, context, place) {
      if (axis !== -1 && axis !== x.shape.length - 1)
        throw new InputError(`${named(leaf)} normalises axis ${axis}; expected the last one, channels last`);
      const [scale, offset] = [gamma?.read() ?? tf.scalar(1), beta?.read() ?? tf.scalar(0)];
      if (!frozen) return normaliseByBatch(x, scale, offset, place, context, epsilon);
      const given = [{ mean: mean.read(), variance: variance.read() }];
      return normaliseByBatch(x, scale, offset, 0, { given }, epsilon);
    },
  };
}

/** N(0, 1) from two uniform numbers each: Box–Muller. */
const normals = (u: tf.Tensor, v: tf.Tensor): tf.Tensor =>
  tf.mul(tf.sqrt(tf.mul(tf.log(tf.sub(1, u)), -2)), tf.cos(tf.mul(v, 2 * Math.PI)));
/** 1 where a number is at least the rate, else 0. */
const kept = (u: tf.Tensor, rate: number): tf.Tensor => tf.cast(tf.greaterEqual(u, rate), 'float32');
// of the scaled exponential unit: Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv 1706.02515
const SATURATED = -1.6732632423543772 * 1.0507009873554805;

/** The layers of tfjs that draw random numbers: how much of which setting, how many, and what they do. */
const random: {
  readonly [kind: string]: {
    readonly of: string;
    readonly each: number;
    readonly call: (x: tf.Tensor, of: number, u: tf.Tensor, v: tf.Tensor) => tf.Tensor;
  };
} = {
  Dropout: { of: 'rate', each: 1, call: (x, rate, u) => tf.mul(x, tf.div(kept(u, rate), 1 - rate)) },
  SpatialDropout1D: { of: 'rate', each: 1, call: (x, rate, u) => tf.mul(x, tf.div(kept(u, rate), 1 - rate)) },
  AlphaDropout: {
    of: 'rate',
    each: 1,
    call(x, rate, u) {
      const mask = kept(u, rate);
      const factor = ((1 - rate) * (1 + rate * SATURATED ** 2)) ** -0.5;
      const dropped = tf.add(tf.mul(x, mask), tf.mul(tf.sub(1, mask), SATURATED));
      return tf.add(tf.mul(dropped, factor), -factor * SATURATED * rate);
    },
  },
  GaussianDropout: {
    of: 'rate',
    each: 2,
    call: (x, rate, u, v) => tf.mul(x, tf.add(tf.mul(normals(u, v), Math.sqrt(rate / (1 - rate))), 1)),
  },
  GaussianNoise: {
    of: 'stddev',
    each: 2,
    call: (x, deviation, u, v) => tf.add(x, tf.mul(normals(u, v), deviation)),
  },
};

/**
 * The shape of one example's noise: that of the layer's output, with noiseShape's entries where it has
 * them.
 */
function noiseShape(leaf: Leaf): readonly number[] {
  const output: unknown = Reflect.get(leaf.layer, 'outputShape');
  // one number for all times of a channel
  const spatial = leaf.layer.getClassName() === 'SpatialDropout1D';
  const asked: unknown = spatial ? [null, 1, null] : leaf.layer.getConfig()['noiseShape'];
  const shape: readonly unknown[] = Array.isArray(output) ? output.slice(1) : [null];
  return shape.map((size, i) => {
    const given: unknown = Array.isArray(asked) ? asked[i + 1] : undefined;
    const n = given ?? size;
    if (typeof n !== 'number' || (Array.isArray(asked) && asked[0] != null))
      throw new InputError(
        `${named(leaf)}: its output is ${shown(output)} and its noiseShape ${shown(asked)}; expected known sizes, and noise of each example’s own`,
      );
    return n;
  });
}

function randomLayer(leaf: Leaf): Replaced | undefined {
  const kind = random[leaf.layer.getClassName()];
  if (kind === undefined) return undefined;
  const amount = setting(leaf, kind.of);
  // tfjs does nothing for a rate of 0 or 1
  if (!(amount > 0) || (kind.of === 'rate' && amount >= 1)) return undefined;
  const shape = noiseShape(leaf);
  return {
    layer: leaf.layer,
    channels: 0,
    noise: kind.each * sizeOf(shape),
    call(x, { noise }) {
      if (noise === undefined) return x.clone();
      const parts = kind.each === 1 ? [noise] : tf.split(noise, kind.each, 1);
      const [u, v] = [parts[0]!, parts.at(-1)!].map((part) => tf.reshape(part, [x.shape[0] ?? 1, ...shape]));
      return kind.call(x, amount, u!, v!);
    },
  };
}

/** The layers that are computed here. @throws InputError for a layer that draws random numbers inside. */
export function replacedLayers(leaves: readonly Leaf[]): readonly Replaced[] {
  return leaves.flatMap((leaf) => {
    const { dropout, recurrentDropout } = leaf.layer.getConfig();
    if ([dropout, recurrentDropout].some((rate) => typeof rate === 'number' && rate > 0))
      throw new InputError(
        `${named(leaf)} drops out inside its cell, where no noise can be given; expected dropout and recurrentDropout 0, and dropout layers around it`,
      );
    if (leaf.layer.getClassName() === 'BatchNormalization') return [batchNorm(leaf)];
    return randomLayer(leaf) ?? [];
  });
}

/** Moments that outlive the model's application, in which tfjs frees what it does not return. */
export function keptMoments(): {
  readonly used: (place: number, moments: Moments) => void;
  /** Passes them on. */
  readonly pass: (used: Context['used']) => void;
  readonly dispose: () => void;
} {
  const found = new Map<number, Moments>();
  return {
    used: (place, { mean, variance }) =>
      void found.set(place, { mean: tf.keep(mean.clone()), variance: tf.keep(variance.clone()) }),
    pass(used) {
      for (const [place, { mean, variance }] of found)
        used?.(place, { mean: mean.clone(), variance: variance.clone() });
    },
    dispose: () => tf.dispose([...found.values()].flatMap(({ mean, variance }) => [mean, variance])),
  };
}

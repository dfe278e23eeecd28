import * as tf from '@tensorflow/tfjs-core';
import type { Data, Stream } from '@stillpoint/operators';
import { sizeOf } from '@stillpoint/operators';

/** Name and shape of one parameter tensor of a network, as in `layout` and in safetensors files. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Mean and variance of each channel, both [channels]. */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/** Mean and variance of each channel of a layer, as numbers. */
export interface MeasuredMoments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** A tf.LayersModel as the files that `tf.loadLayersModel` reads. */
export interface LayersModelFiles {
  /** The text of `model.json`, which names the other file. */
  readonly model: string;
  /** The bytes of `weights.bin`. */
  readonly weights: Uint8Array;
}

/**
 * What a network is applied with besides parameters and examples. With nothing: as in training, without
 * labels.
 */
export interface Context {
  /** Moments that the layers with batch statistics normalise by, in order. Default: each batch's own. */
  readonly given?: readonly Moments[] | undefined;
  /** Called with the moments that a layer with batch statistics used. */
  readonly used?: ((layer: number, moments: Moments) => void) | undefined;
  /** The class of each example, one-hot [batch, classes]; for a network that states `classes`. */
  readonly labels?: tf.Tensor | undefined;
  /**
   * Uniform numbers in [0, 1), [batch, noise], for the random layers of a network that states `noise`.
   * Default: the layers do as when samples are drawn, as dropout without dropping.
   */
  readonly noise?: tf.Tensor | undefined;
}

/**
 * A network: pure functions of its parameters. The parameters are slices of the game's flat vector, in the
 * order of `parameters`.
 */
export interface Network {
  /** A short description for reports, such as `2-128-128-1 relu`. */
  readonly describe: string;
  /**
   * Plain data that decides whether a checkpoint of this network fits: its layers and options. Default:
   * shapes and a hash of the functions' source. If you copy a network and change a function, leave it out.
   */
  readonly identity?: Data;
  /** Numbers per input example. */
  readonly inputs: number;
  /** Numbers per output example; 1 for a discriminator. */
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  /** Channels of each layer that normalises by its batch, in order. Default: no such layer. */
  readonly normalised?: readonly number[];
  /**
   * Whether each example's output depends on that example alone, so that several batches may be computed as
   * one. Default false, since it cannot be seen from the functions.
   */
  readonly independent?: boolean;
  /** Number of classes that its labels tell apart. Default: it takes no labels. */
  readonly classes?: number;
  /** Uniform random numbers that it takes per example in training. Default: none. */
  readonly noise?: number;
  /** What it remembers between steps, and how that starts. Default: nothing. */
  readonly buffers?: readonly { readonly name: string; readonly start: readonly number[] }[];
  /** The parameters that `apply` gets, from the trained ones and the buffers. Default: the trained ones. */
  readonly used?: (parameters: readonly tf.Tensor[], buffers: readonly tf.Tensor[]) => readonly tf.Tensor[];
  /** The buffers after a step that ended at these parameters. */
  readonly advance?: (
    parameters: readonly tf.Tensor[],
    buffers: readonly tf.Tensor[],
  ) => readonly tf.Tensor[];
  /**
   * The tf.LayersModel that it was made of, with these parameters, and with these moments, one for each entry
   * of `normalised`, as the moving averages of its batch normalisation. Default: it was made of none. If you
   * copy a network and change a function, leave it out.
   * @throws InputError for a model that cannot be written.
   */
  readonly layersModel?: (
    parameters: readonly Float32Array[],
    moments: readonly MeasuredMoments[],
  ) => LayersModelFiles;
  /** Writes the starting values of one parameter; a pure function of the stream. */
  readonly initialise: (parameter: Parameter, values: Float32Array, stream: Stream) => void;
  /** The network's output [batch, outputs] for x [batch, inputs], in tfjs code that can be traced. */
  readonly apply: (parameters: readonly tf.Tensor[], x: tf.Tensor, context: Context) => tf.Tensor;
}

/** The number of parameters of a network: the sizes of its parameter tensors added up. */
export function countParameters({ parameters }: Network): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Splits one flat vector of all parameters into the network's parameter tensors. */
export function unflatten(flat: tf.Tensor, { parameters }: Network): readonly tf.Tensor[] {
  const sizes = parameters.map(({ shape }) => sizeOf(shape));
  // tfjs's gradient of a split into one piece fails
  const pieces = sizes.length === 1 ? [flat] : tf.split(flat, sizes);
  return pieces.map((piece, i) => tf.reshape(piece, [...(parameters[i]?.shape ?? [])]));
}

/** How many numbers a network remembers. */
export const countBuffers = ({ buffers = [] }: Network): number =>
  buffers.reduce((sum, { start }) => sum + start.length, 0);

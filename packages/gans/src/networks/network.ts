import type * as tf from '@tensorflow/tfjs-core';
import type { Data, Stream } from '@stillpoint/operators';
import { sizeOf } from '@stillpoint/operators';
import type { Normalisation } from './batch-norm.js';

/** One parameter tensor of a network: what a layout table and a safetensors file name it. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * A network is pure functions over its parameters; the parameters are slices of the flat vector, in this
 * order.
 */
export interface Network {
  /** In words, for reports: `2-128-128-1 relu`. */
  readonly describe: string;
  /**
   * Plain data that decides whether a checkpoint of this network fits: its layers and options. Default:
   * shapes and a hash of the functions' source. Whoever copies a network and changes a function must leave
   * it out.
   */
  readonly identity?: Data;
  /** Numbers per example. */
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  /** Channels of each layer that normalises by its batch, in order. Default: there is none. */
  readonly normalised?: readonly number[];
  /**
   * Whether each example's output depends on that example alone, so that a batch may be put together from
   * others. Default false: only who wrote the network knows.
   */
  readonly independent?: boolean;
  /** What it remembers between steps, and how that starts. Default: nothing. */
  readonly buffers?: readonly { readonly name: string; readonly start: readonly number[] }[];
  /** The parameters that `apply` gets, from the trained ones and the buffers. Default: the trained ones. */
  readonly used?: (parameters: readonly tf.Tensor[], buffers: readonly tf.Tensor[]) => readonly tf.Tensor[];
  /** The buffers after a step that ended at these parameters. */
  readonly advance?: (
    parameters: readonly tf.Tensor[],
    buffers: readonly tf.Tensor[],
  ) => readonly tf.Tensor[];
  /** Fills the values of one parameter; a pure function of the stream. */
  readonly initialise: (parameter: Parameter, values: Float32Array, stream: Stream) => void;
  /** x is [batch, inputs], the answer [batch, outputs]; ordinary traceable tfjs code. */
  readonly apply: (parameters: readonly tf.Tensor[], x: tf.Tensor, normalisation: Normalisation) => tf.Tensor;
}

/** Number of parameters. */
export function countParameters({ parameters }: Network): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

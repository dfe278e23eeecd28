import * as tf from '@tensorflow/tfjs-core';
import { InputError, normal, norm } from '@stillpoint/operators';
import type { Network, Parameter } from '../network.js';

/** Of the directions from which the power iterations begin. */
const SEED = 0;

const isWeight = ({ shape }: Parameter): boolean => shape.length >= 2;
const columns = ({ shape }: Parameter): number => shape.at(-1) ?? 1;
/** A weight as the matrix [everything else, outputs]. */
const matrixOf = (weight: tf.Tensor): tf.Tensor2D => tf.reshape(weight, [-1, weight.shape.at(-1) ?? 1]);
/** W·v as a column. */
const times = (weight: tf.Tensor, v: tf.Tensor): tf.Tensor =>
  tf.matMul(matrixOf(weight), tf.reshape(v, [-1, 1]));
const lengthOf = (v: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(v)));

/**
 * Spectral normalisation: each weight W of two dimensions or more is used as W/σ, σ = ‖Wv‖, W read as the
 * matrix [all but the last, last dimension]; biases and scales stay. v is remembered between steps and moves
 * once a step, v ← WᵀWv/‖WᵀWv‖ (a power iteration), so that σ comes to the largest singular value.
 * At a fixed v the loss is an ordinary function of W, so gradients and products are exact: dσ/dW = uvᵀ with
 * u = Wv/‖Wv‖.
 *
 * Differs from the authors' code in when v moves: here once a step, at the last point where a gradient was
 * asked; there at every forward pass. Source: Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957.
 * @throws InputError for a network that has no weight, or that remembers something already.
 */
export function spectralNorm(network: Network): Network {
  return normaliseSpectrally(network, isWeight, true);
}

/** Spectral norm of some parameters; `named` where the network's identity does not say so. */
export function normaliseSpectrally(
  network: Network,
  divided: (parameter: Parameter) => boolean,
  named = false,
): Network {
  const weights = network.parameters.filter(divided);
  if (weights.length === 0)
    throw new InputError(`spectralNorm: ${network.describe} has no weight of two dimensions or more`);
  if (network.buffers !== undefined)
    throw new InputError(
      `spectralNorm: ${network.describe} has buffers of its own; expected a plain network`,
    );
  const at = network.parameters.map((parameter) => weights.indexOf(parameter));
  // a layers model has the weights as they are, not those that are used
  const { layersModel: _, ...plain } = network;
  return {
    ...plain,
    ...(named && { describe: `${network.describe}, spectral norm` }),
    ...(!named || network.identity === undefined
      ? {}
      : { identity: { kind: 'spectral norm', of: network.identity, seed: SEED } }),
    buffers: weights.map((weight, call) => {
      const start = normal(new Float32Array(columns(weight)), { seed: SEED, purpose: 'spectral norm', call });
      const length = norm(start);
      return { name: weight.name, start: Array.from(start, (x) => x / length) };
    }),
    used: (parameters, buffers) =>
      parameters.map((weight, i) => {
        const v = buffers[at[i]!];
        return v === undefined ? weight : tf.div(weight, lengthOf(times(weight, v)));
      }),
    advance: (parameters, buffers) =>
      buffers.map((v, b) => {
        const weight = parameters[at.indexOf(b)]!;
        const next = tf.reshape(tf.matMul(matrixOf(weight), times(weight, v), true), [-1]);
        return tf.div(next, lengthOf(next));
      }),
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { choice, number } from '@stillpoint/operators';
import { builtLayer, layer } from './layer.js';

/** The activations, by name, as functions of x and of the slope of leaky ReLU below 0. */
const functions = {
  relu: (x: tf.Tensor) => tf.relu(x),
  'leaky-relu': (x: tf.Tensor, slope: number) => tf.leakyRelu(x, slope),
  tanh: (x: tf.Tensor) => tf.tanh(x),
  sigmoid: (x: tf.Tensor) => tf.sigmoid(x),
  softplus: (x: tf.Tensor) => tf.softplus(x),
  elu: (x: tf.Tensor) => tf.elu(x),
  // Φ by the error function, as PyTorch's and Keras's default
  gelu: (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  silu: (x: tf.Tensor) => tf.mul(x, tf.sigmoid(x)),
  sine: (x: tf.Tensor) => tf.sin(x),
} as const;

/** The name of an activation. */
export type ActivationName = keyof typeof functions;

/** The names of all activations. */
export const activationNames: readonly ActivationName[] = [
  'relu',
  'leaky-relu',
  'tanh',
  'sigmoid',
  'softplus',
  'elu',
  'gelu',
  'silu',
  'sine',
];

/** The slope of leaky ReLU below 0: Radford, Metz, Chintala 2016, arXiv 1511.06434. */
export const SLOPE = 0.2;

/** An activation of x. */
export const activate = (name: ActivationName, x: tf.Tensor, slope: number = SLOPE): tf.Tensor =>
  functions[name](x, slope);

/** A function of each number. */
export const activation = layer({
  name: 'activation',
  about: 'a function of each number',
  reference:
    'classical; gelu: Hendrycks, Gimpel 2016, arXiv 1606.08415; sine: Sitzmann et al. 2020, arXiv 2006.09661',
  shapes: '[…] → the same',
  example: 'activation(of=relu)',
  options: {
    of: choice({ about: 'which', among: activationNames }),
    slope: number({ about: 'slope of leaky-relu below 0', from: 0, default: SLOPE }),
  },
  build: ({ of, slope }, input) =>
    builtLayer({ output: input, parameters: {}, apply: (_, x) => activate(of, x, slope) }),
});

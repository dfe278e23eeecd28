import * as tf from '@tensorflow/tfjs-core';
import { InputError, normal, shown, unknownName } from '@stillpoint/operators';
import { activate, activationNames, type ActivationName } from '../layers/activation.js';
import { initialiserFrom } from '../initialise/registry.js';
import type { Network } from '../network.js';

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Widths from input to output, at least two: [2, 128, 128, 1]. */
  readonly sizes: readonly number[];
  /** Activation of every layer but the last; leaky-relu has slope 0.2 below 0. Default `relu`. */
  readonly activation?: ActivationName;
  /** Activation of the last layer. Default `linear`: none. */
  readonly output?: 'linear' | 'tanh';
  /** How the weights start: the spec of an initialiser, as orthogonal(gain=0.8). Default: N(0, 2/fan-in). */
  readonly kernel?: string;
}

/**
 * A multilayer perceptron. Weights start from N(0, 2/fan-in) unless an initialiser is given, biases at 0 (He,
 * Zhang, Ren, Sun 2015, arXiv 1502.01852). @throws InputError for fewer than two sizes, sizes that are not
 * whole numbers > 0, and an unknown initialiser.
 */
export function mlp({ sizes, activation = 'relu', output = 'linear', kernel }: MlpOptions): Network {
  const given: unknown = sizes;
  if (!Array.isArray(given) || given.length < 2 || !sizes.every((n) => Number.isSafeInteger(n) && n > 0))
    throw new InputError(`an mlp of sizes ${shown(given)}; expected at least two whole numbers > 0`);
  if (!activationNames.includes(activation)) throw unknownName('activation', activation, activationNames);
  if (output !== 'linear' && output !== 'tanh')
    throw unknownName('output of an mlp', output, ['linear', 'tanh']);
  const layers = sizes.length - 1;
  const begin = kernel === undefined ? undefined : initialiserFrom(kernel);
  return {
    describe: `${sizes.join('-')} ${activation}${output === 'tanh' ? ', tanh out' : ''}${kernel === undefined ? '' : `, ${kernel}`}`,
    identity: { kind: 'mlp', sizes, activation, output, ...(kernel !== undefined && { kernel }) },
    inputs: sizes[0] ?? 0,
    outputs: sizes[layers] ?? 0,
    independent: true,
    parameters: sizes.slice(1).flatMap((width, layer) => [
      { name: `layers.${layer}.weight`, shape: [sizes[layer] ?? 0, width] },
      { name: `layers.${layer}.bias`, shape: [width] },
    ]),
    initialise({ shape }, values, stream) {
      if (shape.length === 1) values.fill(0);
      else if (begin !== undefined) begin(values, shape, stream);
      else normal(values, stream, 0, Math.sqrt(2 / (shape[0] ?? 1)));
    },
    apply(parameters, x) {
      let h = x;
      for (let layer = 0; layer < layers; layer++) {
        const [weight, bias] = [parameters[2 * layer], parameters[2 * layer + 1]];
        if (weight === undefined || bias === undefined)
          throw new InputError(
            `an mlp of ${layers} layers got ${parameters.length} parameters; expected ${2 * layers}`,
          );
        h = tf.add(tf.matMul(h, weight), bias);
        if (layer + 1 < layers) h = activate(activation, h);
      }
      return output === 'tanh' ? tf.tanh(h) : h;
    },
  };
}

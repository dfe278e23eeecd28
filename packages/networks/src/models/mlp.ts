import * as tf from '@tensorflow/tfjs-core';
import { InputError, normal } from '@stillpoint/operators';
import type { Network } from '../network.js';

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Widths from input to output, at least two: [2, 128, 128, 1]. */
  readonly sizes: readonly number[];
  /** Activation of every layer but the last; leaky-relu has slope 0.2 below 0. Default `relu`. */
  readonly activation?: 'relu' | 'leaky-relu';
  /** Activation of the last layer. Default `linear`: none. */
  readonly output?: 'linear' | 'tanh';
}

/** The slope of leaky ReLU below 0: Radford, Metz, Chintala 2016, arXiv 1511.06434. */
const SLOPE = 0.2;

/**
 * A multilayer perceptron. Weights start from N(0, 2/fan-in), biases at 0 (He, Zhang, Ren, Sun 2015, arXiv
 * 1502.01852). @throws InputError for fewer than two sizes, and sizes that are not whole numbers > 0.
 */
export function mlp({ sizes, activation = 'relu', output = 'linear' }: MlpOptions): Network {
  if (sizes.length < 2 || !sizes.every((n) => Number.isSafeInteger(n) && n > 0))
    throw new InputError(`an mlp of sizes [${sizes.join(',')}]; expected at least two whole numbers > 0`);
  const layers = sizes.length - 1;
  return {
    describe: `${sizes.join('-')} ${activation}${output === 'tanh' ? ', tanh out' : ''}`,
    identity: { kind: 'mlp', sizes, activation, output },
    inputs: sizes[0] ?? 0,
    outputs: sizes[layers] ?? 0,
    independent: true,
    parameters: sizes.slice(1).flatMap((width, layer) => [
      { name: `layers.${layer}.weight`, shape: [sizes[layer] ?? 0, width] },
      { name: `layers.${layer}.bias`, shape: [width] },
    ]),
    initialise({ shape }, values, stream) {
      if (shape.length === 1) values.fill(0);
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
        if (layer + 1 < layers) h = activation === 'relu' ? tf.relu(h) : tf.leakyRelu(h, SLOPE);
      }
      return output === 'tanh' ? tf.tanh(h) : h;
    },
  };
}

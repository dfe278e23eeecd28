import * as tf from '@tensorflow/tfjs-core';
import { InputError, sizeOf } from '@stillpoint/operators';
import type { Context, Network } from '../network.js';
import type { Start } from '../user/functions.js';

/**
 * A network's parameters as tensors of a player of `problemFromLosses`, or of `problemFromResiduals`, with
 * their starts. @throws InputError if the network remembers anything between steps.
 */
export function parametersOf(network: Network): { readonly [name: string]: Start } {
  if ((network.buffers ?? []).length > 0)
    throw new InputError(
      `the network ${network.describe} keeps numbers between steps (spectral normalisation does); only ganGame does that, so leave it out here`,
    );
  return Object.fromEntries(
    network.parameters.map((parameter) => [
      parameter.name,
      {
        shape: parameter.shape,
        fill: (values: Float32Array, stream): void => network.initialise(parameter, values, stream),
      } satisfies Start,
    ]),
  );
}

/**
 * The output [batch, outputs] of a network whose parameters are among a player's tensors, for examples
 * [batch, …].
 * @throws InputError if a parameter is missing, and for examples of another size.
 */
export function applyNetwork(
  network: Network,
  tensors: { readonly [name: string]: tf.Tensor },
  x: tf.Tensor,
  context: Context = {},
): tf.Tensor {
  const { describe, inputs } = network;
  const parameters = network.parameters.map(({ name }) => {
    const tensor = tensors[name];
    if (tensor === undefined)
      throw new InputError(
        `the network ${describe} lacks its parameter ${name}; found ${Object.keys(tensors).join(', ')}; a player has them by { ...parametersOf(network) }`,
      );
    return tensor;
  });
  const [batch = 1, ...example] = x.shape;
  if (x.rank < 2 || sizeOf(example) !== inputs)
    throw new InputError(
      `the network ${describe} is given examples of shape [${x.shape.join(',')}]; expected [batch, ${inputs}], or other axes after the first with ${inputs} numbers`,
    );
  return network.apply(parameters, tf.reshape(x, [batch, inputs]), context);
}

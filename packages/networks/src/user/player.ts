import type * as tf from '@tensorflow/tfjs-core';
import { InputError, shown } from '@stillpoint/operators';
import type { Context, Network } from '../network.js';
import type { Start } from './functions.js';

/** A network whose parameters are the tensors of a player. */
export interface NetworkPlayer {
  /**
   * Shape and start of each parameter, by name: a player of `problemFromLosses`, the parameters of a
   * residual.
   */
  readonly tensors: { readonly [name: string]: Start };
  /** The network's output [batch, outputs] for x [batch, inputs], its parameters by name. */
  readonly apply: (
    tensors: { readonly [name: string]: tf.Tensor },
    x: tf.Tensor,
    context?: Context,
  ) => tf.Tensor;
}

/**
 * A network for `problemFromLosses` and `problemFromResiduals`: its parameters are a player's tensors.
 * @throws InputError for a network that remembers something between steps, as spectral norm does: such a
 * problem has no buffers.
 */
export function asPlayer(network: Network): NetworkPlayer {
  const given: unknown = network;
  if (given === null || typeof given !== 'object' || !Array.isArray(Reflect.get(given, 'parameters')))
    throw new InputError(
      `asPlayer: found ${shown(given)}; expected a network, as mlp({ sizes: [2, 16, 1] })`,
    );
  if (network.buffers !== undefined)
    throw new InputError(
      `asPlayer: ${network.describe} remembers ${network.buffers.map(({ name }) => name).join(', ')} between steps; expected a network without buffers`,
    );
  return {
    tensors: Object.fromEntries(
      network.parameters.map((parameter): [string, Start] => [
        parameter.name,
        {
          shape: parameter.shape,
          fill: (values, stream) => network.initialise(parameter, values, stream),
        },
      ]),
    ),
    apply(tensors, x, context = {}) {
      const list = network.parameters.map(({ name }) => {
        const found = tensors[name];
        if (found === undefined) throw new InputError(`${network.describe}: no tensor ${name} is given`);
        return found;
      });
      return network.apply(list, x, context);
    },
  };
}

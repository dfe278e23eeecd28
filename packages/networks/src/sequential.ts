import * as tf from '@tensorflow/tfjs-core';
import { InputError, shown, sizeOf, type Data } from '@stillpoint/operators';
import { buildChain } from './layers/chain.js';
import { expectLayer, type Layer, type Shape } from './layers/layer.js';
import { normaliseSpectrally } from './layers/spectral-norm.js';
import type { Network } from './network.js';

/** Options of {@link sequential}. */
export interface SequentialOptions {
  /** The shape of one input example: 64, or [28, 28, 1]. */
  readonly inputs: number | Shape;
  readonly layers: readonly Layer[];
  /** A short description for reports. Default: the inputs and the kinds of layers. */
  readonly describe?: string;
  /**
   * Plain data that decides whether a checkpoint fits. Default: the inputs and the layers with their
   * options.
   */
  readonly identity?: Data;
}

/**
 * A network of layers, one after another. Parameters are named by layer, `dense1.kernel`, `residual2.path.
 * conv1.bias`; what the layers normalise by the batch, take as noise and remember adds up.
 * @throws InputError for a shape that is none, and, with the layer's name and both shapes, for a layer that
 * cannot take what the one before it returns; for a network without parameters.
 */
export function sequential({ inputs, layers, describe, identity }: SequentialOptions): Network {
  const given: unknown = inputs;
  const shape = Array.isArray(given) ? given.map(Number) : typeof given === 'number' ? [given] : [];
  if (shape.length === 0 || !shape.every((n) => Number.isSafeInteger(n) && n > 0))
    throw new InputError(
      `sequential: inputs is ${shown(given)}; expected whole numbers > 0, as 64 or [28, 28, 1]`,
    );
  const list: unknown = layers;
  if (!Array.isArray(list) || list.length === 0)
    throw new InputError(`sequential: layers is ${shown(list)}; expected a list of layers`);
  for (const layer of layers) expectLayer('sequential', layer);
  const whole = buildChain(layers, shape, 'sequential');
  const { parameters, normalised, noise, classes, output } = whole;
  const size = sizeOf(output);
  const kinds = layers.map(({ name }) => name).join(', ');
  const network: Network = {
    describe: describe ?? `${shape.join('×')}: ${kinds} → ${output.join('×')}`,
    identity: identity ?? {
      kind: 'sequential',
      inputs: shape,
      layers: layers.map((layer) => layer.identity),
    },
    inputs: sizeOf(shape),
    outputs: size,
    parameters: parameters.map(({ name, shape: of }) => ({ name, shape: of })),
    independent: normalised === undefined,
    ...(normalised && { normalised }),
    ...(noise !== undefined && { noise }),
    ...(classes !== undefined && { classes }),
    initialise({ name }, values, stream) {
      const found = parameters.find((parameter) => parameter.name === name);
      if (found === undefined) throw new InputError(`this network has no parameter ${name}`);
      found.start(values, found.shape, stream);
    },
    apply(tensors, x, context) {
      if (tensors.length !== parameters.length)
        throw new InputError(`the network got ${tensors.length} parameters; expected ${parameters.length}`);
      const batch = x.shape[0] ?? 1;
      return tf.reshape(whole.apply(tensors, tf.reshape(x, [batch, ...shape]), context), [batch, size]);
    },
  };
  if (parameters.length === 0)
    throw new InputError(`${network.describe} has no parameters; nothing could be trained`);
  const divided = parameters.filter((parameter) => parameter.spectral === true).map(({ name }) => name);
  return divided.length === 0 ? network : normaliseSpectrally(network, ({ name }) => divided.includes(name));
}

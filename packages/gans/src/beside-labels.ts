import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import type { Network } from '@stillpoint/networks';

/**
 * A network that gets one-hot labels beside its input, as G and D of the conditional GAN do: of a network
 * from n + classes numbers it makes one from n numbers. Source: Mirza, Osindero 2014, arXiv 1411.1784.
 * @throws InputError for fewer than two classes, a network that has classes, and one whose inputs are no
 * more.
 */
export function besideLabels(network: Network, classes: number): Network {
  const { inputs, describe, identity } = network;
  if (!Number.isSafeInteger(classes) || classes < 2)
    throw new InputError(`besideLabels: ${classes} classes; expected a whole number >= 2`);
  if (network.classes !== undefined)
    throw new InputError(
      `besideLabels: ${describe} takes labels already; expected a network without classes`,
    );
  if (inputs <= classes)
    throw new InputError(
      `besideLabels: ${describe} takes ${inputs} numbers; expected more than ${classes}, one of which is each class`,
    );
  return {
    ...network,
    describe: `${describe}, ${classes} labels beside its input`,
    ...(identity === undefined ? {} : { identity: { kind: 'labels beside', of: identity, classes } }),
    inputs: inputs - classes,
    classes,
    apply(parameters, x, context) {
      const { labels, ...rest } = context;
      if (labels === undefined)
        throw new InputError(`${describe} got no labels; expected [batch, ${classes}]`);
      return network.apply(parameters, tf.concat([x, labels], 1), rest);
    },
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import type { Context, Moments, Network } from './network.js';

/** The numbers of all moments of a network in one vector: every mean, then every variance; at least 1. */
export const momentsLength = ({ normalised = [] }: Pick<Network, 'normalised'>): number =>
  Math.max(1, 2 * normalised.reduce((sum, channels) => sum + channels, 0));

/** The moments by layer in such a vector, as `Context.given` takes them. */
export function givenMoments(
  flat: tf.Tensor,
  { normalised = [] }: Pick<Network, 'normalised'>,
): readonly Moments[] {
  if (normalised.length === 0) return [];
  const parts = tf.split(flat, [...normalised, ...normalised]);
  return normalised.map((_, layer) => {
    const [mean, variance] = [parts[layer], parts[normalised.length + layer]];
    if (mean === undefined || variance === undefined) throw new InputError(`no moments for layer ${layer}`);
    return { mean, variance };
  });
}

/**
 * The moments that a network used in one application, as such a vector. `apply` applies it, with `used`.
 * @throws InputError if a layer normalises other channels than `normalised` says.
 */
export function usedMoments(
  { describe, normalised = [] }: Network,
  apply: (context: Required<Pick<Context, 'used'>>) => unknown,
): tf.Tensor {
  const found = new Map<number, Moments>();
  apply({ used: (layer, moments) => void found.set(layer, moments) });
  const layers = normalised.map((channels, layer) => {
    const moments = found.get(layer);
    if (moments === undefined || moments.mean.size !== channels)
      throw new InputError(
        `${describe}: layer ${layer} normalises ${moments?.mean.size ?? 'no'} channels; its \`normalised\` says ${channels}`,
      );
    return moments;
  });
  return tf.concat(
    [...layers.map(({ mean }) => mean), ...layers.map(({ variance }) => variance)].map((t) =>
      tf.reshape(t, [-1]),
    ),
  );
}

/**
 * The moments over all batches, all of one size, from those of each: the mean of means, and the mean of
 * variances plus the variance of means.
 */
export function pooledMoments(batches: readonly Float32Array[]): Float32Array {
  const length = batches[0]?.length ?? 0;
  const half = length / 2;
  const sums = new Float64Array(length);
  for (const own of batches)
    for (let i = 0; i < half; i++) {
      const [mean, variance] = [own[i] ?? NaN, own[half + i] ?? NaN];
      sums[i] = (sums[i] ?? 0) + mean / batches.length;
      sums[half + i] = (sums[half + i] ?? 0) + (variance + mean ** 2) / batches.length;
    }
  const moments = new Float32Array(length);
  for (let i = 0; i < half; i++) {
    moments[i] = sums[i] ?? NaN;
    moments[half + i] = Math.max(0, (sums[half + i] ?? NaN) - (sums[i] ?? NaN) ** 2);
  }
  return moments;
}

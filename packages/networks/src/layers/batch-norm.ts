import * as tf from '@tensorflow/tfjs-core';
import { InputError, integer, number } from '@stillpoint/operators';
import type { Context } from '../network.js';
import { labelsFor } from './labels.js';
import { builtLayer, layer, misfit, type Shape } from './layer.js';

const EPSILON = 1e-5;

/**
 * (h − μ)/√(σ² + ε) · scale + offset for h [batch, …, channels], μ and σ² per channel, of the batch itself or
 * as given. `scale` and `offset` are [channels], or anything that broadcasts to h. `layer` counts from 0
 * within a network. Ioffe, Szegedy 2015, arXiv 1502.03167.
 * @throws InputError for one value per channel: (h − μ) would be 0 for every input, and so would the gradient
 * of all that comes before.
 */
export function normaliseByBatch(
  h: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  layer: number,
  { given, used }: Context,
  epsilon: number = EPSILON,
): tf.Tensor {
  const axes = h.shape.slice(0, -1).map((_, i) => i);
  const fixed = given?.[layer];
  if (fixed === undefined && h.size === h.shape.at(-1))
    throw new InputError(
      `batch norm over 1 value per channel, h of shape [${h.shape.join(',')}], returns its offset whatever the input; expected a batch of at least 2`,
    );
  const mean = fixed?.mean ?? tf.mean(h, axes, true);
  const centred = tf.sub(h, mean);
  const variance = fixed?.variance ?? tf.mean(tf.square(centred), axes, true);
  used?.(layer, { mean: tf.reshape(mean, [-1]), variance: tf.reshape(variance, [-1]) });
  // The two factors per channel are multiplied first: one product over the batch instead of two.
  return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale)), offset);
}

const epsilonOption = {
  epsilon: number({ about: 'added to the variance', symbol: 'ε', above: 0, default: EPSILON }),
};
const channelsOf = (name: string, input: Shape): number => {
  const channels = input.at(-1);
  if (channels === undefined) throw misfit(name, '[…, channels]', input);
  return channels;
};

/** Normalises each channel by the moments of the batch. */
export const batchNorm = layer({
  name: 'batch-norm',
  about:
    'each channel less its mean, over its deviation, times a scale, plus an offset; moments of the batch in training, measured ones when samples are drawn',
  reference: 'Ioffe, Szegedy 2015, arXiv 1502.03167',
  shapes: '[…, channels] → the same',
  options: epsilonOption,
  build({ epsilon }, input, name) {
    const channels = channelsOf(name, input);
    return builtLayer({
      output: input,
      normalised: [channels],
      parameters: {
        scale: { shape: [channels], start: 'constant(value=1)' },
        offset: { shape: [channels], start: 'constant' },
      },
      apply: ({ scale, offset }, x, context) => normaliseByBatch(x, scale, offset, 0, context, epsilon),
    });
  },
});

/** Batch norm whose scale and offset depend on the example's class. */
export const conditionalBatchNorm = layer({
  name: 'conditional-batch-norm',
  about: 'batch norm with a scale and an offset for each class',
  reference: 'Dumoulin, Shlens, Kudlur 2017, arXiv 1610.07629',
  shapes: '[…, channels], labels → the same',
  example: 'conditional-batch-norm(classes=10)',
  options: { classes: integer({ about: 'number of classes', from: 2 }), ...epsilonOption },
  build({ classes, epsilon }, input, name) {
    const channels = channelsOf(name, input);
    return builtLayer({
      output: input,
      normalised: [channels],
      classes,
      parameters: {
        scale: { shape: [classes, channels], start: 'constant(value=1)' },
        offset: { shape: [classes, channels], start: 'constant' },
      },
      apply({ scale, offset }, x, context) {
        const labels = labelsFor(name, context, x.shape[0] ?? 1, classes);
        const own = (table: tf.Tensor): tf.Tensor =>
          tf.reshape(tf.matMul(labels, table), [-1, ...input.slice(0, -1).map(() => 1), channels]);
        return normaliseByBatch(x, own(scale), own(offset), 0, context, epsilon);
      },
    });
  },
});

import * as tf from '@tensorflow/tfjs-core';
import { choice, integer, sizeOf, type Data, type Option } from '@stillpoint/operators';
import { ranked } from './conv.js';
import { builtLayer, imageShape, layer, misfit } from './layer.js';

/** Each example as one vector. */
export const flatten = layer({
  name: 'flatten',
  about: 'each example as one vector',
  reference: 'classical',
  shapes: '[…] → [their product]',
  options: {},
  build: (_, input) =>
    builtLayer({
      output: [sizeOf(input)],
      parameters: {},
      apply: (__, x) => tf.reshape(x, [x.shape[0] ?? 1, sizeOf(input)]),
    }),
});

const shapeOption: Option<readonly number[]> = {
  about: 'shape of one example',
  expected: 'whole numbers > 0 as [7,7,64]',
  accepts: (value: Data) =>
    Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n > 0),
};

/** Each example in another shape of the same size. */
export const reshape = layer({
  name: 'reshape',
  about: 'each example in another shape of the same size',
  reference: 'classical',
  shapes: '[…] → shape',
  example: 'reshape(shape=[4,2])',
  options: { shape: shapeOption },
  build({ shape }, input, name) {
    if (sizeOf(shape) !== sizeOf(input))
      throw misfit(name, `of ${sizeOf(shape)} numbers, to make [${shape.join(',')}]`, input);
    return builtLayer({
      output: shape,
      parameters: {},
      apply: (_, x) => tf.reshape(x, [x.shape[0] ?? 1, ...shape]),
    });
  },
});

const size = integer({ about: 'factor of both sides', from: 1, default: 2 });

/**
 * Repeats each pixel. The gradient is stated: the sum over each pixel's copies. tfjs's own is wrong for
 * several examples on its cpu backend.
 */
function repeated(x: tf.Tensor4D, by: number): tf.Tensor {
  const [, height, width] = x.shape;
  const repeat = tf.customGrad<tf.Tensor>(() => ({
    value: tf.image.resizeNearestNeighbor(x, [height * by, width * by]),
    gradFunc: (dy) => tf.mul(tf.avgPool(ranked(dy), by, by, 'valid'), by * by),
  }));
  return repeat(x);
}

/** Repeats each pixel. */
export const upsample = layer({
  name: 'upsample',
  about: 'repeats each pixel, size times in both directions',
  reference: 'classical',
  shapes: '[height, width, channels] → [height·size, width·size, channels]',
  options: { size },
  build({ size: by }, input, name) {
    const { height, width, channels } = imageShape(name, input);
    return builtLayer({
      output: [height * by, width * by, channels],
      parameters: {},
      apply: (_, x) => repeated(ranked(x), by),
    });
  },
});

/** The mean or the maximum of each window. */
export const pool = layer({
  name: 'pool',
  about: 'the mean or the maximum of windows that do not overlap',
  reference: 'classical',
  shapes: '[height, width, channels] → [height/size, width/size, channels]',
  options: {
    of: choice({ about: 'what is taken of a window', among: ['mean', 'max'], default: 'mean' }),
    size,
  },
  build({ of, size: by }, input, name) {
    const { height, width, channels } = imageShape(name, input);
    if (height % by !== 0 || width % by !== 0)
      throw misfit(name, `[height, width, channels] with sides that are multiples of ${by}`, input);
    return builtLayer({
      output: [height / by, width / by, channels],
      parameters: {},
      apply: (_, x) =>
        of === 'mean' ? tf.avgPool(ranked(x), by, by, 'valid') : tf.maxPool(ranked(x), by, by, 'valid'),
    });
  },
});

/** One number per channel, over all places. */
export const globalPool = layer({
  name: 'global-pool',
  about: 'the sum, the mean or the maximum of each channel over all places',
  reference: 'Lin, Chen, Yan 2014, arXiv 1312.4400; the sum: Miyato, Koyama 2018, arXiv 1802.05637',
  shapes: '[…, channels] → [channels]',
  options: { of: choice({ about: 'what is taken', among: ['sum', 'mean', 'max'], default: 'mean' }) },
  build({ of }, input, name) {
    const channels = input.at(-1);
    if (channels === undefined || input.length < 2) throw misfit(name, '[places …, channels]', input);
    const axes = input.slice(0, -1).map((_, i) => i + 1);
    return builtLayer({
      output: [channels],
      parameters: {},
      apply: (_, x) => (of === 'sum' ? tf.sum(x, axes) : of === 'mean' ? tf.mean(x, axes) : tf.max(x, axes)),
    });
  },
});

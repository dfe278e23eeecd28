import * as tf from '@tensorflow/tfjs-core';
import { choice, number } from '@stillpoint/operators';
import { builtLayer, layer, misfit } from './layer.js';

/** Normalises each example by itself. */
export const layerNorm = layer({
  name: 'layer-norm',
  about:
    'each example less its mean, over its deviation, times a scale, plus an offset per channel; no example depends on another',
  reference: 'Ba, Kiros, Hinton 2016, arXiv 1607.06450',
  shapes: '[…, channels] → the same',
  options: {
    over: choice({
      about:
        'what mean and deviation are taken over: the channels of each place (Keras; PyTorch’s LayerNorm(channels)), or the whole example (PyTorch’s GroupNorm with one group)',
      among: ['channels', 'example'],
      default: 'channels',
    }),
    epsilon: number({ about: 'added to the variance', symbol: 'ε', above: 0, default: 1e-5 }),
  },
  build({ over, epsilon }, input, name) {
    const channels = input.at(-1);
    if (channels === undefined) throw misfit(name, '[…, channels]', input);
    const axes = over === 'channels' ? [input.length] : input.map((_, i) => i + 1);
    return builtLayer({
      output: input,
      parameters: {
        scale: { shape: [channels], start: 'constant(value=1)' },
        offset: { shape: [channels], start: 'constant' },
      },
      apply({ scale, offset }, x) {
        const centred = tf.sub(x, tf.mean(x, axes, true));
        const variance = tf.mean(tf.square(centred), axes, true);
        return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), offset);
      },
    });
  },
});

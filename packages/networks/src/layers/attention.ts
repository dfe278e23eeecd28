import * as tf from '@tensorflow/tfjs-core';
import { flag, integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import { builtLayer, layer, misfit, sequenceShape } from './layer.js';

/** What is added to a weight that the mask forbids: e to this power is exactly 0 in float32. */
const FORBIDDEN = -1e9;

/** Attention of a sequence to itself. */
export const selfAttention = layer({
  name: 'self-attention',
  about:
    'each time’s query is compared with every time’s key, softmax(q·k/√(features/heads)), and returns the mix of their values, in several heads; a dense layer follows',
  reference: 'Vaswani et al. 2017, arXiv 1706.03762',
  shapes: '[time, features] → the same',
  example: 'self-attention(heads=4)',
  options: {
    heads: integer({ about: 'number of heads; divides features', from: 1, default: 1 }),
    causal: flag({ about: 'whether a time sees only itself and earlier ones', default: false }),
    kernel: initialiserOption(
      'how the kernels [features, 3·features] (query, key, value) and [features, features] (out) start',
      'glorot-uniform',
    ),
  },
  build({ heads, causal, kernel }, input, name) {
    const { time, features } = sequenceShape(name, input);
    if (features % heads !== 0)
      throw misfit(name, `[time, features] with features a multiple of ${heads}`, input);
    const width = features / heads;
    return builtLayer({
      output: input,
      parameters: {
        kernel: { shape: [features, 3 * features], start: kernel },
        bias: { shape: [3 * features], start: 'constant' },
        out: { shape: [features, features], start: kernel },
        outBias: { shape: [features], start: 'constant' },
      },
      apply(p, x) {
        const batch = x.shape[0] ?? 1;
        const rows = tf.reshape(x, [batch * time, features]);
        const [query, key, value] = tf
          .split(tf.add(tf.matMul(rows, p.kernel), p.bias), 3, 1)
          .map((part) => tf.transpose(tf.reshape(part, [batch, time, heads, width]), [0, 2, 1, 3]));
        const scores = tf.mul(tf.matMul(query!, key!, false, true), 1 / Math.sqrt(width));
        const mask = causal
          ? tf.tensor(
              Array.from({ length: time * time }, (_, i) =>
                i % time > Math.floor(i / time) ? FORBIDDEN : 0,
              ),
              [time, time],
            )
          : undefined;
        const weights = tf.softmax(mask === undefined ? scores : tf.add(scores, mask));
        const mixed = tf.transpose(tf.matMul(weights, value!), [0, 2, 1, 3]);
        const y = tf.add(tf.matMul(tf.reshape(mixed, [batch * time, features]), p.out), p.outBias);
        return tf.reshape(y, [batch, time, features]);
      },
    });
  },
});

import * as tf from '@tensorflow/tfjs-core';
import { flag, integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import { builtLayer, layer, misfit } from './layer.js';

/** A matrix product along the last axis, plus a bias: x·kernel + bias. */
export const dense = layer({
  name: 'dense',
  about: 'a matrix product along the last axis, plus a bias',
  reference: 'classical',
  shapes: '[…, features] → […, units]',
  example: 'dense(units=64)',
  options: {
    units: integer({ about: 'numbers it returns along the last axis', from: 1 }),
    bias: flag({ about: 'whether a bias, 0 at the start, is added', default: true }),
    kernel: initialiserOption('how the kernel [features, units] starts', 'glorot-uniform'),
  },
  build({ units, bias, kernel }, input, name) {
    const features = input.at(-1);
    if (features === undefined) throw misfit(name, '[…, features]', input);
    return builtLayer({
      output: [...input.slice(0, -1), units],
      parameters: {
        kernel: { shape: [features, units], start: kernel },
        ...(bias && { bias: { shape: [units], start: 'constant' } }),
      },
      apply(p, x) {
        const y = tf.matMul(tf.reshape(x, [-1, features]), p.kernel);
        const rows = tf.reshape(p.bias === undefined ? y : tf.add(y, p.bias), [
          x.shape[0] ?? 1,
          ...input.slice(0, -1),
          units,
        ]);
        return rows;
      },
    });
  },
});

import * as tf from '@tensorflow/tfjs-core';
import { InputError, number, sizeOf } from '@stillpoint/operators';
import { builtLayer, layer } from './layer.js';

/** Sets a share of the numbers to 0, by noise that is given. */
export const dropout = layer({
  name: 'dropout',
  about:
    'sets a share of the numbers to 0 and divides the others by what is kept; its noise is an input; without noise it changes nothing',
  reference: 'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014',
  shapes: '[…] → the same',
  options: { rate: number({ about: 'share that is set to 0', from: 0, below: 1, default: 0.5 }) },
  build({ rate }, input, name) {
    return builtLayer({
      output: input,
      noise: sizeOf(input),
      parameters: {},
      apply(_, x, { noise }) {
        if (noise === undefined) return x;
        if (noise.size !== x.size)
          throw new InputError(
            `layer ${name} needs noise for [${x.shape.join(',')}]; found [${noise.shape.join(',')}]`,
          );
        const kept = tf.cast(tf.greaterEqual(tf.reshape(noise, x.shape), rate), 'float32');
        return tf.mul(x, tf.div(kept, 1 - rate));
      },
    });
  },
});

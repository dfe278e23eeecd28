import * as tf from '@tensorflow/tfjs-core';
import { integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import { builtLayer, layer } from './layer.js';

/** A vector for each token. */
export const embedding = layer({
  name: 'embedding',
  about: 'a vector for each token; a token is a whole number from 0, less than tokens, held as float32',
  reference: 'Bengio, Ducharme, Vincent, Jauvin 2003',
  shapes: '[…] of tokens → […, units]',
  example: 'embedding(tokens=256, units=32)',
  options: {
    tokens: integer({ about: 'number of different tokens', from: 1 }),
    units: integer({ about: 'length of a token’s vector', from: 1 }),
    table: initialiserOption('how the table [tokens, units] starts', 'uniform(lower=-0.05, upper=0.05)'),
  },
  build: ({ tokens, units, table }, input) =>
    builtLayer({
      output: [...input, units],
      parameters: { table: { shape: [tokens, units], start: table } },
      apply: (p, x) => tf.gather(p.table, tf.cast(x, 'int32')),
    }),
});

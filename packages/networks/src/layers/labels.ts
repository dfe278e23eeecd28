import * as tf from '@tensorflow/tfjs-core';
import { InputError, integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import type { Context } from '../network.js';
import { builtLayer, layer, vectorShape } from './layer.js';

/** The context's labels. @throws InputError if there are none, or of another shape. */
export function labelsFor(name: string, { labels }: Context, batch: number, classes: number): tf.Tensor {
  if (labels === undefined)
    throw new InputError(`layer ${name} needs labels [${batch},${classes}], one-hot; found none`);
  if (labels.shape.length !== 2 || labels.shape[0] !== batch || labels.shape[1] !== classes)
    throw new InputError(
      `layer ${name} needs labels [${batch},${classes}], one-hot; found [${labels.shape.join(',')}]`,
    );
  return labels;
}

const classesOption = { classes: integer({ about: 'number of classes', from: 2 }) };

/** Puts the one-hot label behind each example. */
export const appendLabels = layer({
  name: 'append-labels',
  about: 'puts the one-hot label behind the example',
  reference: 'Mirza, Osindero 2014, arXiv 1411.1784',
  shapes: '[features], labels → [features + classes]',
  example: 'append-labels(classes=10)',
  options: classesOption,
  build({ classes }, input, name) {
    const features = vectorShape(name, input);
    return builtLayer({
      output: [features + classes],
      classes,
      parameters: {},
      apply: (_, x, context) => tf.concat([x, labelsFor(name, context, x.shape[0] ?? 1, classes)], 1),
    });
  },
});

/** One logit of an example and its class: w·h + b + ⟨v_class, h⟩. */
export const projection = layer({
  name: 'projection',
  about: 'one logit of features and class: a dense layer plus the product with a vector of the class',
  reference: 'Miyato, Koyama 2018, arXiv 1802.05637',
  shapes: '[features], labels → [1]',
  example: 'projection(classes=10)',
  options: {
    ...classesOption,
    kernel: initialiserOption(
      'how the kernel [features, 1] and the table [classes, features] start',
      'glorot-uniform',
    ),
  },
  build({ classes, kernel }, input, name) {
    const features = vectorShape(name, input);
    return builtLayer({
      output: [1],
      classes,
      parameters: {
        kernel: { shape: [features, 1], start: kernel },
        bias: { shape: [1], start: 'constant' },
        table: { shape: [classes, features], start: kernel },
      },
      apply({ kernel: w, bias, table }, x, context) {
        const own = tf.matMul(labelsFor(name, context, x.shape[0] ?? 1, classes), table);
        return tf.add(tf.add(tf.matMul(x, w), bias), tf.sum(tf.mul(own, x), 1, true));
      },
    });
  },
});

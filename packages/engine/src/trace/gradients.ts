import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, register, zero } from './gradients/gradient.js';
import { images } from './gradients/images.js';
import { moves } from './gradients/moves.js';

/**
 * Gradients of comparisons. tfjs has none, so `tf.where(tf.greater(x, 0), …)` cannot be differentiated in x,
 * although the derivative of the condition is zero almost everywhere.
 */
const comparisons: readonly Gradient[] = [
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Equal',
  'NotEqual',
  'LogicalAnd',
  'LogicalOr',
].map((kernelName) => ({ kernelName, operands: ['a', 'b'], gradients: { a: zero('a'), b: zero('b') } }));

const tests: readonly Gradient[] = ['LogicalNot', 'All', 'Any'].map((kernelName) => ({
  kernelName,
  operands: ['x'],
  gradients: { x: zero('x') },
}));

/**
 * Methods that tfjs's gradients of prod, and of gather with batch dimensions, call. Tensors have them only if
 * all of tfjs was imported.
 */
const methods: { readonly [name: string]: (this: tf.Tensor, ...rest: never[]) => unknown } = {
  reshape(this: tf.Tensor, shape: number[]) {
    return tf.reshape(this, shape);
  },
  split(this: tf.Tensor, sizes: number | number[], axis?: number) {
    return tf.split(this, sizes, axis);
  },
  slice(this: tf.Tensor, begin: number | number[], size?: number | number[]) {
    return tf.slice(this, begin, size);
  },
};

function addMethods(): void {
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in tf.Tensor.prototype))
      Object.defineProperty(tf.Tensor.prototype, name, { value, configurable: true, writable: true });
  }
}

/**
 * Registers the gradients that tfjs lacks: zero for functions that are constant almost everywhere, exact ones
 * for the others. Existing gradients are not changed.
 */
export function registerGradients(): void {
  addMethods();
  for (const gradient of [...comparisons, ...tests, ...images, ...moves]) register(gradient);
}

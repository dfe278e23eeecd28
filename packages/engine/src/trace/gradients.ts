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
 * Registers the gradients that tfjs lacks: zero for functions that are constant almost everywhere, exact ones
 * for the others. Existing gradients are not changed.
 */
export function registerGradients(): void {
  for (const gradient of [...comparisons, ...tests, ...images, ...moves]) register(gradient);
}

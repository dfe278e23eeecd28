import * as tf from '@tensorflow/tfjs-core';
import { type Backward, configOf, type Gradient } from './gradient.js';

// Gradients that replace tfjs's own inside compiled functions.

/**
 * The sum of dy over the repetitions. tfjs (4.22) adds up one slice of dy for each repetition, so that a
 * layer's scale, repeated for every example and pixel, makes a graph of many thousands of nodes.
 */
function untiled({ dy, operand, attributes }: Backward): tf.Tensor {
  const { shape } = operand('x');
  const repeats = attributes.numbers('reps');
  const apart: number[] = [];
  const summed: number[] = [];
  for (const [axis, size] of shape.entries()) {
    if (repeats[axis] !== 1) summed.push(apart.push(repeats[axis]!) - 1);
    if (repeats[axis] === 1 || size !== 1) apart.push(size);
  }
  return tf.reshape(tf.sum(tf.reshape(dy, apart), summed), shape);
}

const repairs: readonly Gradient[] = [{ kernelName: 'Tile', operands: ['x'], gradients: { x: untiled } }];

/** Runs `body` with the repaired gradients in the place of tfjs's, which are registered again afterwards. */
export function withRepairedGradients<T>(body: () => T): T {
  const before = repairs.map(({ kernelName }) => tf.getGradient(kernelName));
  for (const gradient of repairs) tf.registerGradient(configOf(gradient));
  try {
    return body();
  } finally {
    for (const [i, { kernelName }] of repairs.entries()) {
      const gradient: tf.GradConfig | null | undefined = before[i];
      if (gradient == null) tf.unregisterGradient(kernelName);
      else tf.registerGradient(gradient);
    }
  }
}

import * as tf from '@tensorflow/tfjs-core';

const comparisons: readonly string[] = ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr'];

/**
 * tfjs has no gradient of comparisons, so `tf.where(tf.greater(x, 0), …)` cannot be differentiated in x, although the
 * answer is zero almost everywhere. Registers that zero, unless somebody has registered a gradient.
 */
export function registerStepGradients(): void {
  for (const kernelName of comparisons) {
    if (tf.getGradient(kernelName) != null) continue;
    tf.registerGradient({
      kernelName,
      inputsToSave: ['a', 'b'],
      gradFunc: (_, [a, b]) => {
        if (a === undefined || b === undefined) throw new Error(`the operands of ${kernelName} were not saved`);
        return { a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) };
      },
    });
  }
}

import * as tf from '@tensorflow/tfjs-core';
import { type Called, methodOf, outsideFault, replacing, withoutEffects } from './faults.js';
import { withLongStacks } from './place.js';

const oneOrList = (tensors: tf.Tensor | tf.Tensor[] | undefined): readonly (tf.Tensor | null | undefined)[] =>
  Array.isArray(tensors) ? tensors : [tensors];

/**
 * Runs `body`, which calls a compiled function operation by operation, with the checks that a trace makes.
 * `body` returns the outputs. Returns what the function made, for `checkPure`.
 */
export function observe(inputs: readonly tf.Tensor[], body: () => readonly tf.Tensor[]): Called {
  const engine = tf.engine();
  const firstId = Math.min(...inputs.map(({ id }) => id)); // tfjs numbers tensors as they are made
  const [runKernel, makeTensor] = [methodOf(engine, 'runKernel'), methodOf(engine, 'makeTensor')];
  const constants: { values: ArrayLike<number | boolean | string>; origin: Error }[] = [];
  const lines: string[] = [];
  const made: tf.Tensor[] = [];
  const checkOwn = (tensor: tf.Tensor): void => {
    if (tensor.id < firstId) throw outsideFault(tensor);
  };
  const methods = {
    runKernel(
      name: string,
      inputs: { readonly [operand: string]: tf.Tensor | tf.Tensor[] },
      attributes?: tf.NamedAttrMap,
    ): unknown {
      const operands = Object.values(inputs)
        .flatMap(oneOrList)
        .filter((tensor) => tensor != null);
      operands.forEach(checkOwn);
      lines.push(
        `${name}(${operands.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join()}) ${JSON.stringify(attributes)}`,
      );
      const results = runKernel(name, inputs, attributes);
      made.push(...[results].flat().filter((result) => result instanceof tf.Tensor));
      return results;
    },
    makeTensor(values: tf.DataValues, ...rest: readonly unknown[]): unknown {
      constants.push({ values: values.slice(), origin: new Error('constant') });
      return makeTensor(values, ...rest);
    },
  };
  try {
    withLongStacks(() =>
      withoutEffects(() => tf.tidy(() => replacing(engine, methods, () => body().forEach(checkOwn)))),
    );
  } finally {
    for (const tensor of made) if (!tensor.isDisposed) tensor.dispose(); // those that the function keeps
  }
  return { constants, text: lines.join('\n') };
}

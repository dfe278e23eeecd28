import * as tf from '@tensorflow/tfjs-core';
import { attributesOf, type Attributes } from '../attributes.js';

/** What a gradient is computed from. */
export interface Backward {
  /** The gradient in the kernel's result, or in the first of several. */
  readonly dy: tf.Tensor;
  /** An operand of the kernel, by the name tfjs gives it. */
  readonly operand: (name: string) => tf.Tensor;
  readonly attributes: Attributes;
  /** The attributes as tfjs has them, to hand on to another kernel. */
  readonly given: tf.NamedAttrMap;
}

/** A gradient for each operand, by its name; a function of tensors that can itself be differentiated. */
export interface Gradient {
  readonly kernelName: string;
  /**
   * The operands to keep for it; all of them where the kernel takes a list, whose members are named by their
   * place.
   */
  readonly operands: readonly string[] | 'all';
  readonly gradients: { readonly [operand: string]: (backward: Backward) => tf.Tensor };
}

/** Runs a kernel of tfjs's current backend. */
export function run(
  kernelName: string,
  inputs: { [name: string]: tf.Tensor },
  attributes: tf.NamedAttrMap,
): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attributes);
}

/** The operand's gradient is zero, almost everywhere at least. */
export const zero =
  (operand: string) =>
  (backward: Backward): tf.Tensor =>
    tf.zeros(backward.operand(operand).shape);

/** Registers a gradient, unless tfjs or somebody else has registered one. */
export function register({ kernelName, operands, gradients }: Gradient): void {
  if (tf.getGradient(kernelName) != null) return;
  tf.registerGradient({
    kernelName,
    ...(operands === 'all' ? { saveAllInputs: true } : { inputsToSave: [...operands] }),
    gradFunc: (dys, saved, given) => {
      const dy = Array.isArray(dys) ? dys[0] : dys;
      if (dy === undefined) throw new Error(`${kernelName} has no result`);
      const operand = (name: string): tf.Tensor => {
        const tensor = saved[operands === 'all' ? Number(name) : operands.indexOf(name)];
        if (tensor === undefined) throw new Error(`operand ${name} of ${kernelName} was not saved`);
        return tensor;
      };
      const backward: Backward = { dy, operand, attributes: attributesOf(kernelName, given), given };
      return Object.fromEntries(
        Object.entries(gradients).map(([name, gradient]) => [name, () => gradient(backward)]),
      );
    },
  });
}

import * as tf from '@tensorflow/tfjs-core';
import { attributesOf, type Attributes } from '../attributes.js';

/** The arguments of a gradient. */
export interface Backward {
  /** The gradient in the kernel's result, or in the first of several results. */
  readonly dy: tf.Tensor;
  /** An operand of the kernel, by the name tfjs gives it. */
  readonly operand: (name: string) => tf.Tensor;
  readonly attributes: Attributes;
  /** The attributes as tfjs has them, for another kernel. */
  readonly given: tf.NamedAttrMap;
}

/**
 * The gradients of a kernel in each operand, by the operand's name. They are functions of tensors that can
 * themselves be differentiated.
 */
export interface Gradient {
  readonly kernelName: string;
  /**
   * The operands that the gradient needs. `all` is for kernels that take a list, whose members are named by
   * their index.
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

/** A gradient that is zero, at least almost everywhere. */
export const zero =
  (operand: string) =>
  (backward: Backward): tf.Tensor =>
    tf.zeros(backward.operand(operand).shape);

/** A gradient as tfjs takes it. */
export function configOf({ kernelName, operands, gradients }: Gradient): tf.GradConfig {
  return {
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
  };
}

/** Registers a gradient, unless tfjs or somebody else has registered one. */
export function register(gradient: Gradient): void {
  if (tf.getGradient(gradient.kernelName) == null) tf.registerGradient(configOf(gradient));
}

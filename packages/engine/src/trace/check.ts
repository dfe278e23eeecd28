import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { Fault } from './faults.js';
import { atPlace } from './place.js';

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;

/**
 * Returns the entries of what a compiled function returned. Throws unless it is a record of named tensors.
 */
export function checkOutputs(returned: unknown): readonly (readonly [string, tf.Tensor])[] {
  if (returned instanceof Promise) {
    returned.catch(() => {}); // a rejection of its own would end the process before this error is read
    throw new Fault(
      'the compiled function returns a promise; write it synchronously (no async, no await): it is traced, not run',
    );
  }
  if (
    typeof returned !== 'object' ||
    returned === null ||
    Array.isArray(returned) ||
    returned instanceof tf.Tensor
  ) {
    const got = returned instanceof tf.Tensor ? 'one tensor' : describe(returned);
    throw new Fault(
      `the compiled function returns ${got}; expected named tensors such as { loss, gradient }`,
    );
  }
  const entries = Object.entries(returned).map(([name, tensor]): readonly [string, tf.Tensor] => {
    if (!(tensor instanceof tf.Tensor))
      throw new Fault(`output ${name} of the compiled function is ${describe(tensor)}; expected a tensor`);
    if (tensor.isDisposed) throw new Fault(`output ${name} of the compiled function is a disposed tensor`);
    if (tensor.dtype === 'string' || tensor.dtype === 'complex64')
      throw new Fault(
        `output ${name} of the compiled function is of type ${tensor.dtype}; expected float32, int32 or bool`,
      );
    return [name, tensor];
  });
  if (entries.length === 0)
    throw new Fault(
      'the compiled function returns no outputs; expected named tensors such as { loss, gradient }',
    );
  return entries;
}

const oneShape = 'it does not broadcast: give both operands one shape, tf.mul(b, tf.ones(shape))';
const images = "tfjs's cpu backend is wrong for images that are not square; use another engine";

/** What to do if a gradient of tfjs has the wrong shape, by kernel. */
const cures: { readonly [kernel: string]: string } = {
  BatchMatMul:
    'it does not add up over a batch that shares an operand: make the batch rows of one matrix, tf.matMul(tf.reshape(x, [-1, n]), w), or repeat the operand with tf.mul(w, tf.ones(shape))',
  Cumsum: 'it is right along the last axis only: tf.transpose so that the axis is the last',
  Maximum: oneShape,
  Minimum: oneShape,
  SquaredDifference: oneShape,
  ResizeBilinear: images,
  ResizeNearestNeighbor: images,
};

/**
 * Errors of tfjs, what they mean, and what to do. Sources: conv2d, depthwiseConv2d and the tape of tfjs-core
 * 4.22.
 */
const limits: readonly {
  readonly pattern: RegExp;
  readonly what: (found: readonly string[]) => string;
  readonly cure: (found: readonly string[]) => string;
}[] = [
  {
    pattern:
      /Error in gradient for op (\w+)\. The gradient of input '(\w+)' has shape '([\d,]*)'.*input '([\d,]*)'/,
    what: ([, kernel, operand, got, wanted]) =>
      `tfjs's gradient of ${kernel} in ${operand} has shape [${got}] instead of [${wanted}]`,
    cure: ([, kernel = '']) => cures[kernel] ?? 'express it by other operations',
  },
  {
    pattern: /Error in gradient for op GatherV2\. The gradient of input indices must have 'float32'/,
    what: () => 'tf.gather at indices computed from what is differentiated has no gradient in tfjs',
    cure: () => 'compute the indices outside the function given to tf.grads, from a copy (x.clone())',
  },
  {
    pattern: /Error in gradient of (\w+): dilation rates/,
    what: ([, op]) => `tfjs has no gradient of a dilated ${op}`,
    cure: () =>
      "convolve tiles instead (tf.spaceToBatchND, the convolution with padding 'valid', tf.batchToSpaceND), or put zeros between the filter's taps",
  },
  {
    pattern: /kernel Identity\(\).*operand x is missing/,
    what: () => 'tfjs cannot differentiate tf.batchNorm without a scale',
    cure: () => 'give it tf.ones([channels]), and tf.zeros([channels]) as offset',
  },
];

/** Explains tfjs's errors to somebody who compiles a function; returns other errors unchanged. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const kernel = error.message.match(/Kernel '(\w+)' not registered for backend 'trace'/)?.[1];
  if (kernel !== undefined) {
    return new InputError(
      `the tfjs kernel ${kernel}${atPlace(error)} cannot be compiled yet; express it by other operations, or use engine 'cpu', which runs every tfjs operation`,
      { cause: error },
    );
  }
  const gradient = error.message.match(/gradient function not found for (\w+)/)?.[1];
  if (gradient !== undefined)
    return new InputError(
      `tfjs has no gradient of ${gradient}${atPlace(error)}; express it by other operations, or define one with tf.customGrad`,
      { cause: error },
    );
  if (/Cannot compute gradient of y ?= ?f\(x\)/.test(error.message)) {
    return new InputError(
      `a parameter given to tf.grads does not affect the loss${atPlace(error)}; leave it out, or add tf.mul(0, tf.sum(parameter)) to the loss to get a zero gradient`,
      { cause: error },
    );
  }
  if (/^(GatherV2: the index value|Invalid indices:)/.test(error.message))
    return new InputError(error.message, { cause: error });
  for (const { pattern, what, cure } of limits) {
    const found = error.message.match(pattern);
    if (found !== null)
      return new InputError(`${what(found)}${atPlace(error)}; ${cure(found)}`, { cause: error });
  }
  return error;
}

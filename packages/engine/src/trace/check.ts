import * as tf from '@tensorflow/tfjs-core';
import { atPlace } from './place.js';

const describe = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value);

/** What a compiled function returned, as entries; throws unless it is a record of named tensors. */
export function checkOutputs(returned: unknown): readonly (readonly [string, tf.Tensor])[] {
  if (returned instanceof Promise) {
    returned.catch(() => {}); // its own failure would otherwise end the process before this error is read
    throw new Error('the compiled function returns a promise; write it synchronously (no async, no await): it is traced, not run');
  }
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned) || returned instanceof tf.Tensor) {
    const got = returned instanceof tf.Tensor ? 'one tensor' : describe(returned);
    throw new Error(`the compiled function returns ${got}; expected named tensors such as { loss, gradient }`);
  }
  const entries = Object.entries(returned).map(([name, tensor]): readonly [string, tf.Tensor] => {
    if (!(tensor instanceof tf.Tensor)) throw new Error(`output ${name} of the compiled function is ${describe(tensor)}; expected a tensor`);
    if (tensor.isDisposed) throw new Error(`output ${name} of the compiled function is a disposed tensor`);
    return [name, tensor];
  });
  if (entries.length === 0) throw new Error('the compiled function returns no outputs; expected named tensors such as { loss, gradient }');
  return entries;
}

/** tfjs's errors in the words of someone who compiles; other errors as they are. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const kernel = error.message.match(/Kernel '(\w+)' not registered for backend 'trace'/)?.[1];
  if (kernel !== undefined) {
    return new Error(`the tfjs kernel ${kernel}${atPlace(error)} cannot be compiled yet; express it by other operations, or use engine 'cpu', which runs every tfjs operation`, { cause: error });
  }
  const gradient = error.message.match(/gradient function not found for (\w+)/)?.[1];
  if (gradient !== undefined) return new Error(`tfjs knows no gradient of ${gradient}${atPlace(error)}; express it by other operations, or give one with tf.customGrad`, { cause: error });
  if (/Cannot compute gradient of y ?= ?f\(x\)/.test(error.message)) {
    return new Error(`a parameter handed to tf.grads does not affect the loss${atPlace(error)}; leave it out, or add tf.mul(0, tf.sum(parameter)) to the loss to get a zero gradient`, { cause: error });
  }
  return error;
}

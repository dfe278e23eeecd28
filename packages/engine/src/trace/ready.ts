import * as tf from '@tensorflow/tfjs-core';
import { loadGradients } from '../load.js';
import { addChainedMethods } from './chained.js';
import { registerGradients } from './gradients.js';
import { withRepairedGradients } from './gradients/repairs.js';
import { withOrderedTape } from './tape.js';
import type { Traceable } from './trace.js';

/** Loads what tracing needs, and returns the function with tfjs's gradients mended. */
export async function readyToTrace<I extends string, O extends string>(
  fn: Traceable<I, O>,
): Promise<Traceable<I, O>> {
  await loadGradients();
  registerGradients();
  addChainedMethods();
  if (tf.getBackend()) await tf.ready(); // a backend that the user has just set may still be starting
  return (tensors) => withOrderedTape(() => withRepairedGradients(() => fn(tensors)));
}

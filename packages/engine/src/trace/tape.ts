import * as tf from '@tensorflow/tfjs-core';

// tfjs writes down what it runs on a tape, and reads the tape in order to see what depends on what. What a
// kernel keeps of its own result for its gradient it copies before the kernel itself is on the tape: that
// copy then seems to depend on nothing, and the derivative of a gradient misses what runs through it. Every
// gradient penalty through tanh, sigmoid, exp, elu, softmax or a pool would be wrong (tfjs-core 4.22, on all
// its backends).

type Tape = NonNullable<ReturnType<typeof tf.engine>['state']['activeTape']>;
type Recorded = Tape[number];

/**
 * Puts a kernel before the copies of its results; the last entries of the tape are what it has just saved.
 * Operands that a call left out (batchNorm's offset) are left out here too: tfjs stumbles over them.
 */
function record(tape: Tape, node: Recorded): number {
  node.inputs = Object.fromEntries(Object.entries(node.inputs).filter(([, tensor]) => tensor != null));
  const results = new Set(node.outputs.map(({ id }) => id));
  let place = tape.length;
  for (let i = tape.length - 1; i >= Math.max(0, tape.length - (node.saved?.length ?? 0)); i--) {
    if (Object.values(tape[i]!.inputs).some(({ id }) => results.has(id))) place = i;
  }
  tape.splice(place, 0, node);
  return tape.length;
}

/** Runs `body` while tfjs's tape keeps its entries in an order in which each depends on earlier ones only. */
export function withOrderedTape<T>(body: () => T): T {
  const { state } = tf.engine();
  let tape: Tape | null = state.activeTape;
  const property = { configurable: true, enumerable: true };
  Object.defineProperty(state, 'activeTape', {
    ...property,
    get: () => tape,
    set(next: Tape | null) {
      if (next !== null)
        Object.defineProperty(next, 'push', { value: (node: Recorded) => record(next, node) });
      tape = next;
    },
  });
  try {
    return body();
  } finally {
    Object.defineProperty(state, 'activeTape', { ...property, writable: true, value: tape });
  }
}

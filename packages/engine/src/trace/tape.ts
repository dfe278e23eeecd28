import * as tf from '@tensorflow/tfjs-core';

// tfjs records the kernels it runs on a tape, and reads the tape in order to find dependencies. A kernel that
// saves its own result for its gradient copies that result before the kernel itself is on the tape. The copy
// then seems to depend on nothing, so the derivative of a gradient lacks the terms through it. Every gradient
// penalty through tanh, sigmoid, exp, elu, softmax or a pool would be wrong (tfjs-core 4.22, on all its
// backends).

type Tape = NonNullable<ReturnType<typeof tf.engine>['state']['activeTape']>;
type Recorded = Tape[number];

/**
 * Inserts a kernel before the copies of its results, which are the last entries of the tape. Operands that a
 * call left out, such as batchNorm's offset, are removed, since tfjs throws on them.
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

import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import type { Graph, Port, Shape } from '../graph.js';
import { printGraph } from '../graph.js';
import { keysOf, recordOf } from '../names.js';
import { TraceBackend } from './backend.js';
import { checkOutputs, explain } from './check.js';
import { type Called, checkPure, withoutEffects } from './faults.js';
import { kernels } from './kernels/index.js';
import { castTo } from './kernels/elementwise.js';
import { withLongStacks } from './place.js';

/** A synchronous function in ordinary tfjs code, from named tensors to named tensors. */
export type Traceable<I extends string, O extends string> = (inputs: { readonly [name in I]: tf.Tensor }) => {
  readonly [name in O]: tf.Tensor;
};

const backendName = 'trace';

/** Registers the kernels. They stay registered, in a table of tfjs that only a backend of this name reads. */
function registerKernels(): void {
  if (tf.getKernel('Identity', backendName) != null) return;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        if (!(backend instanceof TraceBackend))
          throw new Error(`kernel ${kernelName} of the trace backend was run by another backend`);
        return backend.call(kernelName, kernel, inputs, attrs);
      },
    });
  }
}

/** Makes a backend current. For backends already made, tfjs does this before setBackend returns. */
function activate(name: string): void {
  void tf.setBackend(name);
}

/**
 * Runs `body` with a new trace backend as tfjs's current backend, and restores tfjs's state afterwards, also
 * after a throw.
 */
function withTraceBackend<T>(body: (backend: TraceBackend) => T): T {
  registerKernels();
  const before: string | null | undefined = tf.getBackend();
  const backend = new TraceBackend();
  if (!tf.registerBackend(backendName, () => backend, 0))
    throw new InputError('compile() was called from inside a compiled function');
  try {
    activate(backendName);
    return withLongStacks(() => body(backend));
  } finally {
    backend.clear();
    tf.removeBackend(backendName);
    if (before !== null && before !== undefined) activate(before);
  }
}

interface Traced {
  readonly graph: Graph;
  readonly called: Called;
}

function traceOnce<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): Traced {
  return withTraceBackend((backend) => {
    const ports: Port[] = [];
    withoutEffects(() =>
      tf.tidy(() => {
        const feed = recordOf(keysOf(inputs), (name) =>
          backend.tensor(backend.build.input(name, inputs[name])),
        );
        try {
          for (const [name, tensor] of checkOutputs(fn(feed)))
            ports.push({ name, value: castTo(backend.build, backend.value(tensor), 'float32') });
        } catch (error) {
          throw explain(error);
        }
      }),
    );
    const graph = backend.build.finish(ports);
    const constants = Array.from(backend.origins, ([{ constant }, origin]) => ({
      values: constant ?? [],
      origin,
    }));
    return { graph, called: { constants, text: printGraph(graph) } };
  });
}

/** The graph of a function that was traced before and passed the check below: it is called once. */
export function traceAgain<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): Graph {
  return traceOnce(fn, inputs).graph;
}

/**
 * Returns the graph of a function, found by calling it on tensors without data. It is called twice, so that a
 * function that depends on more than its inputs is refused. tfjs's current backend stays what it was, also
 * after a throw.
 */
export function trace<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): Graph {
  const first = traceOnce(fn, inputs);
  checkPure(first.called, traceOnce(fn, inputs).called);
  return first.graph;
}

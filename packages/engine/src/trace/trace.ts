import * as tf from '@tensorflow/tfjs-core';
import type { Graph, Port, Shape, Value } from '../graph.js';
import { printGraph } from '../graph.js';
import { keysOf, recordOf } from '../names.js';
import { randomMessage, TraceBackend } from './backend.js';
import { checkOutputs, explain } from './check.js';
import { kernels } from './kernels/index.js';
import { castTo } from './kernels/elementwise.js';
import { atPlace, withLongStacks } from './place.js';

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
  for (const kernelName of [
    'Multinomial',
    'RandomUniform',
    'RandomStandardNormal',
    'RandomGamma',
    'TruncatedNormal',
  ]) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: () => {
        throw new Error(randomMessage(`tf kernel ${kernelName}`, new Error('random')));
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
  const variables = new Set(Object.keys(tf.engine().registeredVariables));
  const before: string | null | undefined = tf.getBackend();
  const backend = new TraceBackend();
  if (!tf.registerBackend(backendName, () => backend, 0))
    throw new Error('compile() was called from inside a compiled function');
  try {
    activate(backendName);
    return withLongStacks(() => body(backend));
  } finally {
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables))
      if (!variables.has(name)) variable.dispose();
    backend.clear();
    tf.removeBackend(backendName);
    if (before !== null && before !== undefined) activate(before);
  }
}

/** Throws if the function has left variables or kept tensors behind. */
function checkResidue(backend: TraceBackend, variables: ReadonlySet<string>, tensors: number): void {
  const engine = tf.engine();
  for (const [name, variable] of Object.entries(engine.registeredVariables)) {
    if (!variables.has(name)) {
      throw new Error(
        `the compiled function makes a tf.variable (${name})${backend.variable === undefined ? '' : atPlace(backend.variable)}; parameters are inputs: pass their values to every run()`,
      );
    }
    if (backend.refCount(variable.dataId) > 0)
      throw new Error(
        `the compiled function assigns to the variable ${name}; return the new value as an output instead`,
      );
  }
  const left = engine.state.numTensors - tensors;
  if (left > 0)
    throw new Error(
      `the compiled function keeps ${left} tensor${left > 1 ? 's' : ''} alive (tf.keep); return what you need as an output`,
    );
}

interface Traced {
  readonly graph: Graph;
  readonly origins: ReadonlyMap<Value, Error>;
}

function traceOnce<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): Traced {
  return withTraceBackend((backend) => {
    const engine = tf.engine();
    const variables = new Set(Object.keys(engine.registeredVariables));
    const tensors = engine.state.numTensors;
    const ports: Port[] = [];
    try {
      tf.tidy(() => {
        const feed = recordOf(keysOf(inputs), (name) =>
          backend.tensor(backend.build.input(name, inputs[name])),
        );
        for (const [name, tensor] of checkOutputs(fn(feed)))
          ports.push({ name, value: castTo(backend.build, backend.value(tensor), 'float32') });
      });
    } catch (error) {
      throw backend.failure ?? explain(error);
    }
    if (backend.failure !== undefined) throw backend.failure;
    checkResidue(backend, variables, tensors);
    return { graph: backend.build.finish(ports), origins: backend.origins };
  });
}

function sameConstant(a: Value, b: Value): boolean {
  const x = a.constant;
  const y = b.constant;
  if (typeof x === 'object' && typeof y === 'object')
    return x.length === y.length && x.every((v, i) => Object.is(v, y[i]));
  return Object.is(x, y);
}

/**
 * Throws if two traces of one function differ. It then depends on something besides its inputs, whose present
 * value would become a constant of the graph.
 */
function checkPure(first: Traced, second: Traced): void {
  const cure = 'what it draws or reads on the host would be frozen into the graph; make it an input';
  const constants = [...first.origins];
  const again = [...second.origins];
  for (const [i, [value, origin]] of constants.entries()) {
    const other = again[i];
    if (other !== undefined && !sameConstant(value, other[0])) {
      throw new Error(
        `a constant of the compiled function${atPlace(origin)} has different values each time it is made (Math.random, a clock, a counter?); ${cure}`,
      );
    }
  }
  if (constants.length !== again.length || printGraph(first.graph) !== printGraph(second.graph)) {
    throw new Error(`the compiled function makes another graph each time it is called; ${cure}`);
  }
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
  checkPure(first, traceOnce(fn, inputs));
  return first.graph;
}

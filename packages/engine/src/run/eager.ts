import * as tf from '@tensorflow/tfjs-core';
import { InputError, sizeOf } from '@stillpoint/operators';
import type { Shape } from '../graph.js';
import { loadCpu, loadTensorflow, need } from '../load.js';
import { keysOf, recordOf } from '../names.js';
import { checkOutputs, explain } from '../trace/check.js';
import { type Called, checkPure, Fault, methodOf, replacing } from '../trace/faults.js';
import { observe } from '../trace/observe.js';
import { atPlace } from '../trace/place.js';
import { trace, type Traceable } from '../trace/trace.js';
import { type Arrays, checkThreads, type Runner } from './runner.js';

/** The engines without a graph. They are named as tfjs's backends. */
export type EagerEngine = 'tensorflow' | 'cpu';

class Nothing extends tf.KernelBackend {
  override dispose(): void {}
}

/**
 * Makes a backend current, or none. tfjs has no call for none; removing the current backend has that effect.
 */
function restore(before: string | null | undefined): void {
  if (before != null) {
    void tf.setBackend(before);
    return;
  }
  tf.registerBackend('none', () => new Nothing(), 0);
  void tf.setBackend('none');
  tf.removeBackend('none');
}

/**
 * Runs `body` on a backend; the user's backend is current again afterwards. tfjs switches synchronously
 * between backends that exist.
 */
function withBackend<T>(name: string, body: () => T): T {
  const before: string | null | undefined = tf.getBackend();
  if (before === name) return body();
  void tf.setBackend(name);
  try {
    return body();
  } finally {
    restore(before);
  }
}

/**
 * Starts the cpu backend without its message. tfjs prints one when the first tensor is written to it, unless
 * in production mode; the mode is restored afterwards.
 */
function startQuietly(): void {
  const environment = tf.env();
  const production = environment.getBool('PROD');
  environment.set('PROD', true);
  try {
    withBackend('cpu', () => tf.scalar(0).dispose());
  } finally {
    environment.set('PROD', production);
  }
}

/** Loads the engine's runtime, and returns its version. */
async function start(engine: EagerEngine, threads: number): Promise<string> {
  if (engine === 'cpu') {
    const { version } = need(await loadCpu());
    startQuietly();
    return version;
  }
  const { module, version } = need(await loadTensorflow(threads));
  checkThreads(engine, module.threads, threads);
  return version;
}

/**
 * For tfjs's error about an operation that a backend lacks, an error that says what to do; for other errors,
 * the result of `explain`.
 */
function explainKernel(error: unknown): unknown {
  const kernel =
    error instanceof Error
      ? error.message.match(/Kernel '(\w+)' not registered for backend 'tensorflow'/)?.[1]
      : undefined;
  if (!(error instanceof Error) || kernel === undefined) return explain(error);
  return new InputError(
    `tfjs-node has no kernel ${kernel}${atPlace(error)}; express it by other operations, or use engine 'cpu', which runs every tfjs operation`,
    { cause: error },
  );
}

/**
 * Keeps the operands of functions with their own gradient (tf.customGrad) until `body` ends. tfjs disposes of
 * them after the function, although the gradient may use them: tf.logSigmoid's does.
 */
function keepingOperands<T>(body: () => T): T {
  const engine = tf.engine();
  const customGrad = methodOf(engine, 'customGrad');
  const kept: tf.Tensor[] = [];
  const methods = {
    customGrad(f: unknown) {
      const custom = customGrad(f);
      if (typeof custom !== 'function') return custom;
      return (...operands: readonly tf.Tensor[]): unknown => {
        const copies = operands.map((operand) => tf.keep(tf.clone(operand)));
        kept.push(...copies);
        return Reflect.apply(custom, undefined, copies);
      };
    },
  };
  try {
    return replacing(engine, methods, body);
  } finally {
    for (const tensor of kept) tensor.dispose();
  }
}

/**
 * Traces the function, and returns whether that worked; a function that only lacks an operation in the graph
 * may still run op by op. Throws what no engine may run.
 */
function isTraceable<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): boolean {
  try {
    trace(fn, inputs);
    return true;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return false;
  }
}

/**
 * Runs the function op by op on one of tfjs's backends. On cpu it is the reference that the graph engines are
 * tested against.
 */
export async function createEagerRunner<I extends string, O extends string>(
  engine: EagerEngine,
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
  threads: number,
): Promise<Runner> {
  const version = await start(engine, threads);

  const feed = (feeds: Arrays): { [name in I]: tf.Tensor } =>
    recordOf(keysOf(inputs), (name) =>
      tf.tensor(feeds[name] ?? new Float32Array(sizeOf(inputs[name])), [...inputs[name]], 'float32'),
    );
  const call = (tensors: { readonly [name in I]: tf.Tensor }): ReturnType<typeof checkOutputs> => {
    try {
      return checkOutputs(fn(tensors));
    } catch (error) {
      throw explainKernel(error);
    }
  };
  const evaluate = (feeds: Arrays, use: (name: string, tensor: tf.Tensor) => void): void =>
    withBackend(engine, () =>
      keepingOperands(() =>
        tf.tidy(() => {
          for (const [name, tensor] of call(feed(feeds))) use(name, tensor);
        }),
      ),
    );
  const observed = (): Called =>
    withBackend(engine, () => {
      const tensors = feed({});
      try {
        return observe(Object.values(tensors), () =>
          keepingOperands(() => call(tensors).map(([, tensor]) => tensor)),
        );
      } finally {
        tf.dispose(tensors);
      }
    });

  if (!isTraceable(fn, inputs)) checkPure(observed(), observed());
  const outputs: { [name: string]: Shape } = {};
  evaluate({}, (name, { shape }) => {
    outputs[name] = [...shape];
  });
  return {
    version,
    outputs,
    async run(feeds, out) {
      evaluate(feeds, (name, tensor) => out[name]?.set(tensor.dataSync()));
    },
    async dispose() {},
  };
}

import { InputError, shown, sizeOf } from '@stillpoint/operators';
import { checkArray, checkEngine, checkNames, checkThreadCount, isRecord } from './door.js';
import type { Graph, Shape } from './graph.js';
import { optimise } from './passes/index.js';
import { createEagerRunner } from './run/eager.js';
import { choose, type Chosen, type EngineName } from './run/engines.js';
import { createNativeRunner, createWasmRunner } from './run/ort.js';
import type { Arrays, Runner } from './run/runner.js';
import { createTurn } from './run/turn.js';
import { createWebgpuRunner } from './run/webgpu.js';
import { registerGradients } from './trace/gradients.js';
import { readyToTrace } from './trace/ready.js';
import { withOrderedTape } from './trace/tape.js';
import { trace, traceAgain, type Traceable } from './trace/trace.js';

/** Options of `compile`. */
export interface CompileOptions<I extends string> {
  /** The shape of each float32 input. Sizes are fixed: each batch size needs its own compilation. */
  readonly inputs: { readonly [name in I]: Shape };
  /** Default `auto`: native if onnxruntime-node loads, else wasm. `Compiled.engine` is the engine chosen. */
  readonly engine?: EngineName | 'auto';
  /**
   * Number of threads inside one operation; default 1. wasm and tensorflow keep the number they started with
   * in this process; cpu has one, and webgpu takes no other number.
   */
  readonly threads?: number;
}

const shapesWanted = 'expected the shapes of the inputs: { inputs: { x: [32, 2] } }';

/** A function ready to run. */
export interface Compiled<I extends string, O extends string> {
  readonly engine: EngineName;
  /** The runtime's name and version, such as `onnxruntime-node 1.30.0`. */
  readonly version: string;
  /** The engine in use, in one line. If `auto` could not use native, the line says why and what to do. */
  readonly about: string;
  /** The shape of each output. */
  readonly outputs: { readonly [name in O]: Shape };
  /**
   * The optimised graph, in operations that every ONNX runtime has; undefined on cpu and tensorflow, which
   * have no graph. Print it with `printGraph`. (native also computes convolutions in blocks of channels if
   * the processor can; that is not in this graph.)
   */
  readonly graph: Graph | undefined;
  /**
   * Evaluates the function once. All arrays are row-major. Outputs named in `out` are written to its arrays,
   * which are returned; the other outputs are new arrays. Do not read or change any of these arrays until the
   * promise settles. Rejects on unknown or missing names, on wrong lengths, after `dispose`, and while an
   * earlier call is running: calls of one compiled function are not queued.
   */
  readonly run: (
    feeds: { readonly [name in I]: Float32Array },
    out?: { readonly [name in O]?: Float32Array },
  ) => Promise<{ [name in O]: Float32Array }>;
  /** Frees the runtime's memory, after a running call has ended. Further calls do nothing. */
  readonly dispose: () => Promise<void>;
}

function checkOptions(fn: unknown, options: unknown): void {
  if (typeof fn !== 'function') throw new InputError(`compile takes a function; got ${shown(fn)}`);
  if (!isRecord(options))
    throw new InputError(`the options of compile are ${shown(options)}; ${shapesWanted}`);
  const { inputs, engine = 'auto', threads = 1 } = options;
  if (!isRecord(inputs) || Object.keys(inputs).length === 0)
    throw new InputError(`the inputs of compile are ${shown(inputs)}; ${shapesWanted}`);
  for (const [name, shape] of Object.entries(inputs)) {
    const good = Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d > 0);
    if (!good)
      throw new InputError(
        `the shape of input ${name} is ${shown(shape)}; expected a list of positive whole numbers, [] for a scalar`,
      );
  }
  checkEngine(engine);
  checkThreadCount(threads);
}

function hasOutputs<O extends string, V>(record: { [name: string]: V }): record is { [name in O]: V } {
  return Object.keys(record).length > 0;
}

function wrap<I extends string, O extends string>(
  runner: Runner,
  { engine, about }: Chosen,
  graphOnce: () => Graph | undefined,
  inputs: { readonly [name in I]: Shape },
): Compiled<I, O> {
  const shapes: { [name: string]: Shape } = { ...runner.outputs };
  const inputShapes: { readonly [name: string]: Shape } = inputs;
  const turn = createTurn('compiled function', 'compile it again');

  const targets = (out: {
    readonly [name: string]: Float32Array | undefined;
  }): { [name: string]: Float32Array } => {
    checkNames('output', out, Object.keys(shapes));
    const arrays: { [name: string]: Float32Array } = {};
    for (const [name, shape] of Object.entries(shapes)) {
      const given = out[name];
      if (given !== undefined) checkArray(`out.${name}`, given, shape);
      arrays[name] = given ?? new Float32Array(sizeOf(shape));
    }
    return arrays;
  };
  if (!hasOutputs<O, Shape>(shapes)) throw new Error('the compiled function has no outputs');

  return {
    engine,
    version: runner.version,
    about: about(runner.version),
    outputs: shapes,
    get graph() {
      return graphOnce();
    },
    async run(feeds, out = {}) {
      return turn.take(async () => {
        const arrays: Arrays = feeds;
        checkNames('input', arrays, Object.keys(inputShapes));
        for (const [name, shape] of Object.entries(inputShapes))
          checkArray(`input ${name}`, arrays[name], shape);
        const results = targets(out);
        await runner.run(arrays, results);
        if (!hasOutputs<O, Float32Array>(results)) throw new Error('the compiled function has no outputs');
        return results;
      });
    },
    dispose: () => turn.end(() => runner.dispose()),
  };
}

/**
 * The optimised graph of a function, which is not made ready to run. It may be asked only after a first
 * `compile` has loaded tfjs's gradients. The function is called once, so that nothing finds out if it depends
 * on more than its inputs. @throws as `compile` rejects.
 */
export function graphOf<I extends string, O extends string>(
  fn: Traceable<I, O>,
  inputs: { readonly [name in I]: Shape },
): Graph {
  registerGradients();
  return optimise(traceAgain((tensors) => withOrderedTape(() => fn(tensors)), inputs));
}

/**
 * Compiles ordinary synchronous tfjs code, gradients included, into one graph that is ready to run.
 *
 * `fn` maps named input tensors to named output tensors and must depend on nothing else: it is called twice
 * on tensors without data (with engines `tensorflow` and `cpu` also on zeros, and then on every run).
 * Parameters, noise and step sizes must therefore be inputs. Outputs are float32, whatever their type in
 * `fn`. tfjs's current backend and its tensors stay as they were.
 *
 * Rejects if `fn` draws random numbers, reads values on the host, returns a promise or something that is not
 * a tensor, uses tensors or variables from outside, or uses an operation that the graph does not have; the
 * message names the operation, the place in your code and what to do. Also rejects on invalid shapes, an
 * unknown engine, or an engine that is not installed (see `findEngines`).
 */
export async function compile<I extends string, O extends string>(
  fn: Traceable<I, O>,
  options: CompileOptions<I>,
): Promise<Compiled<I, O>> {
  checkOptions(fn, options);
  const { inputs, engine = 'auto', threads = 1 } = options;
  const body = await readyToTrace(fn);
  const chosen = await choose(engine, threads);
  if (chosen.engine === 'cpu' || chosen.engine === 'tensorflow')
    return wrap(
      await createEagerRunner(chosen.engine, body, inputs, threads),
      chosen,
      () => undefined,
      inputs,
    );
  const traced = trace(body, inputs);
  let plain: Graph | undefined;
  const graph = (): Graph => (plain ??= optimise(traced));
  // native has a graph of its own, so that this one is made only if it is asked for
  const runner =
    chosen.engine === 'native'
      ? await createNativeRunner(traced, threads)
      : await (chosen.engine === 'wasm' ? createWasmRunner : createWebgpuRunner)(graph(), threads);
  return wrap(runner, chosen, graph, inputs);
}

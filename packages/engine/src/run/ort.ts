import { InputError, sizeOf } from '@stillpoint/operators';
import { emit, inputName, outputName } from '../emit/emit.js';
import type { Graph, Port, Shape } from '../graph.js';
import { loadNative, loadWasm, need, type Ort, type OrtSession, type OrtTensor } from '../load.js';
import { optimise } from '../passes/index.js';
import { findBlockSize } from './blocks.js';
import { type Arrays, checkThreads, type Runner } from './runner.js';

/**
 * Options of a session. Everything that could reorder float additions is fixed: the order of nodes and the
 * number of threads.
 */
export function sessionOptions(threads: number): { readonly [name: string]: unknown } {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // A GAN's functions take turns: the threads of the idle one must not spin on the processors that the
    // other needs. And onnxruntime 1.30 computes wrong values if it merges a pad into a pooling.
    extra: {
      session: { force_spinning_stop: '1' },
      optimization: { disable_specified_optimizers: 'Pad_Fusion' },
    },
  };
}

/**
 * Wraps arrays as tensors of the runtime, without a copy, and keeps each wrapper while the same array is
 * passed again.
 */
function wrapper(
  ort: Ort,
  ports: readonly Port[],
  rename: (name: string) => string,
): (arrays: Arrays) => { readonly [name: string]: OrtTensor } {
  const wrapped: { [name: string]: OrtTensor } = {};
  const last = new Map<string, Float32Array>();
  return (arrays) => {
    for (const { name, value } of ports) {
      const array = arrays[name];
      if (array === undefined || last.get(name) === array) continue;
      wrapped[rename(name)] = new ort.Tensor('float32', array, value.shape);
      last.set(name, array);
    }
    return wrapped;
  };
}

/** Explains the runtime's errors that are about what was fed to it. */
function explainRun(error: unknown): unknown {
  if (!(error instanceof Error) || !/indices element out of data bounds/.test(error.message)) return error;
  return new InputError('an index given to tf.gather or tf.gatherND is not in the range of its axis', {
    cause: error,
  });
}

export const runSession = async (
  session: OrtSession,
  ...tensors: Parameters<OrtSession['run']>
): ReturnType<OrtSession['run']> => {
  try {
    return await session.run(...tensors);
  } catch (error) {
    throw explainRun(error);
  }
};

const shapesOf = (ports: readonly Port[]): { readonly [name: string]: Shape } =>
  Object.fromEntries(ports.map(({ name, value }) => [name, value.shape]));

/** A started runtime, which makes sessions of ONNX files. */
export interface Runtime {
  readonly ort: Ort;
  readonly version: string;
  readonly open: (bytes: Uint8Array) => Promise<OrtSession>;
}

/**
 * Starts onnxruntime-node. `ownMemory`: the runtime keeps the memory that it has taken, up to twice what it
 * uses. For a ResNet's tensors of 67 MB that is 1.4 GB of memory instead of 0.9, and saves 0 to 13 % of the
 * time; on smaller tensors no difference in time was seen.
 */
export async function startNative(threads: number, ownMemory = true): Promise<Runtime> {
  const { module: ort, version } = need(await loadNative());
  const options = {
    ...sessionOptions(threads),
    // Tensors then reuse the memory freed last: this saves half the memory of a ResNet's step and 1 to 2 % of
    // a DCGAN's time.
    enableMemPattern: false,
    enableCpuMemArena: ownMemory,
  };
  return { ort, version, open: (bytes) => ort.InferenceSession.create(bytes, options) };
}

/** Bytes of a tensor that is large: memory that is kept for such tensors is missing elsewhere. */
const LARGE = 2 ** 25;

const isLarge = ({ nodes }: Graph): boolean =>
  nodes.some(({ outputs }) => outputs.some(({ shape }) => 4 * sizeOf(shape) >= LARGE));

/** The wasm module starts once per process with a fixed number of threads. */
let wasmThreads: number | undefined;

export async function startWasm(threads: number): Promise<Runtime> {
  const { module: ort, version } = need(await loadWasm());
  checkThreads('wasm', wasmThreads, threads);
  wasmThreads = threads;
  if (ort.env.wasm !== undefined) ort.env.wasm.numThreads = threads;
  const options = { ...sessionOptions(threads), executionProviders: ['wasm'] };
  return { ort, version, open: (bytes) => ort.InferenceSession.create(bytes, options) };
}

let blockSize: Promise<number> | undefined;

/**
 * Runs a graph in onnxruntime-node, which reads feeds and writes outputs in place. It takes the graph as
 * traced, since the processor decides which passes help.
 */
export async function createNativeRunner(traced: Graph, threads: number): Promise<Runner> {
  const { module } = need(await loadNative());
  const graph = optimise(traced, await (blockSize ??= findBlockSize(module)));
  const runtime = await startNative(threads, !isLarge(graph));
  const { ort, version } = runtime;
  const session = await runtime.open(emit(graph));
  const feed = wrapper(ort, graph.inputs, inputName);
  const fetch = wrapper(ort, graph.outputs, outputName);
  return {
    version,
    outputs: shapesOf(graph.outputs),
    async run(feeds, out) {
      await runSession(session, feed(feeds), fetch(out));
    },
    dispose: () => session.release(),
  };
}

/** Runs a session of onnxruntime-web, which copies feeds into its memory and outputs out of it. */
export function webRunner(
  graph: Graph,
  { ort, version }: Omit<Runtime, 'open'>,
  session: OrtSession,
): Runner {
  const feed = wrapper(ort, graph.inputs, inputName);
  return {
    version,
    outputs: shapesOf(graph.outputs),
    async run(feeds, out) {
      const results = await runSession(session, feed(feeds));
      for (const { name } of graph.outputs) {
        const data = results[outputName(name)]?.data;
        const target = out[name];
        if (!(data instanceof Float32Array) || target === undefined)
          throw new Error(`onnxruntime-web returned no float32 output ${name}`);
        target.set(data);
      }
    },
    dispose: () => session.release(),
  };
}

/** Runs a graph in WebAssembly. */
export async function createWasmRunner(graph: Graph, threads: number): Promise<Runner> {
  const runtime = await startWasm(threads);
  return webRunner(graph, runtime, await runtime.open(emit(graph)));
}

import { InputError } from '@stillpoint/operators';
import { modelOf } from '../emit/emit.js';
import { writeModel } from '../emit/onnx.js';
import type { Graph, Node } from '../graph.js';
import { loadWebgpu, need } from '../load.js';
import type { Window } from '../operations.js';
import { sessionOptions, webRunner } from './ort.js';
import type { Runner } from './runner.js';

/**
 * Whether onnxruntime-web 1.30.0 computes a convolution wrongly on WebGPU: one to whole vectors of four
 * channels from 6, 9, 15 … channels, which it reads in threes; and one that it takes for a product of
 * matrices (each pixel by itself, or the whole image at once), overlooking padding at the ends alone.
 */
function isWrongConv({ inputs }: Node, { before, after }: Window): boolean {
  const [[, , ...image] = [], [o = 0, i = 0, ...kernel] = []] = inputs.map(({ shape }) => shape);
  const inThrees = o % 4 === 0 && i % 3 === 0 && i % 4 !== 0 && i > 3;
  const one = kernel.every((d) => d === 1) || kernel.every((d, axis) => d === image[axis]);
  return inThrees || (one && before.every((d) => d === 0) && after.some((d) => d > 0));
}

/**
 * Whether an operation is left to WebAssembly, since on WebGPU onnxruntime-web 1.30.0 refuses it, computes it
 * wrongly, inaccurately or in no fixed order.
 */
export function isLeftToWasm(node: Node): boolean {
  const { operation, inputs } = node;
  switch (operation.op) {
    case 'Conv':
      return isWrongConv(node, operation.window);
    case 'ConvTranspose': // wrong in groups
      return (operation.groups ?? 1) !== 1;
    case 'MaxPoolGradient': // the places of the maxima are refused
    case 'SegmentSum': // a sum in no fixed order
      return true;
    case 'Gather': // an index beyond the axis is not refused
      return inputs[1]?.constant === undefined;
    case 'Sin': // sine, cosine, tangent and arc cosine were wrong by 4e-5 to 4e-4, seen with SwiftShader
    case 'Cos':
    case 'Tan':
    case 'Asin': // the others of their kind, as a precaution
    case 'Acos':
    case 'Atan':
    case 'Log': // near 1: log(1 + x) of a small x was wrong by 7 %
      return true;
    default:
      return false;
  }
}

/**
 * The last call of onnxruntime-web's part for WebGPU, which does one thing at a time: it refuses to make a
 * session while it makes another, and a run waits for the graphics processor in the middle of its code.
 */
let lastCall: Promise<unknown> = Promise.resolve();

function afterOthers<T>(call: () => Promise<T>): Promise<T> {
  const result = lastCall.then(call);
  lastCall = result.catch(() => {}); // the call's own promise reports its error
  return result;
}

/** Runs a graph on WebGPU, in a page; operations that are not to run there run in WebAssembly. */
export async function createWebgpuRunner(graph: Graph, threads: number): Promise<Runner> {
  if (threads !== 1)
    throw new InputError(
      `engine webgpu computes on the graphics processor; threads is ${threads}; expected 1`,
    );
  const { module: ort, version } = need(await loadWebgpu());
  if (ort.env.wasm !== undefined) ort.env.wasm.numThreads = 1;
  const { model, apartNames } = modelOf(graph, isLeftToWasm);
  const options = {
    ...sessionOptions(1),
    executionProviders: [
      // the runtime refuses an empty list
      { name: 'webgpu', ...(apartNames.length > 0 ? { forceCpuNodeNames: apartNames } : {}) },
    ],
  };
  const session = await afterOthers(() => ort.InferenceSession.create(writeModel(model), options));
  return webRunner(
    graph,
    { ort, version },
    {
      run: (...tensors) => afterOthers(() => session.run(...tensors)),
      release: () => afterOthers(() => session.release()),
    },
  );
}

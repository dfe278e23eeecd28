import type { Graph } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * Puts a reshape, which copies nothing, between a Pad and the pool after it. Without it onnxruntime (1.30,
 * `Pad_Fusion`) merges the two, with wrong results: a MaxPool over padded zeros ignores them, and a pool
 * padded by as much as its window does not load.
 */
export function partPads(graph: Graph): Graph {
  return rewrite(graph, ({ operation, inputs: [x, ...rest] }, build) => {
    if ((operation.op !== 'MaxPool' && operation.op !== 'AveragePool') || x === undefined) return undefined;
    const pad = build.producer(x);
    const source = pad?.inputs[0];
    if (pad?.operation.op !== 'Pad' || source === undefined) return undefined;
    const { before, after, value } = pad.operation;
    const [n, c, ...size] = source.shape;
    if (value !== 0 || [...before.slice(0, 2), ...after.slice(0, 2)].some((d) => d !== 0)) return undefined;
    const flat = build.add({ op: 'Reshape', shape: [n! * c!, ...size] }, source);
    const padded = build.add(
      { op: 'Pad', before: [0, ...before.slice(2)], after: [0, ...after.slice(2)], value },
      flat,
    );
    return [build.add(operation, build.add({ op: 'Reshape', shape: x.shape }, padded), ...rest)];
  });
}

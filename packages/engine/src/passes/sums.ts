import type { Graph } from '../graph.js';
import { rewrite } from './rewrite.js';

/**
 * Replaces the sum of a matrix's rows, which every bias gradient is, by a product with a row of ones. In
 * three pairs of measurements this saved 12 to 15 % of a whole MLP GAN gradient natively, and made no
 * difference in wasm.
 */
export function sumByProducts(graph: Graph): Graph {
  return rewrite(graph, ({ operation, inputs: [x], outputs: [output] }, build) => {
    if (
      operation.op !== 'ReduceSum' ||
      x?.shape.length !== 2 ||
      x.dtype !== 'float32' ||
      output === undefined
    )
      return undefined;
    if (operation.axes.length !== 1 || operation.axes[0] !== 0) return undefined;
    const sum = build.add(
      { op: 'MatMul', transposeA: false, transposeB: false },
      build.constant(1, [1, x.shape[0]!]),
      x,
    );
    return [operation.keepDims ? sum : build.add({ op: 'Reshape', shape: output.shape }, sum)];
  });
}

import { type Graph, sameShape, type Value } from '../graph.js';
import { countUses, rewrite } from './rewrite.js';

/** Add(MatMul(a, b), row) of matrices becomes one Gemm, if nothing else needs the product. */
export function fuseBias(graph: Graph): Graph {
  const uses = countUses(graph);
  return rewrite(graph, ({ operation, inputs: [x, y], outputs: [output] }, build) => {
    if (operation.op !== 'Add' || x === undefined || y === undefined || output?.shape.length !== 2) return undefined;
    const fused = (product: Value, bias: Value): readonly Value[] | undefined => {
      const node = build.producer(product);
      const isRow = sameShape(bias.shape, output.shape.slice(1)) || sameShape(bias.shape, [1, ...output.shape.slice(1)]);
      if (node?.operation.op !== 'MatMul' || uses.get(product) !== 1 || !isRow || !sameShape(product.shape, output.shape)) return undefined;
      if (node.inputs.some((v) => v.shape.length !== 2) || product.dtype !== 'float32') return undefined;
      const { transposeA, transposeB } = node.operation;
      return [build.add({ op: 'Gemm', transposeA, transposeB }, ...node.inputs, bias)];
    };
    return fused(x, y) ?? fused(y, x);
  });
}

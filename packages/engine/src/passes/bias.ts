import type { Builder } from '../builder.js';
import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { countUses, rewrite } from './rewrite.js';

/** Makes Add(Conv(x, w), one number per channel) a convolution with a bias. */
function convolution(node: Node, bias: Value, build: Builder): Value | undefined {
  const [x, filter, more] = node.inputs;
  const { operation } = node;
  const channels = node.outputs[0]?.shape[1];
  if (
    (operation.op !== 'Conv' && operation.op !== 'ConvTranspose') ||
    x === undefined ||
    filter === undefined ||
    more !== undefined ||
    channels === undefined
  )
    return undefined;
  if (!sameShape(bias.shape, [1, channels, 1, 1]) && !sameShape(bias.shape, [channels, 1, 1]))
    return undefined;
  return build.add(operation, x, filter, build.add({ op: 'Reshape', shape: [channels] }, bias));
}

/**
 * Makes Add(MatMul(a, b), row) of matrices one Gemm, and a convolution and its bias one convolution, if
 * nothing else uses the result without the bias.
 */
export function fuseBias(graph: Graph): Graph {
  const uses = countUses(graph);
  return rewrite(graph, ({ operation, inputs: [x, y], outputs: [output] }, build) => {
    if (operation.op !== 'Add' || x === undefined || y === undefined || output === undefined)
      return undefined;
    const convolved = (product: Value, bias: Value): readonly Value[] | undefined => {
      const node = build.producer(product);
      const sum =
        node === undefined || uses.get(product) !== 1 || !sameShape(product.shape, output.shape)
          ? undefined
          : convolution(node, bias, build);
      return sum === undefined ? undefined : [sum];
    };
    if (output.shape.length === 4) return convolved(x, y) ?? convolved(y, x);
    if (output.shape.length !== 2) return undefined;
    const fused = (product: Value, bias: Value): readonly Value[] | undefined => {
      const node = build.producer(product);
      const isRow =
        sameShape(bias.shape, output.shape.slice(1)) || sameShape(bias.shape, [1, ...output.shape.slice(1)]);
      if (
        node?.operation.op !== 'MatMul' ||
        uses.get(product) !== 1 ||
        !isRow ||
        !sameShape(product.shape, output.shape)
      )
        return undefined;
      if (node.inputs.some((v) => v.shape.length !== 2) || product.dtype !== 'float32') return undefined;
      const { transposeA, transposeB } = node.operation;
      return [build.add({ op: 'Gemm', transposeA, transposeB }, ...node.inputs, bias)];
    };
    return fused(x, y) ?? fused(y, x);
  });
}

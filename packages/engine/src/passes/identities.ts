import type { Builder } from '../builder.js';
import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import type { Operation } from '../operations.js';
import { rewrite } from './rewrite.js';

/**
 * For each arithmetic operation, the number that leaves the other operand unchanged, as left and as right
 * operand.
 */
const neutral: { readonly [op: string]: { readonly left?: number; readonly right: number } } = {
  Add: { left: 0, right: 0 },
  Sub: { right: 0 },
  Mul: { left: 1, right: 1 },
  Div: { right: 1 },
  Pow: { right: 1 },
};

/** For x · 1, x + 0, …: the other operand, broadcast to the result's shape if it is smaller. */
function neutralOperand(
  { operation, inputs: [a, b], outputs: [output] }: Node,
  build: Builder,
): Value | undefined {
  const numbers = neutral[operation.op];
  if (numbers === undefined || a === undefined || b === undefined || output === undefined) return undefined;
  const kept =
    b.constant === numbers.right
      ? a
      : numbers.left !== undefined && a.constant === numbers.left
        ? b
        : undefined;
  if (kept === undefined || sameShape(kept.shape, output.shape)) return kept;
  return build.add({ op: 'Expand', shape: output.shape }, kept);
}

function sameOperation(x: Value, operation: Operation, output: Value): boolean {
  switch (operation.op) {
    case 'Cast':
      return operation.to === x.dtype;
    case 'Reshape':
    case 'Expand':
      return sameShape(x.shape, output.shape);
    case 'Transpose':
      return operation.permutation.every((p, i) => p === i);
    case 'Tile':
      return operation.repeats.every((r) => r === 1);
    case 'Slice':
    case 'Pad':
      return (
        sameShape(x.shape, output.shape) &&
        (operation.op === 'Pad' || operation.strides.every((s) => s === 1))
      );
    default:
      return false;
  }
}

/** Joins two moves in a row. */
function joined({ operation, inputs: [x] }: Node, build: Builder): Value | undefined {
  const before = x === undefined ? undefined : build.producer(x);
  const source = before?.inputs[0];
  if (before === undefined || source === undefined) return undefined;
  if (operation.op === 'Reshape' && before.operation.op === 'Reshape')
    return sameShape(source.shape, operation.shape) ? source : build.add(operation, source);
  if (operation.op === 'Expand' && before.operation.op === 'Expand') return build.add(operation, source);
  if (operation.op === 'Neg' && before.operation.op === 'Neg') return source;
  if (operation.op === 'Transpose' && before.operation.op === 'Transpose') {
    const { permutation } = before.operation;
    const both = operation.permutation.map((p) => permutation[p]!);
    return both.every((p, i) => p === i) ? source : build.add({ op: 'Transpose', permutation: both }, source);
  }
  return undefined;
}

/** The number and the other operand of a product with one number. */
function scaled({
  operation,
  inputs: [a, b],
}: Node): { readonly source: Value; readonly factor: number } | undefined {
  if (operation.op !== 'Mul' || a === undefined || b === undefined || a.dtype !== 'float32') return undefined;
  if (typeof b.constant === 'number') return { source: a, factor: b.constant };
  return typeof a.constant === 'number' ? { source: b, factor: a.constant } : undefined;
}

/**
 * Writes x · a · b as x · ab. onnxruntime (1.30) cannot load a matrix product with such a chain if another
 * product uses the middle of the chain.
 */
function scaling(node: Node, build: Builder): Value | undefined {
  const outer = scaled(node);
  const before = outer === undefined ? undefined : build.producer(outer.source);
  const inner = before === undefined ? undefined : scaled(before);
  if (outer === undefined || inner === undefined || !sameShape(inner.source.shape, node.outputs[0]!.shape))
    return undefined;
  const factor = Math.fround(inner.factor * outer.factor);
  // the factor neither underflows nor overflows
  const usual = Math.abs(factor) >= 2 ** -126 && Math.abs(factor) < 2 ** 127;
  return usual ? build.add({ op: 'Mul' }, inner.source, build.constant(factor, [])) : undefined;
}

/**
 * Removes operations that leave their operand unchanged, and joins pairs of moves. (−0 + 0 stays −0, although
 * it is 0 in IEEE arithmetic.)
 */
export function removeIdentities(graph: Graph): Graph {
  return rewrite(graph, (node, build) => {
    const { operation, inputs, outputs } = node;
    const [x] = inputs;
    const [output] = outputs;
    if (x === undefined || output === undefined) return undefined;
    if (
      inputs.length === 1 &&
      outputs.length === 1 &&
      (operation.op === 'Concat' || operation.op === 'Split' || sameOperation(x, operation, output))
    )
      return [x];
    const instead = neutralOperand(node, build) ?? joined(node, build) ?? scaling(node, build);
    return instead === undefined ? undefined : [instead];
  });
}

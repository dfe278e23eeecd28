import type { Node, Shape } from '../graph.js';
import { isReduction } from '../operations.js';
import { type OnnxAttribute, typeNumber } from './onnx.js';

/** How ONNX spells one node: its inputs follow the graph's, then come lists and numbers that ONNX wants as tensors. */
export interface Lowered {
  readonly op: string;
  readonly attributes: { readonly [name: string]: OnnxAttribute };
  readonly lists: readonly (readonly number[])[];
  readonly numbers: readonly number[];
}

const spelled = (op: string, attributes: { readonly [name: string]: OnnxAttribute } = {}, ...lists: readonly (readonly number[])[]): Lowered => ({ op, attributes, lists, numbers: [] });

const isMatrix = ({ shape }: { readonly shape: Shape }): boolean => shape.length === 2;

/** Whether ONNX needs the operands of this product transposed beforehand: only Gemm, for matrices, does it itself. */
export function needsTransposes({ operation, inputs }: Node): boolean {
  return operation.op === 'MatMul' && (operation.transposeA || operation.transposeB) && !inputs.every(isMatrix);
}

/** The ONNX node for a graph node. */
export function lower(node: Node): Lowered {
  const { operation } = node;
  switch (operation.op) {
    case 'LeakyRelu': return spelled('LeakyRelu', { alpha: { float: operation.alpha } });
    case 'Cast': return spelled('Cast', { to: typeNumber[operation.to] });
    case 'MatMul':
      if (needsTransposes(node) || !(operation.transposeA || operation.transposeB)) return spelled('MatMul');
      return spelled('Gemm', { transA: Number(operation.transposeA), transB: Number(operation.transposeB) });
    case 'Gemm': return spelled('Gemm', { transA: Number(operation.transposeA), transB: Number(operation.transposeB) });
    case 'Reshape':
    case 'Expand': return spelled(operation.op, {}, operation.shape);
    case 'Transpose': return spelled('Transpose', { perm: operation.permutation });
    case 'Concat': return spelled('Concat', { axis: operation.axis });
    case 'Split': return spelled('Split', { axis: operation.axis }, operation.sizes);
    case 'Slice': return spelled('Slice', {}, operation.begin, operation.end, operation.begin.map((_, i) => i), operation.strides);
    case 'Pad': return { op: 'Pad', attributes: {}, lists: [[...operation.before, ...operation.after]], numbers: [operation.value] };
    case 'Tile': return spelled('Tile', {}, operation.repeats);
    case 'Softmax': return spelled('Softmax', { axis: operation.axis });
    default:
      if (!isReduction(operation)) return spelled(operation.op);
      // in opset 17 only ReduceSum takes its axes as an input
      if (operation.op === 'ReduceSum') return spelled('ReduceSum', { keepdims: Number(operation.keepDims) }, operation.axes);
      return spelled(operation.op, { axes: operation.axes, keepdims: Number(operation.keepDims) });
  }
}

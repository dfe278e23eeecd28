import type { Node, Shape } from '../graph.js';
import { isReduction } from '../operations.js';
import { type OnnxAttribute, typeNumber } from './onnx.js';

/**
 * One ONNX node for a graph node. Its inputs are the graph node's, then the lists and numbers that ONNX takes
 * as tensors.
 */
export interface Lowered {
  readonly op: string;
  readonly attributes: { readonly [name: string]: OnnxAttribute };
  readonly lists: readonly (readonly number[])[];
  readonly numbers: readonly number[];
}

const spelled = (
  op: string,
  attributes: { readonly [name: string]: OnnxAttribute } = {},
  ...lists: readonly (readonly number[])[]
): Lowered => ({ op, attributes, lists, numbers: [] });

const isMatrix = ({ shape }: { readonly shape: Shape }): boolean => shape.length === 2;

/**
 * Whether the operands of this product have to be transposed before it: in ONNX only Gemm, for matrices of
 * floats, transposes them itself.
 */
export function needsTransposes({ operation, inputs }: Node): boolean {
  return (
    operation.op === 'MatMul' &&
    (operation.transposeA || operation.transposeB) &&
    !inputs.every((v) => isMatrix(v) && v.dtype === 'float32')
  );
}

type Windowed = Extract<Node['operation'], { readonly window: unknown }>;

/**
 * ONNX's attributes for the way a window moves. For a transposed convolution they include the number of rows
 * that no window reached.
 */
export function windowed({ inputs, outputs }: Node, operation: Windowed): Lowered['attributes'] {
  const { strides, dilations, before, after } = operation.window;
  const common = { strides, pads: [...before, ...after] };
  if (operation.op === 'BlockedConv') return { ...common, dilations };
  if (operation.op !== 'Conv' && operation.op !== 'ConvTranspose')
    return { ...common, kernel_shape: operation.kernel };
  const grouped = operation.groups === undefined ? {} : { group: operation.groups };
  if (operation.op === 'Conv') return { ...common, ...grouped, dilations };
  const kernel = inputs[1]!.shape.slice(2);
  const reached = inputs[0]!.shape
    .slice(2)
    .map((d, i) => (d - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1 - before[i]! - after[i]!);
  return {
    ...common,
    ...grouped,
    dilations,
    output_padding: outputs[0]!.shape.slice(2).map((d, i) => d - reached[i]!),
  };
}

/** The ONNX node for a graph node. */
export function lower(node: Node): Lowered {
  const { operation } = node;
  switch (operation.op) {
    case 'LeakyRelu':
      return spelled('LeakyRelu', { alpha: { float: operation.alpha } });
    case 'HardSigmoid':
      return spelled('HardSigmoid', {
        alpha: { float: operation.alpha },
        beta: { float: operation.beta },
      });
    case 'Cast':
      return spelled('Cast', { to: typeNumber[operation.to] });
    case 'MatMul':
      if (needsTransposes(node) || !(operation.transposeA || operation.transposeB)) return spelled('MatMul');
      return spelled('Gemm', { transA: Number(operation.transposeA), transB: Number(operation.transposeB) });
    case 'Gemm':
      return spelled('Gemm', { transA: Number(operation.transposeA), transB: Number(operation.transposeB) });
    case 'Reshape':
    case 'Expand':
      return spelled(operation.op, {}, operation.shape);
    case 'Transpose':
      return spelled('Transpose', { perm: operation.permutation });
    case 'Concat':
      return spelled('Concat', { axis: operation.axis });
    case 'Split':
      return spelled('Split', { axis: operation.axis }, operation.sizes);
    // Backwards to the first element: ONNX would count an end of -1 from the last element.
    case 'Slice':
      return spelled(
        'Slice',
        {},
        operation.begin,
        operation.end.map((end) => (end < 0 ? -(2 ** 31) : end)),
        operation.begin.map((_, i) => i),
        operation.strides,
      );
    case 'Pad':
      return {
        op: 'Pad',
        attributes: {},
        lists: [[...operation.before, ...operation.after]],
        numbers: [operation.value],
      };
    case 'Tile':
      return spelled('Tile', {}, operation.repeats);
    case 'Conv':
    case 'ConvTranspose':
    case 'AveragePool':
    case 'MaxPool':
      return spelled(operation.op, windowed(node, operation));
    case 'FilterGradient':
      throw new Error('the graph still has a FilterGradient; run the pass that expands it');
    case 'Block':
    case 'Unblock':
    case 'BlockedConv':
    case 'ArgMax':
    case 'ArgMin':
    case 'CumSum':
    case 'TopK':
    case 'SegmentSum':
    case 'MaxPoolGradient':
    case 'Upsample':
      throw new Error(`${operation.op} is several ONNX nodes: see compose`);
    case 'Softmax':
    case 'Gather':
      return spelled(operation.op, { axis: operation.axis });
    case 'Einsum':
      return spelled('Einsum', { equation: { text: operation.equation } });
    // the remainder of a division that rounds towards zero, the only one that ONNX has for floats
    case 'Mod':
      return spelled('Mod', { fmod: 1 });
    default:
      if (!isReduction(operation)) return spelled(operation.op);
      // in opset 17 only ReduceSum takes its axes as an input
      if (operation.op === 'ReduceSum')
        return spelled('ReduceSum', { keepdims: Number(operation.keepDims) }, operation.axes);
      return spelled(operation.op, { axes: operation.axes, keepdims: Number(operation.keepDims) });
  }
}

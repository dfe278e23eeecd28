import { sizeOf } from '@stillpoint/operators';
import type { DType, Node, Shape, Value } from '../graph.js';
import type { Activation, Operation } from '../operations.js';
import { windowed } from './lower.js';
import { type OnnxNode, typeNumber } from './onnx.js';

/** What writing a node that is several in ONNX needs. */
export interface Write {
  /** Appends a node, and returns the name of its output; of the last, if it has more than one. */
  readonly push: (
    op: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
    options?: { readonly domain?: string; readonly outputs?: number },
  ) => string;
  /** The name of a list of whole numbers. */
  readonly list: (values: readonly number[]) => string;
  readonly scalar: (value: number, type?: DType, shape?: Shape) => string;
  readonly nameOf: (value: Value) => string;
}

/** The last of the nodes, without its outputs: they are the graph node's. */
type Last = Omit<OnnxNode, 'outputs'>;

/**
 * Where onnxruntime keeps its blocked operations: no other runtime knows them, and not on every processor.
 */
export const blockedDomain = 'com.microsoft.nchwc';

type Of<Op extends Operation['op']> = Extract<Operation, { readonly op: Op }>;

/** The largest elements' places among all, and dy added up at them: windows may overlap. */
function maxPoolGradient(
  node: Node,
  operation: Of<'MaxPoolGradient'>,
  { push, list, scalar, nameOf }: Write,
): Last {
  const [x, dy] = node.inputs;
  const count = list([sizeOf(dy!.shape)]);
  const { shape } = node.outputs[0]!;
  const places = push('MaxPool', [nameOf(x!)], windowed(node, operation), { outputs: 2 });
  const [where, what] = [push('Reshape', [places, count]), push('Reshape', [nameOf(dy!), count])];
  const sums = push('ScatterElements', [push('Expand', [scalar(0), list([sizeOf(shape)])]), where, what], {
    axis: 0,
    reduction: { text: 'add' },
  });
  return { op: 'Reshape', inputs: [sums, list(shape)], attributes: {} };
}

/**
 * The runtime's own Sigmoid is off by up to 2e-7 whatever its size: at −10, 0.05 % of it; at −17, all of it.
 */
function sigmoid(node: Node, { push, scalar, nameOf }: Write): Last {
  const growth = push('Exp', [push('Neg', [nameOf(node.inputs[0]!)])]);
  return { op: 'Reciprocal', inputs: [push('Add', [growth, scalar(1)])], attributes: {} };
}

/** ONNX counts in int64. */
function argument(node: Node, { op, axis }: Of<'ArgMax' | 'ArgMin'>, { push, nameOf }: Write): Last {
  return {
    op: 'Cast',
    inputs: [push(op, [nameOf(node.inputs[0]!)], { axis, keepdims: 0 })],
    attributes: { to: typeNumber.int32 },
  };
}

function largest(node: Node, { k }: Of<'TopK'>, { push, list, nameOf }: Write): Last {
  return {
    op: 'Cast',
    inputs: [push('TopK', [nameOf(node.inputs[0]!), list([k])], {}, { outputs: 2 })],
    attributes: { to: typeNumber.int32 },
  };
}

function cumulated(node: Node, { axis, exclusive, reverse }: Of<'CumSum'>, { scalar, nameOf }: Write): Last {
  return {
    op: 'CumSum',
    inputs: [nameOf(node.inputs[0]!), scalar(axis, 'int32')],
    attributes: { exclusive: Number(exclusive), reverse: Number(reverse) },
  };
}

/**
 * Rows are added one after the other, element by element: the runtime adds whole rows on several threads in
 * no fixed order.
 */
function segmentSum(node: Node, { push, list, scalar, nameOf }: Write): Last {
  const [x, ids] = node.inputs;
  const [n, ...rest] = x!.shape;
  const places = push('Expand', [
    push('Reshape', [nameOf(ids!), list([n!, ...rest.map(() => 1)])]),
    list(x!.shape),
  ]);
  const zeros = push('Expand', [scalar(0, x!.dtype), list(node.outputs[0]!.shape)]);
  return {
    op: 'ScatterElements',
    inputs: [zeros, places, nameOf(x!)],
    attributes: { axis: 0, reduction: { text: 'add' } },
  };
}

const activated = (activation: Activation | undefined): OnnxNode['attributes'] =>
  activation === undefined
    ? {}
    : {
        activation: { text: activation.op },
        ...(activation.op === 'LeakyRelu' ? { activation_params: { floats: [activation.alpha] } } : {}),
      };

/** The runtime calls its blocked tensors by the shape they would have without blocks. */
function plain([n, c, h, w, b]: Shape): Shape {
  return [n!, c! * b!, h!, w!];
}

function blockedConv(node: Node, operation: Of<'BlockedConv'>, { push, list, nameOf }: Write): Last {
  const [x, filter, bias] = node.inputs;
  const [ob, ib, kh, kw, b] = filter!.shape;
  const operands = [
    push('Reshape', [nameOf(x!), list(plain(x!.shape))]),
    push('Reshape', [nameOf(filter!), list([ob! * b!, ib! * b!, kh!, kw!])]),
  ];
  if (bias !== undefined) operands.push(push('Reshape', [nameOf(bias), list([ob! * b!])]));
  const y = push(
    'Conv',
    operands,
    { ...windowed(node, operation), ...activated(operation.activation), kernel_shape: [kh!, kw!], group: 1 },
    { domain: blockedDomain },
  );
  return { op: 'Reshape', inputs: [y, list(node.outputs[0]!.shape)], attributes: {} };
}

function block(node: Node, { push, list, nameOf }: Write): Last {
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  if (x.dtype === 'float32')
    return {
      op: 'Reshape',
      inputs: [push('ReorderInput', [nameOf(x)], {}, { domain: blockedDomain }), list(y.shape)],
      attributes: {},
    };
  const [n, m, h, w, b] = y.shape;
  return {
    op: 'Transpose',
    inputs: [push('Reshape', [nameOf(x), list([n!, m!, b!, h!, w!])])],
    attributes: { perm: [0, 1, 3, 4, 2] },
  };
}

function unblock(node: Node, { push, list, nameOf }: Write): Last {
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  if (x.dtype === 'float32')
    return {
      op: 'ReorderOutput',
      domain: blockedDomain,
      inputs: [push('Reshape', [nameOf(x), list(plain(x.shape))])],
      attributes: { channels: y.shape[1]! },
    };
  return {
    op: 'Reshape',
    inputs: [push('Transpose', [nameOf(x)], { perm: [0, 1, 4, 2, 3] }), list(y.shape)],
    attributes: {},
  };
}

/**
 * Writes all but the last of the ONNX nodes that one graph node takes, and returns the last; undefined where
 * one is enough.
 */
export function compose(node: Node, write: Write): Last | undefined {
  const { operation } = node;
  switch (operation.op) {
    case 'MaxPoolGradient':
      return maxPoolGradient(node, operation, write);
    case 'Sigmoid':
      return sigmoid(node, write);
    case 'ArgMax':
    case 'ArgMin':
      return argument(node, operation, write);
    case 'TopK':
      return largest(node, operation, write);
    case 'CumSum':
      return cumulated(node, operation, write);
    case 'SegmentSum':
      return segmentSum(node, write);
    case 'BlockedConv':
      return blockedConv(node, operation, write);
    case 'Block':
      return block(node, write);
    case 'Unblock':
      return unblock(node, write);
    default:
      return undefined;
  }
}

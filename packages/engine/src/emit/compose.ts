import { sizeOf } from '@stillpoint/operators';
import type { DType, Node, Shape, Value } from '../graph.js';
import type { Activation, Operation } from '../operations.js';
import { windowed } from './lower.js';
import { type OnnxNode, typeNumber } from './onnx.js';

/** Functions for writing a graph node as several ONNX nodes. */
export interface Write {
  /** Appends a node, and returns the name of its last output. */
  readonly push: (
    op: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
    options?: { readonly domain?: string; readonly outputs?: number },
  ) => string;
  /** Adds a list of whole numbers as a constant, and returns its name. */
  readonly list: (values: readonly number[]) => string;
  /** The same for a list of floats. */
  readonly floats: (values: readonly number[]) => string;
  readonly scalar: (value: number, type?: DType, shape?: Shape) => string;
  readonly nameOf: (value: Value) => string;
}

/** The last of the ONNX nodes, without its outputs, which are those of the graph node. */
type Last = Omit<OnnxNode, 'outputs'>;

/**
 * The domain of onnxruntime's blocked operations. No other runtime has them, and onnxruntime has them on some
 * processors only.
 */
export const blockedDomain = 'com.microsoft.nchwc';

type Of<Op extends Operation['op']> = Extract<Operation, { readonly op: Op }>;

/** Finds the indices of the windows' largest elements, and adds dy up there, since windows may overlap. */
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
 * 1/(1 + e⁻ˣ). The runtime's own Sigmoid has an absolute error of up to 2e-7, which is 0.05 % of its value at
 * −10, and all of it at −17.
 */
function sigmoid(node: Node, { push, scalar, nameOf }: Write): Last {
  const growth = push('Exp', [push('Neg', [nameOf(node.inputs[0]!)])]);
  return { op: 'Reciprocal', inputs: [push('Add', [growth, scalar(1)])], attributes: {} };
}

/** ArgMax or ArgMin, cast to int32: ONNX's indices are int64. */
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
 * Adds rows one after the other, element by element. The runtime's operation on whole rows adds them on
 * several threads in no fixed order.
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

/** The shape of a blocked tensor without blocks, which is how the runtime's operations describe it. */
function plain([n, c, h, w, b]: Shape): Shape {
  return [n!, c! * b!, h!, w!];
}

function blockedConv(node: Node, operation: Of<'BlockedConv'>, { push, list, nameOf }: Write): Last {
  const [x, filter, bias] = node.inputs;
  const [ob, ib, kh, kw] = filter!.shape;
  const b = filter!.shape.at(-1)!;
  const inBlocks = x!.shape.length === 5;
  const operands = [
    inBlocks ? push('Reshape', [nameOf(x!), list(plain(x!.shape))]) : nameOf(x!),
    push('Reshape', [nameOf(filter!), list([ob! * b, inBlocks ? ib! * b : ib!, kh!, kw!])]),
  ];
  if (bias !== undefined) operands.push(push('Reshape', [nameOf(bias), list([ob! * b])]));
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

/** ONNX's Resize without interpolation; its second input, a region of interest, stays empty. */
function upsample(node: Node, { factors }: Of<'Upsample'>, { floats, nameOf }: Write): Last {
  return {
    op: 'Resize',
    inputs: [nameOf(node.inputs[0]!), '', floats([1, 1, ...factors])],
    attributes: {
      mode: { text: 'nearest' },
      coordinate_transformation_mode: { text: 'asymmetric' },
      nearest_mode: { text: 'floor' },
    },
  };
}

/**
 * If a graph node needs several ONNX nodes, writes all but the last and returns the last; undefined if one is
 * enough.
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
    case 'Upsample':
      return upsample(node, operation, write);
    default:
      return undefined;
  }
}

import type { Builder } from '../builder.js';
import type { Graph, Node, Value } from '../graph.js';
import { type Activation, isElementwise, type Operation, type Window } from '../operations.js';
import { imagesInOrder } from './products.js';
import { countUses, createSearch, rewrite } from './rewrite.js';

/** [N, C, H, W] as [N, C/b, H, W, b]. */
export function blocked(build: Builder, x: Value, size: number): Value {
  const node = build.producer(x);
  return node?.operation.op === 'Unblock' ? node.inputs[0]! : build.add({ op: 'Block', size }, x);
}

const unblocked = (build: Builder, x: Value): Value => build.add({ op: 'Unblock' }, x);

/** A filter [O, I, h, w] as [O/b, I/b, h, w, b of I, b of O]. */
function blockedFilter(build: Builder, filter: Value, b: number): Value {
  const [o, i, h, w] = filter.shape;
  const split = build.add({ op: 'Reshape', shape: [o! / b, b, i! / b, b, h!, w!] }, filter);
  return build.add({ op: 'Transpose', permutation: [0, 2, 4, 5, 3, 1] }, split);
}

/**
 * One phase along one axis: the first of the filter's taps that contribute to its outputs, and the padding of
 * the window, which moves by single steps.
 */
interface Phase {
  readonly first: number;
  readonly before: number;
  readonly after: number;
}

/** A filter [O, I, h, w] over a plain image, as [O/b, I, h, w, b of O]. */
function narrowFilter(build: Builder, filter: Value, b: number): Value {
  const [o, ...rest] = filter.shape;
  const split = build.add({ op: 'Reshape', shape: [o! / b, b, ...rest] }, filter);
  return build.add({ op: 'Transpose', permutation: [0, 2, 3, 4, 1] }, split);
}

/**
 * The phases of a transposed convolution along one axis. With stride s every s-th output depends on every
 * s-th tap only, so there are s phases, each an ordinary convolution with the taps reversed. Tap t
 * contributes the input (q + before − t)/s to output q.
 */
function phasesOf(
  size: number,
  inputs: number,
  kernel: number,
  stride: number,
  before: number,
): readonly Phase[] {
  const taps = kernel / stride;
  return Array.from({ length: stride }, (_, q) => {
    const first = (q + before) % stride;
    // the input of the first tap for output q; that of the last tap is taps − 1 earlier
    const place = (q + before - first) / stride;
    const outputs = size / stride;
    return { first, before: taps - 1 - place, after: place + outputs - inputs };
  });
}

function convTranspose(
  { operation, inputs: [y, filter, bias], outputs: [output] }: Node,
  build: Builder,
  b: number,
): Value | undefined {
  if (
    operation.op !== 'ConvTranspose' ||
    y === undefined ||
    filter === undefined ||
    output === undefined ||
    bias !== undefined ||
    operation.groups !== undefined
  )
    return undefined;
  const {
    window: { strides, dilations, before },
    size,
  } = operation;
  const [o, i, ...kernel] = filter.shape;
  const [n, , ...given] = y.shape;
  if (o! % b !== 0 || i! % b !== 0 || dilations.some((d) => d !== 1)) return undefined;
  if (kernel.some((k, axis) => k % strides[axis]! !== 0) || size.some((d, axis) => d % strides[axis]! !== 0))
    return undefined;
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    phasesOf(size[axis], given[axis]!, kernel[axis]!, strides[axis], before[axis]),
  );
  if ([...rows!, ...columns!].some((phase) => phase.before < 0 || phase.after < 0)) return undefined;
  const [taps, across] = [kernel[0]! / strides[0], kernel[1]! / strides[1]];
  // The filter of a convolution from O to I channels, split into phases: [O/b, b, I/b, b, taps, s, across,
  // s].
  const split = build.add(
    { op: 'Reshape', shape: [o! / b, b, i! / b, b, taps, strides[0], across, strides[1]] },
    filter,
  );
  const x = blocked(build, y, b);
  const [height, width] = [size[0] / strides[0], size[1] / strides[1]];
  const part = (row: Phase, column: Phase): Value => {
    const begin = [0, 0, 0, 0, taps - 1, row.first, across - 1, column.first];
    const end = [o! / b, b, i! / b, b, -1, row.first + 1, -1, column.first + 1];
    const mine = build.add({ op: 'Slice', begin, end, strides: [1, 1, 1, 1, -1, 1, -1, 1] }, split);
    const turned = build.add(
      { op: 'Transpose', permutation: [2, 0, 4, 5, 1, 3] },
      build.add({ op: 'Reshape', shape: [o! / b, b, i! / b, b, taps, across] }, mine),
    );
    const window: Window = {
      strides: [1, 1],
      dilations: [1, 1],
      before: [row.before, column.before],
      after: [row.after, column.after],
    };
    return build.add(
      { op: 'Reshape', shape: [n! * (i! / b), height, 1, width, 1, b] },
      build.add({ op: 'BlockedConv', window }, x, turned),
    );
  };
  const lines = rows!.map((row) =>
    build.add({ op: 'Concat', axis: 4 }, ...columns!.map((column) => part(row, column))),
  );
  const pixels = build.add({ op: 'Concat', axis: 2 }, ...lines);
  return unblocked(build, build.add({ op: 'Reshape', shape: [n!, i! / b, ...size, b] }, pixels));
}

function conv(
  { operation, inputs: [x, filter, bias], outputs: [output] }: Node,
  build: Builder,
  b: number,
): Value | undefined {
  if (
    operation.op !== 'Conv' ||
    x === undefined ||
    filter === undefined ||
    output === undefined ||
    operation.groups !== undefined
  )
    return undefined;
  const [o, i] = filter.shape;
  if (o! % b !== 0 || (i! % b !== 0 && i! >= b)) return undefined;
  const operands =
    i! < b ? [x, narrowFilter(build, filter, b)] : [blocked(build, x, b), blockedFilter(build, filter, b)];
  if (bias !== undefined) operands.push(build.add({ op: 'Reshape', shape: [o! / b, b] }, bias));
  return unblocked(build, build.add({ op: 'BlockedConv', window: operation.window }, ...operands));
}

/**
 * Makes the pass that computes convolutions in blocks of `b` channels, if the channels are multiples of `b`;
 * those of the operand may also be fewer than `b`.
 */
export function blockConvolutions(b: number): (graph: Graph) => Graph {
  return (graph) =>
    rewrite(graph, (node, build) => {
      const instead = conv(node, build, b) ?? convTranspose(node, build, b);
      return instead === undefined ? undefined : [instead];
    });
}

/**
 * Makes an activation part of the blocked convolution before it, if nothing else uses the values before the
 * activation.
 */
export function fuseActivations(graph: Graph): Graph {
  const uses = countUses(graph);
  return rewrite(graph, ({ operation, inputs: [x] }, build) => {
    if ((operation.op !== 'Relu' && operation.op !== 'LeakyRelu') || x === undefined || uses.get(x) !== 1)
      return undefined;
    const node = build.producer(x);
    if (node?.operation.op !== 'BlockedConv' || node.operation.activation !== undefined) return undefined;
    const activation: Activation =
      operation.op === 'LeakyRelu' ? { op: operation.op, alpha: operation.alpha } : { op: 'Relu' };
    return [build.add({ ...node.operation, activation }, ...node.inputs)];
  });
}

/**
 * The sum over examples and pixels, which is the same in any order of the channels: first over the examples,
 * which leaves few elements, then over the pixels.
 */
function sumOfBlocks(
  operation: Operation,
  x: Value | undefined,
  output: Value,
  build: Builder,
): Value | undefined {
  if (x === undefined || operation.op !== 'ReduceSum' || operation.axes.join() !== '0,2,3') return undefined;
  const pixels = build.add({ op: 'ReduceSum', axes: [0], keepDims: false }, x);
  return build.add(
    { op: 'Reshape', shape: output.shape },
    build.add({ op: 'ReduceSum', axes: [1, 2], keepDims: false }, pixels),
  );
}

/**
 * Makes the search for values in blocks although no Unblock made them: a product whose columns can be
 * reordered, or such a product times a number. The result is undefined for any other value.
 */
function blocksOf(size: number, build: Builder): (value: Value) => Value | undefined {
  const fits = ({ shape }: Value): boolean => shape.length === 4 && shape[1]! % size === 0;
  const factors = (value: Value): readonly Value[] => {
    const node = build.producer(value);
    return node?.operation.op === 'Mul' && fits(value) ? node.inputs : [];
  };
  return createSearch<Value | undefined>(factors, (value, found) => {
    if (typeof value.constant === 'number') return build.constant(value.constant, [], value.dtype);
    if (!fits(value)) return undefined;
    const [, channels, height, width] = value.shape;
    const images = imagesInOrder(
      value,
      { axes: [channels! / size, size, height!, width!], order: [0, 2, 3, 1] },
      [channels! / size, height!, width!, size],
      build,
    );
    if (images !== undefined) return images;
    const operands = factors(value)
      .map(found)
      .filter((operand) => operand !== undefined);
    return operands.length === 2 ? build.add({ op: 'Mul' }, ...operands) : undefined;
  });
}

/**
 * Keeps activations and their masks in blocks: moves Unblock towards the outputs, until it meets a Block and
 * both are removed.
 */
export function sinkBlocks(graph: Graph): Graph {
  const searches = new Map<number, (value: Value) => Value | undefined>();
  return rewrite(graph, ({ operation, inputs, outputs: [output] }, build) => {
    const source = (value: Value): Value | undefined => {
      const node = build.producer(value);
      return node?.operation.op === 'Unblock' ? node.inputs[0] : undefined;
    };
    const size = inputs.flatMap((value) => source(value)?.shape[4] ?? [])[0];
    const [x] = inputs;
    if (operation.op === 'Block' && x !== undefined)
      return source(x) === undefined ? undefined : [source(x)!];
    if (output === undefined || size === undefined) return undefined;
    const sum = x === undefined ? undefined : sumOfBlocks(operation, source(x), output, build);
    if (sum !== undefined) return [sum];
    if (!isElementwise(operation)) return undefined;
    const blocks = searches.get(size) ?? blocksOf(size, build);
    searches.set(size, blocks);
    const operands = inputs.map((value) => source(value) ?? blocks(value));
    const known = operands.filter((value) => value !== undefined);
    if (known.length < inputs.length || known.every((value) => value.constant !== undefined))
      return undefined;
    return [unblocked(build, build.add(operation, ...known))];
  });
}

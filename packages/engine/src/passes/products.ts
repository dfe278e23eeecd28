import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import type { Graph, Node, Shape, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

// A dense layer after convolutions takes their pixels in the order in which the user's code flattens them;
// the runtime has them in another order. Here the layer's few weights are reordered instead of every
// example's pixels.

/**
 * An order of the K entries of each example: they are seen as a tensor of shape `axes`, and `order` is the
 * permutation of its axes.
 */
interface Order {
  readonly axes: Shape;
  readonly order: readonly number[];
}

/** Whether the weights are at most half as many as the numbers they are multiplied with. */
const isCheap = (weights: Value, images: Value): boolean => 2 * sizeOf(weights.shape) <= sizeOf(images.shape);

const isMatrix = ({ shape, dtype }: Value): boolean => shape.length === 2 && dtype === 'float32';

/** Reorders a matrix's entries along one axis. */
function reordered(build: Builder, matrix: Value, axis: 0 | 1, { axes, order }: Order): Value {
  const other = matrix.shape[1 - axis]!;
  const split = build.add({ op: 'Reshape', shape: axis === 0 ? [...axes, other] : [other, ...axes] }, matrix);
  const permutation = axis === 0 ? [...order, axes.length] : [0, ...order.map((i) => i + 1)];
  return build.add(
    { op: 'Reshape', shape: matrix.shape },
    build.add({ op: 'Transpose', permutation }, split),
  );
}

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i));

/**
 * For examples as rows: the value before their entries were reordered, and the order that leads from these
 * rows back to it. Undefined if they were not reordered.
 */
function flattened(
  value: Value,
  build: Builder,
): { readonly source: Value; readonly order: Order } | undefined {
  const flat = build.producer(value);
  const [moved] = flat?.inputs ?? [];
  if (
    flat?.operation.op !== 'Reshape' ||
    moved === undefined ||
    value.shape.length !== 2 ||
    moved.shape[0] !== value.shape[0]
  )
    return undefined;
  const node = build.producer(moved);
  const [source] = node?.inputs ?? [];
  if (node === undefined || source === undefined || source.dtype !== 'float32') return undefined;
  if (node.operation.op === 'Unblock') {
    const [, blocks, height, width, size] = source.shape;
    return { source, order: { axes: [blocks!, size!, height!, width!], order: [0, 2, 3, 1] } };
  }
  if (node.operation.op !== 'Transpose' || node.operation.permutation[0] !== 0) return undefined;
  return {
    source,
    order: {
      axes: moved.shape.slice(1),
      order: inverse(node.operation.permutation.slice(1).map((axis) => axis - 1)),
    },
  };
}

function product(
  { operation, inputs: [a, b, c], outputs: [output] }: Node,
  build: Builder,
): Value | undefined {
  if (
    (operation.op !== 'MatMul' && operation.op !== 'Gemm') ||
    a === undefined ||
    b === undefined ||
    output === undefined ||
    !isMatrix(a) ||
    !isMatrix(b)
  )
    return undefined;
  const rows = (value: Value): Value => build.add({ op: 'Reshape', shape: a.shape }, value);
  const found = flattened(a, build);
  if (found === undefined) return undefined;
  const { source, order } = found;
  if (!operation.transposeA)
    return isCheap(b, a)
      ? build.add(
          operation,
          rows(source),
          reordered(build, b, operation.transposeB ? 1 : 0, order),
          ...(c === undefined ? [] : [c]),
        )
      : undefined;
  if (c !== undefined || !isCheap(output, a)) return undefined;
  const [axes, back] = [order.order.map((i) => order.axes[i]!), inverse(order.order)];
  return reordered(build, build.add(operation, rows(source), b), 0, { axes, order: back });
}

/**
 * Makes products with flattened images take the images in the order they have in memory, by reordering the
 * weights.
 */
export function reorderWeights(graph: Graph): Graph {
  return rewrite(graph, (node, build) => {
    const instead = product(node, build);
    return instead === undefined ? undefined : [instead];
  });
}

/**
 * Most terms per entry of a product that the graph may compute twice, once in each order: that costs no more
 * than moving its entries.
 */
const FEW = 16;

/**
 * If `value` is a product of two matrices that a Reshape makes images [n, …] of, returns it with each
 * example's axes in another order, of shape [n, …shape], by reordering the second matrix's columns. Gradients
 * of a layer of few outputs are such products. Undefined for any other value.
 */
export function imagesInOrder(value: Value, order: Order, shape: Shape, build: Builder): Value | undefined {
  const cut = build.producer(value);
  const [matrix] = cut?.inputs ?? [];
  if (
    cut?.operation.op !== 'Reshape' ||
    matrix === undefined ||
    !isMatrix(matrix) ||
    matrix.shape[0] !== value.shape[0]
  )
    return undefined;
  const node = build.producer(matrix);
  const [a, b] = node?.inputs ?? [];
  if (
    node?.operation.op !== 'MatMul' ||
    a === undefined ||
    b === undefined ||
    !isMatrix(b) ||
    !isCheap(b, value) ||
    b.shape[node.operation.transposeB ? 1 : 0]! > FEW
  )
    return undefined;
  return build.add(
    { op: 'Reshape', shape: [value.shape[0]!, ...shape] },
    build.add(node.operation, a, reordered(build, b, node.operation.transposeB ? 0 : 1, order)),
  );
}

import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import type { Graph, Node, Shape, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

// A dense layer after convolutions takes their pixels in the order in which the user's code flattens them,
// the runtime has them in another. Here the layer's few weights change places instead of every example's
// pixels.

/**
 * How the K entries of each example lie: as axes, of which `order` says which comes first, second … in memory
 * to be.
 */
interface Order {
  readonly axes: Shape;
  readonly order: readonly number[];
}

/** Weights that are less than half as many as what they are multiplied with. */
const isCheap = (weights: Value, images: Value): boolean => 2 * sizeOf(weights.shape) <= sizeOf(images.shape);

const isMatrix = ({ shape, dtype }: Value): boolean => shape.length === 2 && dtype === 'float32';

/** A matrix whose entries along one axis, seen as `axes`, are put in another order. */
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
 * Examples as rows: what they were before their entries changed places, and how the entries then lie, seen
 * from these rows.
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

/** Products with flattened images take the images as they lie. */
export function reorderWeights(graph: Graph): Graph {
  return rewrite(graph, (node, build) => {
    const instead = product(node, build);
    return instead === undefined ? undefined : [instead];
  });
}

/**
 * A product of so few terms costs no more than moving its entries: it may stand in the graph once in each
 * order.
 */
const FEW = 16;

/**
 * The product of two matrices, cut into images [n, …] by a Reshape: the same with each example's axes in
 * another order, of shape [n, …shape], for which the second matrix's columns change places: gradients of a
 * layer of few outputs. Undefined for anything else.
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

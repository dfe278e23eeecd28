import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { broadcast, isElementwise, isReduction } from '../operations.js';
import { imagesInOrder } from './products.js';
import { createSearch, rewrite } from './rewrite.js';

type Permutation = readonly number[];

/**
 * Items per axis of a Transpose's result as items per axis of its operand: the operand's axis p[i] is the
 * result's axis i.
 */
function before<T>(permutation: Permutation, items: readonly T[]): T[] {
  const out = [...items];
  for (const [i, axis] of permutation.entries()) out[axis] = items[i]!;
  return out;
}

/** The operand of a Transpose, and its permutation. */
function transposed(
  value: Value,
  build: Builder,
): { readonly source: Value; readonly permutation: Permutation } | undefined {
  const node = build.producer(value);
  const [source] = node?.inputs ?? [];
  return node?.operation.op === 'Transpose' && source !== undefined
    ? { source, permutation: node.operation.permutation }
    : undefined;
}

/**
 * Whether transposing a tensor of this shape keeps the order of its elements in memory: only axes of size 1
 * change places.
 */
function keepsOrder(shape: readonly number[], permutation: Permutation): boolean {
  const moved = permutation.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
}

/**
 * Finds the value from which a permutation makes a given value, broadcast to that many axes; undefined if it
 * would take a transpose of a large tensor.
 */
type Undo = (value: Value) => Value | undefined;

/** Makes the search for values before `permutation`, for a result of `size` elements. */
function undoing(permutation: Permutation, size: number, build: Builder): Undo {
  const inverse = before(
    permutation,
    permutation.map((_, i) => i),
  );
  const padded = ({ shape }: Value): readonly number[] => [
    ...permutation.slice(shape.length).map(() => 1),
    ...shape,
  ];
  /** A value that costs nothing, or little, to transpose back. */
  const cheap = (value: Value): Value | undefined => {
    if (typeof value.constant === 'number') return build.constant(value.constant, [], value.dtype);
    const already = transposed(value, build);
    if (already !== undefined && sameShape(already.permutation, permutation)) return already.source;
    const shape = padded(value);
    if (keepsOrder(shape, inverse))
      return build.add({ op: 'Reshape', shape: before(permutation, shape) }, value);
    if (sizeOf(value.shape) * 8 > size) return undefined;
    const wide = sameShape(shape, value.shape) ? value : build.add({ op: 'Reshape', shape }, value);
    return build.add({ op: 'Transpose', permutation: inverse }, wide);
  };
  /** A product whose columns can be reordered. */
  const product = (value: Value): Value | undefined =>
    inverse[0] === 0 && value.shape.length === permutation.length
      ? imagesInOrder(
          value,
          { axes: value.shape.slice(1), order: inverse.slice(1).map((axis) => axis - 1) },
          before(permutation, value.shape).slice(1),
          build,
        )
      : undefined;
  /** The operands of a large elementwise operation, which may be applied before the permutation instead. */
  const operands = (value: Value): readonly Value[] => {
    const node = build.producer(value);
    const moves =
      node !== undefined &&
      isElementwise(node.operation) &&
      node.inputs.length <= 2 &&
      value.shape.length === permutation.length &&
      !keepsOrder(value.shape, inverse) &&
      sizeOf(value.shape) * 8 > size;
    return moves ? node.inputs : [];
  };
  return createSearch<Value | undefined>(operands, (value, found) => {
    const instead = cheap(value) ?? product(value);
    if (instead !== undefined) return instead;
    const from = operands(value);
    const known = from.map(found).filter((operand) => operand !== undefined);
    const shapes = known.map(({ shape }) => shape);
    return from.length > 0 &&
      known.length === from.length &&
      sameShape(broadcast(shapes), before(permutation, value.shape))
      ? build.add(build.producer(value)!.operation, ...known)
      : undefined;
  });
}

function elementwise(
  { operation, inputs, outputs: [output] }: Node,
  build: Builder,
  undo: (permutation: Permutation, size: number) => Undo,
): Value | undefined {
  if (output === undefined) return undefined;
  const found = inputs
    .map((input) => transposed(input, build))
    .find((t) => t?.permutation.length === output.shape.length);
  if (found === undefined) return undefined;
  const { permutation } = found;
  const undone = undo(permutation, sizeOf(output.shape));
  const operands: Value[] = [];
  for (const input of inputs) {
    const operand = undone(input);
    if (operand === undefined) return undefined;
    operands.push(operand);
  }
  if (!sameShape(broadcast(operands.map((v) => v.shape)), before(permutation, output.shape)))
    return undefined;
  return build.add({ op: 'Transpose', permutation }, build.add(operation, ...operands));
}

function reduction({ operation, inputs: [x] }: Node, build: Builder): Value | undefined {
  const found = x === undefined ? undefined : transposed(x, build);
  if (found === undefined || !isReduction(operation)) return undefined;
  const { source, permutation } = found;
  const axes = operation.axes.map((axis) => permutation[axis]!).toSorted((a, b) => a - b);
  const reduced = build.add({ ...operation, axes }, source);
  if (operation.keepDims) return build.add({ op: 'Transpose', permutation }, reduced);
  const kept = permutation.filter((axis) => !axes.includes(axis));
  const order = kept.map((axis) => kept.filter((other) => other < axis).length);
  return order.every((axis, i) => axis === i)
    ? reduced
    : build.add({ op: 'Transpose', permutation: order }, reduced);
}

/** Moves transposes behind operations that join, cut and pad, which then use the operand's own axes. */
function moves({ operation, inputs, outputs }: Node, build: Builder): readonly Value[] | undefined {
  const found = inputs.map((input) => transposed(input, build));
  const [first] = found;
  if (first === undefined || outputs[0]?.shape.length !== first.permutation.length) return undefined;
  const { source, permutation } = first;
  const back = (values: readonly Value[]): readonly Value[] =>
    values.map((value) => build.add({ op: 'Transpose', permutation }, value));
  switch (operation.op) {
    case 'Concat': {
      const sources = found.flatMap((t) =>
        t !== undefined && sameShape(t.permutation, permutation) ? [t.source] : [],
      );
      return sources.length === inputs.length
        ? back([build.add({ op: 'Concat', axis: permutation[operation.axis]! }, ...sources)])
        : undefined;
    }
    case 'Split':
      return back(build.addMany({ ...operation, axis: permutation[operation.axis]! }, [source]));
    case 'Slice':
      return back([
        build.add(
          {
            op: 'Slice',
            begin: before(permutation, operation.begin),
            end: before(permutation, operation.end),
            strides: before(permutation, operation.strides),
          },
          source,
        ),
      ]);
    case 'Pad':
      return back([
        build.add(
          {
            ...operation,
            before: before(permutation, operation.before),
            after: before(permutation, operation.after),
          },
          source,
        ),
      ]);
    case 'Expand':
      return back([build.add({ op: 'Expand', shape: before(permutation, operation.shape) }, source)]);
    default:
      return undefined;
  }
}

/**
 * Moves transposes towards the outputs. A convolution has one on either side. Between two convolutions the
 * pair of transposes meets and is removed, so that everything there is computed in the runtime's layout.
 */
export function sinkTransposes(graph: Graph): Graph {
  const searches = new Map<string, Undo>();
  return rewrite(graph, (node, build) => {
    const undo = (permutation: Permutation, size: number): Undo => {
      const key = `${permutation.join()}:${size}`;
      const search = searches.get(key) ?? undoing(permutation, size, build);
      searches.set(key, search);
      return search;
    };
    const instead = isElementwise(node.operation) ? elementwise(node, build, undo) : reduction(node, build);
    return instead === undefined ? moves(node, build) : [instead];
  });
}

/**
 * Replaces a transpose that moves only axes of size 1 by a reshape, which copies nothing. It runs last, since
 * no pass moves reshapes towards the outputs.
 */
export function reshapeInstead(graph: Graph): Graph {
  return rewrite(graph, ({ operation, inputs: [x], outputs: [output] }, build) => {
    if (
      operation.op !== 'Transpose' ||
      x === undefined ||
      output === undefined ||
      !keepsOrder(x.shape, operation.permutation)
    )
      return undefined;
    return [build.add({ op: 'Reshape', shape: output.shape }, x)];
  });
}

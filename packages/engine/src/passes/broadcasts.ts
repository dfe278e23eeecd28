import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { broadcast, isElementwise, isReduction } from '../operations.js';
import { rewrite } from './rewrite.js';

/** An operand before it was expanded: the source of an Expand, or a scalar for a uniform constant. */
function small(value: Value, build: Builder): Value {
  if (typeof value.constant === 'number')
    return value.shape.length === 0 ? value : build.constant(value.constant, [], value.dtype);
  const node = build.producer(value);
  const source = node?.operation.op === 'Expand' ? node.inputs[0] : undefined;
  return source ?? value;
}

/**
 * Removes the expansions of an elementwise operation's operands, since the operation broadcasts. If the
 * result is then smaller, it is expanded instead.
 */
function elementwise({ operation, inputs, outputs: [output] }: Node, build: Builder): Value | undefined {
  if (output === undefined) return undefined;
  const reduced = inputs.map((input) => small(input, build));
  if (reduced.every((value, i) => value === inputs[i])) return undefined;
  const shape = broadcast(reduced.map((v) => v.shape));
  if (sameShape(shape, output.shape)) return build.add(operation, ...reduced);
  return sizeOf(shape) < sizeOf(output.shape)
    ? build.add({ op: 'Expand', shape: output.shape }, build.add(operation, ...reduced))
    : undefined;
}

/**
 * Replaces a sum over axes along which all elements are equal by a multiplication; only if all reduced axes
 * are such.
 */
function reduction({ operation, inputs: [x], outputs: [output] }: Node, build: Builder): Value | undefined {
  if (
    x === undefined ||
    output === undefined ||
    !isReduction(operation) ||
    operation.op === 'ReduceProd' ||
    x.dtype !== 'float32'
  )
    return undefined;
  const source = small(x, build);
  if (source === x) return undefined;
  const padded = [...x.shape.slice(source.shape.length).map(() => 1), ...source.shape];
  if (!operation.axes.every((axis) => padded[axis] === 1)) return undefined;
  const factor = operation.op === 'ReduceSum' ? operation.axes.reduce((n, axis) => n * x.shape[axis]!, 1) : 1;
  const scaled = factor === 1 ? source : build.add({ op: 'Mul' }, source, build.constant(factor, []));
  const kept = operation.keepDims ? padded : padded.filter((_, i) => !operation.axes.includes(i));
  const shaped = sameShape(kept, scaled.shape) ? scaled : build.add({ op: 'Reshape', shape: kept }, scaled);
  return sameShape(kept, output.shape) ? shaped : build.add({ op: 'Expand', shape: output.shape }, shaped);
}

/**
 * Exchanges the order in Reshape(Expand(x)): reshapes first, then expands. Only if the reshape adds or drops
 * axes of size 1, or x has one element.
 */
function reshape({ operation, inputs: [x], outputs: [output] }: Node, build: Builder): Value | undefined {
  if (operation.op !== 'Reshape' || x === undefined || output === undefined) return undefined;
  const source = small(x, build);
  if (source === x || sizeOf(source.shape) !== 1) return undefined;
  const ones = output.shape.map(() => 1);
  const shaped = sameShape(ones, source.shape) ? source : build.add({ op: 'Reshape', shape: ones }, source);
  return build.add({ op: 'Expand', shape: output.shape }, shaped);
}

/**
 * Moves broadcasts towards the outputs. Most of them meet an operation that broadcasts by itself, and are
 * removed.
 */
export function sinkBroadcasts(graph: Graph): Graph {
  return rewrite(graph, (node, build) => {
    const instead = isElementwise(node.operation)
      ? elementwise(node, build)
      : (reduction(node, build) ?? reshape(node, build));
    return instead === undefined ? undefined : [instead];
  });
}

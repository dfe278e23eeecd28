import { sizeOf } from '@stillpoint/operators';
import type { Builder } from '../builder.js';
import { type Graph, type Node, sameShape, type Value } from '../graph.js';
import { broadcast, isElementwise, isReduction } from '../operations.js';
import { rewrite } from './rewrite.js';

// A normalisation multiplies large tensors by one number per channel, several times, and its gradients sum
// such products. Here these numbers are multiplied with each other first, and with the sum instead of with
// every summand, so that the large tensors are read less often. As with any other order, the results differ
// by roundings, and where a product of factors or a sum leaves float32's range although the original order
// does not.

/** Whether a value is small next to a large one with which it is multiplied. */
const isSmall = (value: Value, large: Value): boolean => 8 * sizeOf(value.shape) <= sizeOf(large.shape);

/** The operands of a product of floats of the shape of its result. */
function factorsOf(value: Value, build: Builder): readonly [Value, Value] | undefined {
  const node = build.producer(value);
  const [a, b] = node?.inputs ?? [];
  return node?.operation.op === 'Mul' && value.dtype === 'float32' && a !== undefined && b !== undefined
    ? [a, b]
    : undefined;
}

/** x · a · b as x · (a · b), for small a and b. */
function joined({ operation, inputs: [x, y], outputs: [output] }: Node, build: Builder): Value | undefined {
  if (operation.op !== 'Mul' || x === undefined || y === undefined || output === undefined) return undefined;
  if (output.dtype !== 'float32') return undefined;
  const join = (product: Value, b: Value): Value | undefined => {
    const inner = factorsOf(product, build);
    if (inner === undefined || !sameShape(product.shape, output.shape) || !isSmall(b, output))
      return undefined;
    const [large, a] = isSmall(inner[0], output) ? [inner[1], inner[0]] : inner;
    if (!isSmall(a, output) || !sameShape(large.shape, output.shape)) return undefined;
    const together = sizeOf(broadcast([a.shape, b.shape]));
    if (together > Math.max(sizeOf(a.shape), sizeOf(b.shape))) return undefined;
    return build.add({ op: 'Mul' }, large, build.add({ op: 'Mul' }, a, b));
  };
  return join(x, y) ?? join(y, x);
}

/** A product without the factors that are the same along some axes, and these factors. */
interface Stripped {
  readonly core: Value;
  readonly factors: readonly Value[];
}

/** Takes factors out of a product that are small and equal along `axes`. */
function strip(value: Value, axes: readonly number[], build: Builder): Stripped {
  const rank = value.shape.length;
  const isFactor = (v: Value): boolean =>
    isSmall(v, value) && axes.every((axis) => (v.shape[axis - rank + v.shape.length] ?? 1) === 1);
  const operands = factorsOf(value, build);
  const whole: Stripped = { core: value, factors: [] };
  if (operands === undefined) return whole;
  const [a, b] = operands;
  for (const [factor, rest] of [
    [a, b],
    [b, a],
  ] as const)
    if (isFactor(factor) && sameShape(rest.shape, value.shape)) {
      const { core, factors } = strip(rest, axes, build);
      return { core, factors: [...factors, factor] };
    }
  if (!operands.every((v) => sameShape(v.shape, value.shape))) return whole;
  const [left, right] = a === b ? [strip(a, axes, build)] : [strip(a, axes, build), strip(b, axes, build)];
  const sides = right === undefined ? [left, left] : [left, right];
  const factors = sides.flatMap((side) => side.factors);
  if (factors.length === 0) return whole;
  const cores = sides.map((side) => side.core).toSorted((v, w) => v.id - w.id);
  return { core: build.add({ op: 'Mul' }, ...cores), factors };
}

/** Σ x · a as (Σ x) · a, for a that is the same for all summands. */
function outOfSums({ operation, inputs: [x] }: Node, build: Builder): Value | undefined {
  if (x === undefined || !isReduction(operation)) return undefined;
  if (operation.op !== 'ReduceSum' && operation.op !== 'ReduceMean') return undefined;
  const { core, factors } = strip(x, operation.axes, build);
  if (factors.length === 0) return undefined;
  const rank = x.shape.length;
  const kept = (v: Value): Value => {
    const shape = [...Array.from({ length: rank - v.shape.length }, () => 1), ...v.shape];
    const rest = operation.keepDims ? shape : shape.filter((_, axis) => !operation.axes.includes(axis));
    return sameShape(rest, v.shape) ? v : build.add({ op: 'Reshape', shape: rest }, v);
  };
  return factors.reduce((sum, a) => build.add({ op: 'Mul' }, sum, kept(a)), build.add(operation, core));
}

/** Drops axes of size 1 in front of an operand, which broadcasting adds anyway, so that equal values meet. */
function unpadded({ operation, inputs, outputs: [output] }: Node, build: Builder): Value | undefined {
  if (!isElementwise(operation) || output === undefined) return undefined;
  const source = (v: Value): Value => {
    const node = build.producer(v);
    const [from] = node?.inputs ?? [];
    if (node?.operation.op !== 'Reshape' || from === undefined) return v;
    const added = v.shape.length - from.shape.length;
    const isPadding =
      added > 0 &&
      v.shape.slice(0, added).every((d) => d === 1) &&
      sameShape(v.shape.slice(added), from.shape);
    return isPadding ? from : v;
  };
  const instead = inputs.map(source);
  if (instead.every((v, i) => v === inputs[i])) return undefined;
  return sameShape(broadcast(instead.map(({ shape }) => shape)), output.shape)
    ? build.add(operation, ...instead)
    : undefined;
}

/** Multiplies small factors with each other first, and with sums instead of with their summands. */
export function gatherFactors(graph: Graph): Graph {
  return rewrite(graph, (node, build) => {
    const instead = joined(node, build) ?? outOfSums(node, build) ?? unpadded(node, build);
    return instead === undefined ? undefined : [instead];
  });
}

import type { Operation } from './operations.js';

// The data structure that the parts of the engine share: tracing makes it, passes rewrite it, emission reads
// it.

/**
 * Sizes of a tensor, outermost axis first. A scalar is `[]`. Every size is known, so each batch size has its
 * own graph.
 */
export type Shape = readonly number[];

/** The element types a graph computes with. Inputs and outputs are always float32. */
export type DType = 'float32' | 'int32' | 'bool';

/**
 * The elements of a constant in row-major order, or one number if all are equal, so that `tf.ones` of any
 * shape takes no memory.
 */
export type Constant = number | Float32Array | Int32Array | Uint8Array;

/**
 * A tensor of a graph: an input, a constant or an output of a node. Two values are the same if and only if
 * they are the same object.
 */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The elements, if they are known before the graph runs. */
  readonly constant?: Constant;
}

/** One operation applied to values. */
export interface Node {
  readonly operation: Operation;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A value that enters or leaves a graph under a name. */
export interface Port {
  readonly name: string;
  readonly value: Value;
}

/**
 * A pure function from named float32 tensors to named float32 tensors. Nodes come after the nodes they depend
 * on.
 */
export interface Graph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
}

/** Whether two shapes are the same, sizes of 1 included. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** A value's type as text, such as `float32[32,2]`. */
export function printType({ dtype, shape }: { readonly dtype: DType; readonly shape: Shape }): string {
  return `${dtype}[${shape.join(',')}]`;
}

function printConstant({ constant, shape, dtype }: Value): string {
  if (constant === undefined) return '';
  if (typeof constant === 'number')
    return `${Object.is(constant, -0) ? '-0' : constant}${shape.length > 0 ? printType({ dtype, shape }) : ''}`;
  const shown = Array.from(constant.subarray(0, 4), String).join(', ');
  return `{${shown}${constant.length > 4 ? ', …' : ''}}${printType({ dtype, shape })}`;
}

function printAttributes(operation: Operation): string {
  const parts = Object.entries(operation)
    .filter(([key]) => key !== 'op')
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return parts.length > 0 ? ` ${parts.join(' ')}` : '';
}

/**
 * Returns a graph as text, one node per line, such as `%3 = Mul(%1, 0.5) float32[32,2]`, for people, tests
 * and bug reports. Values are numbered in the order in which they appear, so equal graphs have equal texts.
 */
export function printGraph(graph: Graph): string {
  const numbers = new Map<Value, number>();
  const name = (value: Value): string => {
    if (value.constant !== undefined) return printConstant(value);
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `%${numbers.get(value)}`;
  };
  const inputs = graph.inputs.map(
    (port) => `input ${port.name}: ${name(port.value)} ${printType(port.value)}`,
  );
  const nodes = graph.nodes.map(({ operation, inputs: from, outputs }) => {
    const args = from.map(name).join(', ');
    return `${outputs.map(name).join(', ')} = ${operation.op}(${args})${printAttributes(operation)} ${outputs.map(printType).join(' ')}`;
  });
  const outputs = graph.outputs.map(
    (port) => `output ${port.name}: ${name(port.value)} ${printType(port.value)}`,
  );
  return [...inputs, ...nodes, ...outputs].join('\n');
}

import { sizeOf } from '@stillpoint/operators';
import type { DType, Graph, Node, Shape, Value } from '../graph.js';
import { compose, type Write } from './compose.js';
import { lower, needsTransposes } from './lower.js';
import { nodeName, type OnnxModel, type OnnxNode, type OnnxTensor, writeModel } from './onnx.js';

/**
 * The name of an input in the ONNX graph. It has a prefix, since an input and an output may have the same
 * name, and values have names of their own.
 */
export const inputName = (name: string): string => `in_${name}`;
/** The name of an output in the ONNX graph, with a prefix that sets it apart from inputs. */
export const outputName = (name: string): string => `out_${name}`;

function bytesOf(
  constant: Value['constant'],
  dtype: DType,
  size: number,
): Float32Array | Int32Array | Uint8Array {
  if (typeof constant === 'object') return constant;
  const data =
    dtype === 'float32'
      ? new Float32Array(size)
      : dtype === 'int32'
        ? new Int32Array(size)
        : new Uint8Array(size);
  return data.fill(constant ?? 0);
}

/** The permutation that swaps the last two axes. */
function lastSwapped(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
}

/** How the tensors of a graph are named in a file. */
export interface Names {
  readonly input: (name: string) => string;
  readonly output: (name: string) => string;
  /** What the names of all other tensors begin with. */
  readonly inner: string;
}

const prefixed: Names = { input: inputName, output: outputName, inner: '' };

/** Returns a graph as an ONNX model, and the names of the model's nodes that were made for `apart` nodes. */
export function modelOf(
  graph: Graph,
  apart: (node: Node) => boolean = () => false,
  { input, output, inner }: Names = prefixed,
): { readonly model: OnnxModel; readonly apartNames: readonly string[] } {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const names = new Map<Value, string>(graph.inputs.map(({ name, value }) => [value, input(name)]));

  const initializer = (key: string, tensor: Omit<OnnxTensor, 'name'>): string => {
    if (!initializers.has(key)) initializers.set(key, { name: `${inner}c${initializers.size}`, ...tensor });
    return initializers.get(key)!.name;
  };
  const list = (values: readonly number[]): string =>
    initializer(`i:${values.join(',')}`, {
      type: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const floats = (values: readonly number[]): string =>
    initializer(`f:${values.join(',')}`, {
      type: 'float32',
      shape: [values.length],
      data: Float32Array.from(values),
    });
  const scalar = (value: number, type: DType = 'float32', shape: Shape = []): string =>
    initializer(`${type}[${shape.join(',')}]${Object.is(value, -0) ? '-0' : value}`, {
      type,
      shape,
      data: bytesOf(value, type, 1),
    });
  let made = 0;
  const push: Write['push'] = (op, inputs, attributes = {}, { domain, outputs = 1 } = {}) => {
    const names = Array.from({ length: outputs }, () => `${inner}t${made++}`);
    nodes.push({ op, inputs, outputs: names, attributes, ...(domain === undefined ? {} : { domain }) });
    return names[outputs - 1]!;
  };
  const constantName = (value: Value): string => {
    const { constant, shape, dtype, id } = value;
    if (typeof constant !== 'number')
      return initializer(`v${id}`, { type: dtype, shape, data: bytesOf(constant, dtype, sizeOf(shape)) });
    // a large uniform constant is written as one number and its shape
    return sizeOf(shape) === 1
      ? scalar(constant, dtype, shape)
      : push('Expand', [scalar(constant, dtype), list(shape)]);
  };
  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = value.constant === undefined ? `${inner}v${value.id}` : constantName(value);
    names.set(value, name);
    return name;
  };
  const operands = (node: Node): readonly string[] => {
    const { operation, inputs } = node;
    if (operation.op !== 'MatMul' || !needsTransposes(node)) return inputs.map(nameOf);
    const flags = [operation.transposeA, operation.transposeB];
    return inputs.map((v, i) =>
      flags[i] ? push('Transpose', [nameOf(v)], { perm: lastSwapped(v.shape.length) }) : nameOf(v),
    );
  };

  // A computed value that is an output gets the output's name. An Identity copies inputs, constants and
  // values with a second name.
  const copies: { readonly value: Value; readonly name: string }[] = [];
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
  for (const { name, value } of graph.outputs) {
    if (computed.has(value) && !names.has(value)) names.set(value, output(name));
    else copies.push({ value, name: output(name) });
  }
  const write: Write = { push, list, floats, scalar, nameOf };
  const apartNames: string[] = [];
  const add = (node: Node): void => {
    const last = compose(node, write);
    if (last !== undefined) {
      nodes.push({ ...last, outputs: node.outputs.map(nameOf) });
      return;
    }
    const { op, attributes, lists, numbers } = lower(node);
    const inputs = [
      ...operands(node),
      ...lists.map(list),
      ...numbers.map((x) => scalar(x, node.outputs[0]?.dtype)),
    ];
    nodes.push({ op, inputs, outputs: node.outputs.map(nameOf), attributes });
  };
  for (const node of graph.nodes) {
    const first = nodes.length;
    add(node);
    if (apart(node)) apartNames.push(...nodes.slice(first).map((n, i) => nodeName(n, first + i)));
  }
  for (const { value, name } of copies)
    nodes.push({ op: 'Identity', inputs: [nameOf(value)], outputs: [name], attributes: {} });
  const model = {
    nodes,
    initializers: [...initializers.values()],
    inputs: graph.inputs.map(({ name, value }) => ({ name: input(name), shape: value.shape })),
    outputs: graph.outputs.map(({ name, value }) => ({ name: output(name), shape: value.shape })),
  };
  return { model, apartNames };
}

/**
 * Returns a graph as the bytes of an ONNX file of opset 17. It has standard operators only, for any runtime
 * that reads ONNX, unless convolutions were put into blocks.
 */
export const emit = (graph: Graph): Uint8Array => writeModel(modelOf(graph).model);

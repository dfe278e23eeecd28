import { createMessage, type Message } from './protobuf.js';

// ONNX's structures as plain data, and their bytes. The field numbers are those of onnx.proto in ONNX 1.12
// (IR version 8).

/** The operator set that every emitted file declares; onnxruntime 1.12 and later read it. */
export const opset = 17;
export const irVersion = 8;

export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';

/** A node's attribute: an integer, a list of integers, a float, a list of floats or a string. */
export type OnnxAttribute =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly text: string };

export interface OnnxNode {
  readonly op: string;
  /** The domain of the operator. Default: ONNX's own. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: { readonly [name: string]: OnnxAttribute };
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

export interface OnnxPort {
  readonly name: string;
  /** A dimension that is a text is open; the text is its name. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** What the model is, in words. */
  readonly description?: string;
  /** Texts by name, which runtimes return and do not read. */
  readonly metadata?: { readonly [name: string]: string };
}

/** ONNX's number of an element type. */
export const typeNumber: { readonly [type in OnnxType]: number } = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
};

const attributeKind = { float: 1, integer: 2, text: 3, floats: 6, integers: 7 } as const;

function attribute(name: string, value: OnnxAttribute): Message {
  const message = createMessage().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, attributeKind.integer);
  if ('float' in value) return message.float(2, value.float).integer(20, attributeKind.float);
  if ('floats' in value) {
    for (const x of value.floats) message.float(7, x);
    return message.integer(20, attributeKind.floats);
  }
  if ('text' in value) return message.text(4, value.text).integer(20, attributeKind.text);
  for (const x of value) message.integer(8, x);
  return message.integer(20, attributeKind.integers);
}

/** The name that a node gets in the file. */
export const nodeName = ({ op }: OnnxNode, index: number): string => `${op}_${index}`;

function node(given: OnnxNode, index: number): Message {
  const { op, domain, inputs, outputs, attributes } = given;
  const message = createMessage();
  for (const name of inputs) message.text(1, name);
  for (const name of outputs) message.text(2, name);
  message.text(3, nodeName(given, index)).text(4, op);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
  if (domain !== undefined) message.text(7, domain);
  return message;
}

function tensor({ name, type, shape, data }: OnnxTensor): Message {
  const message = createMessage();
  for (const d of shape) message.integer(1, d);
  return message
    .integer(2, typeNumber[type])
    .text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function port({ name, shape }: OnnxPort): Message {
  const sizes = createMessage();
  for (const d of shape)
    sizes.message(1, typeof d === 'number' ? createMessage().integer(1, d) : createMessage().text(2, d));
  const type = createMessage().message(1, createMessage().integer(1, typeNumber.float32).message(2, sizes));
  return createMessage().text(1, name).message(2, type);
}

/** Returns the bytes of an ONNX file. Every input and output is float32. */
export function writeModel({
  nodes,
  initializers,
  inputs,
  outputs,
  description,
  metadata = {},
}: OnnxModel): Uint8Array {
  const graph = createMessage();
  for (const [i, n] of nodes.entries()) graph.message(1, node(n, i));
  graph.text(2, 'stillpoint');
  for (const t of initializers) graph.message(5, tensor(t));
  for (const p of inputs) graph.message(11, port(p));
  for (const p of outputs) graph.message(12, port(p));
  const model = createMessage()
    .integer(1, irVersion)
    .text(2, 'stillpoint')
    .message(7, graph)
    .message(8, createMessage().text(1, '').integer(2, opset));
  if (description !== undefined) model.text(6, description);
  for (const domain of new Set(nodes.flatMap((n) => n.domain ?? [])))
    model.message(8, createMessage().text(1, domain).integer(2, 1));
  for (const [key, value] of Object.entries(metadata))
    model.message(14, createMessage().text(1, key).text(2, value));
  return model.finish();
}

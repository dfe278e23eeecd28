import type { Constant, DType, Graph, Node, Port, Shape, Value } from './graph.js';
import { infer, type Operation } from './operations.js';

/** Appends nodes to a graph under construction. The outputs' shapes and types follow from the operation. */
export interface Builder {
  readonly nodes: readonly Node[];
  input(name: string, shape: Shape): Value;
  constant(constant: Constant, shape: Shape, dtype?: DType): Value;
  /** Appends an operation with one output, which is returned. Throws if the operands do not fit. */
  add(operation: Operation, ...inputs: Value[]): Value;
  /** Appends an operation with any number of outputs, which are returned. */
  addMany(operation: Operation, inputs: readonly Value[]): readonly Value[];
  /** Appends a node unchanged, with its outputs. */
  append(node: Node): void;
  /** The node that computes a value; undefined for inputs and constants. */
  producer(value: Value): Node | undefined;
  finish(outputs: readonly Port[]): Graph;
}

function lastId(graph: Graph): number {
  let last = -1;
  for (const { value } of graph.inputs) last = Math.max(last, value.id);
  for (const { inputs, outputs } of graph.nodes)
    for (const { id } of [...inputs, ...outputs]) last = Math.max(last, id);
  return last;
}

/** Makes a builder of a graph. If `from` is given, the graph has its inputs, and its values may be used. */
export function createBuilder(from?: Graph): Builder {
  const nodes: Node[] = [];
  const inputs: Port[] = from === undefined ? [] : [...from.inputs];
  const producers = new Map<Value, Node>();
  let next = from === undefined ? 0 : lastId(from) + 1;

  const append = (node: Node): void => {
    nodes.push(node);
    for (const output of node.outputs) producers.set(output, node);
  };
  const addMany = (operation: Operation, from: readonly Value[]): readonly Value[] => {
    const outputs = infer(operation, from).map((type): Value => ({ id: next++, ...type }));
    append({ operation, inputs: from, outputs });
    return outputs;
  };
  return {
    nodes,
    append,
    addMany,
    input(name, shape) {
      const value: Value = { id: next++, shape, dtype: 'float32' };
      inputs.push({ name, value });
      return value;
    },
    constant(constant, shape, dtype = 'float32') {
      return { id: next++, shape, dtype, constant };
    },
    add(operation, ...from) {
      const [output] = addMany(operation, from);
      if (output === undefined) throw new Error(`${operation.op} has no output`);
      return output;
    },
    producer: (value) => producers.get(value),
    finish: (outputs) => ({ inputs, outputs, nodes }),
  };
}

import type { OnnxModel, OnnxNode, OnnxPort, OnnxTensor } from './onnx.js';

// A graph has fixed sizes. A file in which one size is free is made of two models of the same function, at
// two sizes: what is equal in both stays, a number that is the same multiple of the size in both becomes that
// multiple of the size at hand, and any other difference is a reason not to write such a file.

/** A number of a list: fixed, or a multiple of the free size. */
type Entry = number | { readonly times: number };

/** A model with a free size, or why there is none. */
export type Freed = { readonly model: OnnxModel } | { readonly reason: string };

/** The free size: its name, its values in the two models, and what names of new tensors begin with. */
export interface FreeSize {
  readonly name: string;
  readonly sizes: readonly [number, number];
  readonly inner: string;
}

class Differs extends Error {}

function entryOf(a: number, b: number, [p, q]: FreeSize['sizes']): Entry | undefined {
  if (a === b) return a;
  return a !== 0 && a % p === 0 && b % q === 0 && a / p === b / q ? { times: a / p } : undefined;
}

const bytesOf = ({ data }: OnnxTensor): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const sameTensor = (a: OnnxTensor, b: OnnxTensor): boolean => {
  if (a.type !== b.type || a.shape.join() !== b.shape.join()) return false;
  const [x, y] = [bytesOf(a), bytesOf(b)];
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
};

const isFree = (entry: Entry): entry is { readonly times: number } => typeof entry !== 'number';

/** What takes a list with free entries: a constant if ONNX can infer the entry, else nodes compute it. */
interface Lists {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly nameOf: (entries: readonly Entry[], op: string) => string;
}

/** Computes lists from the size that `axis` of `port` has when the model runs. */
function freeLists(port: string, axis: number, inner: string): Lists {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const names = new Map<string, string>();
  const once = (key: string, make: (name: string) => void): string => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = `${inner}s${names.size}`;
    names.set(key, name);
    make(name);
    return name;
  };
  const fixed = (values: readonly number[]): string =>
    once(`fixed ${values.join()}`, (name) => {
      const data = BigInt64Array.from(values, BigInt);
      initializers.set(name, { name, type: 'int64', shape: [values.length], data });
    });
  const push = (op: string, inputs: readonly string[], attributes: OnnxNode['attributes']): string =>
    once(`${op} ${inputs.join()}`, (name) => {
      nodes.push({ op, inputs, outputs: [name], attributes });
    });
  const multiple = (times: number): string => {
    const size = push('Shape', [port], { start: axis, end: axis + 1 });
    return times === 1 ? size : push('Mul', [size, fixed([times])], {});
  };
  return {
    nodes,
    get initializers() {
      return [...initializers.values()];
    },
    nameOf(entries, op) {
      if (op === 'Reshape' && entries.filter(isFree).length === 1)
        return fixed(entries.map((entry) => (isFree(entry) ? -1 : entry)));
      const parts = entries.map((entry) => (isFree(entry) ? multiple(entry.times) : fixed([entry])));
      return parts.length === 1 ? parts[0]! : push('Concat', parts, { axis: 0 });
    },
  };
}

/** The model of two that differ in one size only, in which that size is free. */
export function freeSize(small: OnnxModel, large: OnnxModel, { name, sizes, inner }: FreeSize): Freed {
  const [p, q] = sizes;
  const differ = (what: string, a: unknown, b: unknown): never => {
    throw new Differs(`${what} is ${String(a)} at ${name} = ${p}, and ${String(b)} at ${name} = ${q}`);
  };
  const portsOf = (what: string, a: readonly OnnxPort[], b: readonly OnnxPort[]): readonly OnnxPort[] =>
    a.map((port, k) => {
      const other = b[k];
      if (other?.name !== port.name || other.shape.length !== port.shape.length)
        return differ(`${what} ${port.name}`, `[${port.shape.join()}]`, `[${String(other?.shape.join())}]`);
      const shape = port.shape.map((d, i) => {
        const entry = entryOf(Number(d), Number(other.shape[i]), sizes);
        if (entry === undefined) return differ(`size ${i} of ${what} ${port.name}`, d, other.shape[i]);
        return isFree(entry) ? (entry.times === 1 ? name : `${entry.times}*${name}`) : entry;
      });
      return { name: port.name, shape };
    });
  try {
    const inputs = portsOf('input', small.inputs, large.inputs);
    const outputs = portsOf('output', small.outputs, large.outputs);
    const from = inputs.find(({ shape }) => shape.includes(name));
    if (from === undefined) throw new Error(`no input has the size ${name}`);
    const lists = freeLists(from.name, from.shape.indexOf(name), inner);
    const constants = [small, large].map(
      ({ initializers }) => new Map(initializers.map((tensor) => [tensor.name, tensor])),
    );
    const kept = new Map<string, OnnxTensor>();
    /** Names of the small model, by those that the large one has for the same tensors. */
    const same = new Map(inputs.map((port) => [port.name, port.name]));

    const operand = (op: string, a: string, b: string): string => {
      const [one, two] = [constants[0]!.get(a), constants[1]!.get(b)];
      if (one === undefined || two === undefined) {
        if ((a === '' && b === '') || (one === two && same.get(b) === a)) return b;
        return differ(`an operand of ${op}`, a, b);
      }
      if (sameTensor(one, two)) {
        kept.set(b, two);
        return b;
      }
      const [x, y] = [one, two].map(({ data }) => Array.from(data, Number));
      const entries = x!.map((value, i) => entryOf(value, y![i] ?? NaN, sizes));
      const found = entries.filter((entry) => entry !== undefined);
      const isList = one.type === 'int64' && two.type === 'int64' && one.shape.length === 1;
      if (!isList || x!.length !== y!.length || found.length < entries.length)
        return differ(`a constant of ${op}`, `[${x!.join()}]`, `[${y!.join()}]`);
      return lists.nameOf(found, op);
    };
    if (small.nodes.length !== large.nodes.length)
      return differ('the number of operations', small.nodes.length, large.nodes.length);
    const nodes = large.nodes.map((node, i) => {
      const other = small.nodes[i]!;
      if (other.op !== node.op) return differ(`operation ${i}`, other.op, node.op);
      const [a, b] = [other, node].map(({ domain, attributes, inputs: of, outputs: to }) =>
        JSON.stringify({ ...attributes, domain, operands: of.length, results: to.length }),
      );
      if (a !== b) return differ(`operation ${i}, ${node.op},`, a, b);
      const operands = node.inputs.map((b, k) => operand(node.op, other.inputs[k]!, b));
      node.outputs.forEach((b, k) => same.set(b, other.outputs[k]!));
      return { ...node, inputs: operands };
    });
    return {
      model: {
        nodes: [...lists.nodes, ...nodes],
        initializers: [...kept.values(), ...lists.initializers],
        inputs,
        outputs,
      },
    };
  } catch (error) {
    if (error instanceof Differs) return { reason: error.message };
    throw error;
  }
}

import { InputError, messageOf, shown, sizeOf, unknownName } from '@stillpoint/operators';
import { isRecord } from './door.js';
import { modelOf, type Names } from './emit/emit.js';
import { freeSize } from './emit/free-size.js';
import { writeModel, type OnnxModel } from './emit/onnx.js';
import type { Graph, Shape } from './graph.js';
import { keysOf, recordOf } from './names.js';
import { removeDead } from './passes/dead.js';
import { expandFilterGradients } from './passes/filters.js';
import { optimise } from './passes/index.js';
import { partPads } from './passes/pads.js';
import { readyToTrace } from './trace/ready.js';
import { trace, traceAgain, type Traceable } from './trace/trace.js';

/** A tensor that is stored in a file: row-major elements and their shape. */
export interface StoredTensor {
  readonly data: Float32Array;
  readonly shape: Shape;
}

/** Options of {@link toOnnx}. */
export interface ToOnnxOptions<I extends string, P extends string> {
  /**
   * The shape of each float32 input. One size may be free, in any number of places: a text, its name, stands
   * for it: `{ noise: ['batch', 64] }`.
   */
  readonly inputs: { readonly [name in I]: readonly (number | string)[] };
  /** Tensors that the file holds, such as trained parameters; the function gets them beside its inputs. */
  readonly parameters?: { readonly [name in P]: StoredTensor };
  /** What the model is, in words: the file's `doc_string`. */
  readonly description?: string;
  /** Texts by name: the file's `metadata_props`. */
  readonly metadata?: { readonly [name: string]: string };
}

const optionNames = ['inputs', 'parameters', 'description', 'metadata'];

/**
 * The free size in the traces. Nothing is computed there, so that it may be any. The large ones are close to
 * each other, so that the passes, which compare sizes, seldom decide otherwise for one than for the other.
 */
const SMALL = 3;
const LARGE = [107, 109] as const;

/** Protocol Buffers read no longer file. */
const LIMIT = 2 ** 31;

const isSize = (d: unknown): boolean => typeof d === 'number' && Number.isSafeInteger(d) && d > 0;

/** Throws unless the options are such. Returns the name of the free size, if there is one. */
function checkOptions(fn: unknown, options: unknown): string | undefined {
  if (typeof fn !== 'function') throw new InputError(`toOnnx takes a function; got ${shown(fn)}`);
  const wanted = "expected the shapes of the inputs: { inputs: { x: ['batch', 2] } }";
  if (!isRecord(options)) throw new InputError(`the options of toOnnx are ${shown(options)}; ${wanted}`);
  for (const key of Object.keys(options))
    if (!optionNames.includes(key)) throw unknownName('option of toOnnx', key, optionNames);
  const { inputs, parameters = {}, description = '', metadata = {} } = options;
  if (!isRecord(inputs) || Object.keys(inputs).length === 0)
    throw new InputError(`the inputs of toOnnx are ${shown(inputs)}; ${wanted}`);
  const free = new Set<string>();
  for (const [name, shape] of Object.entries(inputs)) {
    if (name === '') throw new InputError('an input of toOnnx has no name; expected a text of 1 or more');
    if (!Array.isArray(shape) || !shape.every((d) => isSize(d) || (typeof d === 'string' && d !== '')))
      throw new InputError(
        `the shape of input ${name} is ${shown(shape)}; expected a list of positive whole numbers and the name of the free size, as ['batch', 2]`,
      );
    for (const d of shape) if (typeof d === 'string') free.add(d);
  }
  if (free.size > 1)
    throw new InputError(
      `the inputs of toOnnx have the free sizes ${[...free].join(', ')}; expected one name at most`,
    );
  if (!isRecord(parameters))
    throw new InputError(`the parameters of toOnnx are ${shown(parameters)}; expected tensors by name`);
  for (const [name, tensor] of Object.entries(parameters)) {
    if (name === '' || Object.hasOwn(inputs, name))
      throw new InputError(
        `a parameter of toOnnx is called ${JSON.stringify(name)}; expected a name that no input has`,
      );
    const { data, shape } = isRecord(tensor) ? tensor : {};
    if (!(data instanceof Float32Array) || !Array.isArray(shape) || !shape.every(isSize))
      throw new InputError(
        `parameter ${name} is ${shown(tensor)}; expected { data: Float32Array, shape: [2, 3] }`,
      );
    if (sizeOf(shape) !== data.length)
      throw new InputError(
        `parameter ${name} has ${data.length} elements; shape [${shape.join(',')}] has ${sizeOf(shape)}`,
      );
  }
  if (typeof description !== 'string')
    throw new InputError(`the description of toOnnx is ${shown(description)}; expected a text`);
  if (!isRecord(metadata))
    throw new InputError(`the metadata are ${shown(metadata)}; expected texts by name`);
  for (const [name, text] of Object.entries(metadata))
    if (typeof text !== 'string')
      throw new InputError(`metadata ${name} is ${shown(text)}; expected a text, as JSON.stringify returns`);
  return [...free][0];
}

/** Names in the file are the caller's; the names of all other tensors begin as none of these does. */
function namesFor(graph: Graph): Names {
  const given = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
  let inner = '_';
  while (given.some((name) => name.startsWith(inner))) inner += '_';
  return { input: (name) => name, output: (name) => name, inner };
}

/** Only what an ONNX file cannot hold, or onnxruntime computes wrongly, is rewritten. */
const plain = (graph: Graph): Graph => partPads(removeDead(expandFilterGradients(1)(graph)));

/**
 * A model with a free size. The graphs at a small and at a large size show whether the function itself
 * chooses its operations by the size. The passes may: where the optimised graphs of two large sizes differ,
 * the plain one is taken.
 */
function freeModel(name: string, small: Graph, large: readonly [Graph, Graph]): OnnxModel {
  const names = namesFor(small);
  const written = (graph: Graph): OnnxModel => modelOf(graph, undefined, names).model;
  const { inner } = names;
  const [first, second] = large;
  const found = freeSize(written(plain(small)), written(plain(first)), {
    name,
    sizes: [SMALL, LARGE[0]],
    inner,
  });
  if ('reason' in found)
    throw new InputError(
      `toOnnx: the size ${name} cannot be free: ${found.reason}; expected the same operations at every size, whose sizes are multiples of it; or a fixed size, a number instead of '${name}'`,
    );
  const optimised = freeSize(written(optimise(first)), written(optimise(second)), {
    name,
    sizes: LARGE,
    inner,
  });
  return 'model' in optimised ? optimised.model : found.model;
}

/**
 * The bytes of an ONNX file (opset 17, standard operators) that computes a function of TensorFlow.js code:
 * for onnxruntime in Python, Node or a page, or any other reader of ONNX.
 *
 * `fn` maps named tensors, the inputs and the parameters, to named tensors, as that of `compile` does, and is
 * refused for the same reasons. Inputs, outputs and parameters have their names in the file; parameters that
 * no output depends on are left out.
 *
 * Rejects also if a free size decides which operations the function has, or a size that is no multiple of it;
 * for an output with the name of an input or a parameter; and for parameters of 2 GiB or more.
 */
export async function toOnnx<I extends string, O extends string, P extends string = never>(
  fn: Traceable<I | P, O>,
  options: ToOnnxOptions<I, P>,
): Promise<Uint8Array> {
  const free = checkOptions(fn, options);
  const { inputs, description, metadata } = options;
  const parameters = new Map<string, StoredTensor>(Object.entries(options.parameters ?? {}));
  const bytes = [...parameters.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes >= LIMIT)
    throw new InputError(`toOnnx: the parameters have ${bytes} bytes; a file holds less than ${LIMIT}`);
  const body = await readyToTrace(fn);
  const shapes = new Map<string, readonly (number | string)[]>(Object.entries(inputs));
  for (const [name, { shape }] of parameters) shapes.set(name, shape);
  const names: readonly (I | P)[] = [
    ...keysOf(inputs),
    ...(options.parameters ? keysOf(options.parameters) : []),
  ];
  const at = (size: number): { readonly [name in I | P]: Shape } =>
    recordOf(names, (name) => shapes.get(name)!.map((d) => (typeof d === 'string' ? size : d)));
  const first = trace(body, at(SMALL));
  const again = (size: number): Graph => {
    try {
      return traceAgain(body, at(size));
    } catch (error) {
      throw new InputError(
        `toOnnx: the size ${free} cannot be free: at ${free} = ${size} the function throws, at ${free} = ${SMALL} it does not: ${messageOf(error)}`,
        { cause: error },
      );
    }
  };
  for (const { name } of first.outputs)
    if (name === '' || shapes.has(name))
      throw new InputError(
        `toOnnx: an output is called ${JSON.stringify(name)}; expected a name that no input and no parameter has`,
      );
  const model =
    free === undefined
      ? modelOf(optimise(first), undefined, namesFor(first)).model
      : freeModel(free, first, [again(LARGE[0]), again(LARGE[1])]);
  const used = new Set(model.nodes.flatMap((node) => node.inputs));
  const stored = [...parameters].filter(([name]) => used.has(name));
  return writeModel({
    ...model,
    inputs: model.inputs.filter(({ name }) => Object.hasOwn(inputs, name)),
    initializers: [
      ...stored.map(([name, { data, shape }]) => ({ name, type: 'float32' as const, shape, data })),
      ...model.initializers,
    ],
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
  });
}

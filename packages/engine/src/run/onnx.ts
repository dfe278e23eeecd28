import { InputError, shown, sizeOf } from '@stillpoint/operators';
import { checkNames, checkThreadCount, isRecord } from '../door.js';
import type { OrtPort, OrtSession, OrtTensor } from '../load.js';
import { suggestion } from '../names.js';
import { choose, engineNames } from './engines.js';
import { runSession, type Runtime, startNative, startWasm } from './ort.js';
import { createTurn } from './turn.js';

/** The types of elements that an ONNX file's inputs and outputs may have here. */
export type OnnxType = 'float32' | 'float64' | 'int32' | 'int64' | 'int8' | 'uint8' | 'bool';

/** The elements of a tensor of an ONNX file; those of `bool` are a Uint8Array of 0 and 1. */
export type OnnxArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;

const arrays: { readonly [type in OnnxType]: { new (length: number): OnnxArray; readonly name: string } } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** A tensor that is fed to, or returned by, an ONNX file: row-major elements and their shape. */
export interface OnnxTensor {
  readonly data: OnnxArray;
  readonly shape: readonly number[];
}

/** What an ONNX file says about an input or output. */
export interface OnnxPort {
  readonly type: OnnxType;
  /** A dimension that the file leaves open is its name, or `?` if it has none. */
  readonly shape: readonly (number | string)[];
}

/** Options of `runOnnx`. */
export interface OnnxOptions {
  /** Default `auto`: native if onnxruntime-node loads, else wasm. */
  readonly engine?: 'auto' | 'native' | 'wasm';
  /** Number of threads inside one operation; default 1. wasm keeps the number it started with. */
  readonly threads?: number;
}

/** An ONNX file ready to run. */
export interface OnnxModel {
  readonly engine: 'native' | 'wasm';
  /** The runtime's name and version, such as `onnxruntime-node 1.30.0`. */
  readonly version: string;
  readonly inputs: { readonly [name: string]: OnnxPort };
  readonly outputs: { readonly [name: string]: OnnxPort };
  /**
   * Evaluates the model once. An array is enough for an input with at most one open dimension, which follows
   * from its length; others need `{ data, shape }`. Do not change the arrays until the promise settles.
   * Rejects on unknown or missing inputs, on wrong types and shapes, after `dispose`, and during a call.
   */
  readonly run: (feeds: {
    readonly [name: string]: OnnxArray | OnnxTensor;
  }) => Promise<{ readonly [name: string]: OnnxTensor }>;
  /** Frees the runtime's memory, after a running call has ended. Further calls do nothing. */
  readonly dispose: () => Promise<void>;
}

const isType = (type: string | undefined): type is OnnxType =>
  type !== undefined && Object.hasOwn(arrays, type);

const isArray = (value: unknown): value is OnnxArray =>
  Object.values(arrays).some((kind) => value instanceof kind);

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((d) => Number.isSafeInteger(d) && d > 0);

const print = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/** onnxruntime-node gives a dimension without a name as '', onnxruntime-web as 2³² − 1. */
const openOrSize = (d: number | string): number | string =>
  d === '' || (typeof d === 'number' && (d < 0 || d >= 2 ** 31)) ? '?' : d;

function portsOf(
  kind: string,
  ports: readonly OrtPort[] | undefined,
  version: string,
): { readonly [name: string]: OnnxPort } {
  if (ports === undefined)
    throw new InputError(
      `${version} does not report the shapes of a file's ${kind}s; install version 1.22 or later`,
    );
  return Object.fromEntries(
    ports.map(({ name, isTensor, type, shape = [] }) => {
      if (!isTensor || !isType(type))
        throw new InputError(
          `${kind} ${JSON.stringify(name)} of the ONNX file is ${isTensor ? `of type ${type}` : 'not a tensor'}; expected a tensor of ${Object.keys(arrays).join(', ')}`,
        );
      return [name, { type, shape: shape.map(openOrSize) }];
    }),
  );
}

/** The sizes of an input, of which at most one is open, for an array of `length` elements. */
function shapeFor(what: string, { shape }: OnnxPort, length: number): readonly number[] {
  const open = shape.filter((d) => typeof d === 'string');
  if (open.length > 1)
    throw new InputError(
      `${what} is an array; its shape ${print(shape)} leaves several sizes open: pass { data, shape }`,
    );
  const known = sizeOf(shape.filter((d) => typeof d === 'number'));
  const rest = length / known;
  if (open.length === 0 ? length !== known : !(Number.isInteger(rest) && rest > 0))
    throw new InputError(`${what} has ${length} elements; expected shape ${print(shape)}`);
  return shape.map((d) => (typeof d === 'number' ? d : rest));
}

/** Checks a feed, and the open dimensions against those of earlier feeds, in `sizes`. */
function tensorOf(name: string, given: unknown, port: OnnxPort, sizes: Map<string, number>): OnnxTensor {
  const what = `input ${JSON.stringify(name)}`;
  const kind = arrays[port.type];
  const data: unknown = isRecord(given) ? given['data'] : given;
  if (!isArray(data) || !(data instanceof kind))
    throw new InputError(
      `${what} is ${given === undefined ? 'missing' : shown(data)}; expected a ${kind.name} of shape ${print(port.shape)}`,
    );
  const said: unknown = isRecord(given) ? given['shape'] : undefined;
  if (said === undefined)
    return agreed(what, { data, shape: shapeFor(what, port, data.length) }, port, sizes);
  if (!isSizes(said))
    throw new InputError(`the shape of ${what} is ${shown(said)}; expected positive whole numbers`);
  const fits =
    said.length === port.shape.length && port.shape.every((d, i) => typeof d === 'string' || d === said[i]);
  if (!fits) throw new InputError(`${what} has shape ${print(said)}; expected ${print(port.shape)}`);
  if (sizeOf(said) !== data.length)
    throw new InputError(`${what} has ${data.length} elements; shape ${print(said)} has ${sizeOf(said)}`);
  return agreed(what, { data, shape: said }, port, sizes);
}

/** Throws if an open dimension has another size than in an earlier input. */
function agreed(what: string, tensor: OnnxTensor, port: OnnxPort, sizes: Map<string, number>): OnnxTensor {
  for (const [i, d] of port.shape.entries()) {
    if (typeof d !== 'string' || d === '?') continue;
    const [size, before] = [tensor.shape[i]!, sizes.get(d)];
    if (before !== undefined && before !== size)
      throw new InputError(`${what} has ${d} = ${size}; another input has ${d} = ${before}`);
    sizes.set(d, size);
  }
  return tensor;
}

function result(name: string, { data, dims }: OrtTensor): OnnxTensor {
  if (!isArray(data)) throw new Error(`the runtime returned no numbers for output ${name}`);
  return { data, shape: [...dims] };
}

async function open(bytes: Uint8Array, { open: create }: Runtime): ReturnType<Runtime['open']> {
  const notOnnx = `the ${bytes.length} bytes are not an ONNX file`;
  if (bytes.length === 0) throw new InputError(notOnnx);
  try {
    return await create(bytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(
      /protobuf parsing failed|No graph was found/.test(message)
        ? notOnnx
        : `the runtime does not load the ONNX file: ${message}`,
      { cause: error },
    );
  }
}

/** The inputs and outputs of a session, which is released if they cannot be used. */
async function describe(
  session: OrtSession,
  version: string,
): Promise<Pick<OnnxModel, 'inputs' | 'outputs'>> {
  try {
    return {
      inputs: portsOf('input', session.inputMetadata, version),
      outputs: portsOf('output', session.outputMetadata, version),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function checkArguments(bytes: unknown, options: unknown): void {
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`runOnnx takes the bytes of an ONNX file as a Uint8Array; got ${shown(bytes)}`);
  if (!isRecord(options))
    throw new InputError(`the options of runOnnx are ${shown(options)}; expected { engine, threads }`);
  const { engine = 'auto', threads = 1 } = options;
  if (engine !== 'auto' && engine !== 'native' && engine !== 'wasm')
    throw new InputError(
      engineNames.some((name) => name === engine)
        ? `engine ${String(engine)} does not run ONNX files; use auto, native or wasm`
        : `unknown engine ${shown(engine)}${suggestion(String(engine), ['auto', 'native', 'wasm'])}`,
    );
  checkThreadCount(threads);
}

/**
 * Loads an ONNX file of your own, such as a feature extractor, and runs it on `native` or `wasm`.
 *
 * Rejects if the bytes are not an ONNX file, if the runtime lacks one of its operators, if an input or output
 * is of a type that is not in `OnnxType`, and for an engine that is not installed or has no ONNX runtime.
 */
export async function runOnnx(bytes: Uint8Array, options: OnnxOptions = {}): Promise<OnnxModel> {
  checkArguments(bytes, options);
  const { engine = 'auto', threads = 1 } = options;
  const chosen = (await choose(engine, threads)).engine === 'native' ? 'native' : 'wasm';
  const runtime = await (chosen === 'native' ? startNative(threads) : startWasm(threads));
  const session = await open(bytes, runtime);
  const { inputs, outputs } = await describe(session, runtime.version);
  const turn = createTurn('ONNX model', 'load it again');
  return {
    engine: chosen,
    version: runtime.version,
    inputs,
    outputs,
    run: (feeds) =>
      turn.take(async () => {
        checkNames('input', feeds, Object.keys(inputs));
        const sizes = new Map<string, number>();
        const tensors = Object.entries(inputs).map(([name, port]) => {
          const { data, shape } = tensorOf(name, feeds[name], port, sizes);
          return [name, new runtime.ort.Tensor(port.type, data, shape)] as const;
        });
        const results = await runSession(session, Object.fromEntries(tensors));
        return Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [name, result(name, tensor)]),
        );
      }),
    dispose: () => turn.end(() => session.release()),
  };
}

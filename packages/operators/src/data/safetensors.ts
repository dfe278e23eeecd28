import { isVector, type Vector } from '../contracts/index.js';
import { dataTypes } from './dtypes.js';
import { InputError, shortened, shown } from '../specs/errors.js';
import { parseJson } from './json.js';
import { sizeOf } from './shape.js';

// https://github.com/huggingface/safetensors: u64 little-endian header length, JSON header, then the tensors
// without gaps.

/** Tensors by name, row after row, and text metadata. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: Vector };
  /**
   * Dimensions by the tensor's name; `[]` is a single number. A tensor without an entry here is written with
   * one dimension.
   */
  readonly shapes?: { readonly [name: string]: readonly number[] };
  readonly metadata: { readonly [key: string]: string };
}

/**
 * What a file holds: every tensor with its dimensions, and the type it had in the file. The objects have no
 * prototype, so that a tensor may have any name.
 */
export interface ReadSafetensors extends Safetensors {
  readonly shapes: { readonly [name: string]: readonly number[] };
  /**
   * Types by the tensor's name, as the format writes them: `BF16`. F32 and smaller types are read as float32,
   * others as float64; no value changes.
   */
  readonly dtypes: { readonly [name: string]: string };
}

const LIMIT = 100 * 2 ** 20;
const METADATA = '__metadata__';

const isShape = (list: unknown): list is number[] =>
  Array.isArray(list) && list.every((x) => Number.isSafeInteger(x) && x >= 0);

/**
 * The bytes of a safetensors file. Wider tensors come first, so that each is aligned.
 * @throws InputError for what a file cannot hold: other arrays than Float32Array and Float64Array, shapes
 *   that do not fit, metadata that is not text.
 */
export function writeSafetensors({ tensors, shapes = {}, metadata }: Safetensors): Uint8Array {
  const refuse = (what: string): never => {
    throw new InputError(`a safetensors file: ${what}`);
  };
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') refuse(`metadata ${key} is ${shown(value)}; expected text`);
  }
  for (const name of Object.keys(shapes))
    if (!Object.hasOwn(tensors, name)) refuse(`shapes has an entry for ${name}, but tensors has none`);
  const header: [string, unknown][] = [[METADATA, metadata]];
  const ordered = Object.entries(tensors).sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  let end = 0;
  for (const [name, tensor] of ordered) {
    if (name === METADATA)
      refuse(`a tensor is named ${METADATA}, which the format reserves; expected another name`);
    if (!isVector(tensor)) refuse(`${name} is ${shown(tensor)}; expected a Float32Array or a Float64Array`);
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : [tensor.length];
    if (!isShape(shape) || sizeOf(shape) !== tensor.length)
      refuse(
        `${name} has ${tensor.length} entries and the shape [${String(shape)}]; expected dimensions whose product is ${tensor.length}`,
      );
    header.push([
      name,
      {
        dtype: tensor instanceof Float32Array ? 'F32' : 'F64',
        shape,
        data_offsets: [end, (end += tensor.byteLength)],
      },
    ]);
  }
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padding = (8 - (bytes.length % 8)) % 8;
  const start = 8 + bytes.length + padding;
  const out = new Uint8Array(start + end);
  new DataView(out.buffer).setBigUint64(0, BigInt(bytes.length + padding), true);
  out.set(bytes, 8);
  out.fill(0x20, 8 + bytes.length, start);
  let offset = start;
  for (const [, tensor] of ordered) {
    out.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength), offset);
    offset += tensor.byteLength;
  }
  return out;
}

/** An object without a prototype: `__proto__` and `constructor` are names like any other. */
function named<T>(entries: ReadonlyMap<string, T>): { readonly [name: string]: T } {
  const out: { [name: string]: T } = Object.create(null);
  for (const [name, value] of entries) out[name] = value;
  return out;
}

/**
 * Reads a safetensors file of any writer. Types are widened to float32 or float64 without a change of value.
 * @param name what errors call the file.
 * @throws InputError naming what is wrong, the tensor of a type that is not read (C64, F4, F6), or the one
 * with an integer beyond 2⁵³.
 */
export function readSafetensors(bytes: Uint8Array, name = 'safetensors file'): ReadSafetensors {
  const bad = (what: string): InputError => new InputError(`${name}: ${what}`);
  if (!(bytes instanceof Uint8Array)) throw bad(`found ${shown(bytes)}; expected its bytes as a Uint8Array`);
  if (bytes.length < 8) throw bad(`${bytes.length} bytes; expected at least 8`);
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (size > LIMIT || 8 + size > bytes.length)
    throw bad(
      `its header claims ${size} bytes, the file has ${bytes.length}; it is truncated or not a safetensors file`,
    );
  const header = parseHeader(bytes.subarray(8, 8 + size), name);
  const tensors = new Map<string, Vector>();
  const shapes = new Map<string, readonly number[]>();
  const dtypes = new Map<string, string>();
  const data = bytes.subarray(8 + size);
  const spans: (readonly [number, number])[] = [];
  for (const [key, entry] of Object.entries(header)) {
    if (key === METADATA) continue;
    const tensor = shortened(key);
    const { dtype, shape, start, end } =
      tensorEntry(entry) ??
      (() => {
        throw bad(`the entry of ${tensor} is not { dtype, shape, data_offsets }`);
      })();
    const type = dataTypes.get(dtype);
    if (type === undefined)
      throw bad(
        `${tensor} is of type ${shortened(dtype)}; expected one of ${[...dataTypes.keys()].join(', ')}`,
      );
    if (end > data.length || start > end || end - start !== type.width * sizeOf(shape))
      throw bad(
        `${tensor} claims bytes ${start} to ${end} of ${data.length} for the shape [${shape.join(',')}] of ${dtype}`,
      );
    spans.push([start, end]);
    // a copy: a Buffer's slice would be a view of its pool
    const values = type.read(new Uint8Array(data.subarray(start, end)));
    if (values === undefined)
      throw bad(
        `${tensor} (${dtype}) has an integer beyond 2⁵³, which float64 cannot hold; expected smaller ones`,
      );
    tensors.set(key, values);
    shapes.set(key, shape);
    dtypes.set(key, dtype);
  }
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let covered = 0;
  for (const [start, end] of spans) {
    if (start !== covered)
      throw bad(
        `bytes ${Math.min(start, covered)} to ${Math.max(start, covered)} are ${start > covered ? 'not covered' : 'claimed twice'}`,
      );
    covered = end;
  }
  if (covered !== data.length) throw bad(`${data.length - covered} bytes follow the last tensor`);
  return {
    tensors: named(tensors),
    shapes: named(shapes),
    dtypes: named(dtypes),
    metadata: named(metadataOf(header, name)),
  };
}

function parseHeader(bytes: Uint8Array, name: string): object {
  if (bytes[0] !== 0x7b)
    throw new InputError(`${name}: its header does not begin with {; it is not a safetensors file`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${name}: its header is not UTF-8`, { cause });
  }
  const header = parseJson(text, `${name}: its header`);
  if (header === null || typeof header !== 'object' || Array.isArray(header))
    throw new InputError(`${name}: its header is not a JSON object`);
  return header;
}

function metadataOf(header: object, name: string): ReadonlyMap<string, string> {
  const entries = new Map<string, unknown>(Object.entries(header));
  const metadata = entries.get(METADATA);
  if (metadata === undefined || metadata === null) return new Map();
  const bad = (found: string): InputError =>
    new InputError(`${name}: ${found}; expected text under each name, as the format says`);
  if (typeof metadata !== 'object' || Array.isArray(metadata))
    throw bad(`its metadata is ${shown(metadata)}`);
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries<unknown>({ ...metadata })) {
    if (typeof value !== 'string') throw bad(`its metadata has ${shown(value)} under ${shortened(key)}`);
    texts.set(key, value);
  }
  return texts;
}

function tensorEntry(
  entry: unknown,
): { dtype: string; shape: number[]; start: number; end: number } | undefined {
  if (
    entry === null ||
    typeof entry !== 'object' ||
    !('dtype' in entry) ||
    !('shape' in entry) ||
    !('data_offsets' in entry)
  )
    return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !isShape(shape) || !isShape(offsets) || offsets.length !== 2)
    return undefined;
  return { dtype, shape, start: offsets[0] ?? 0, end: offsets[1] ?? 0 };
}

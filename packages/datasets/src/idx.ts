// IDX, the format of the MNIST files: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998).
// Bytes 00 00, a type byte, a rank byte; the dimensions as big-endian uint32; the elements, big-endian, last dimension fastest.
import { InputError } from '@stillpoint/operators';

interface IdxArrays {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** The content of an IDX file; `dtype` says which typed array `data` is, `shape` how it is to be read (row-major). */
export type Idx = {
  readonly [T in keyof IdxArrays]: { readonly dtype: T; readonly shape: readonly number[]; readonly data: IdxArrays[T] };
}[keyof IdxArrays];

interface IdxType {
  readonly dtype: keyof IdxArrays;
  readonly width: number;
  decode(view: DataView, shape: readonly number[], count: number): Idx;
}

function fill<A extends Int16Array | Int32Array | Float32Array | Float64Array>(data: A, read: (at: number) => number): A {
  for (let i = 0; i < data.length; i++) data[i] = read(i * data.BYTES_PER_ELEMENT);
  return data;
}

const types: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { dtype: 'uint8', width: 1, decode: (v, shape, n) => ({ dtype: 'uint8', shape, data: new Uint8Array(v.buffer, v.byteOffset, n).slice() }) }],
  [0x09, { dtype: 'int8', width: 1, decode: (v, shape, n) => ({ dtype: 'int8', shape, data: new Int8Array(v.buffer, v.byteOffset, n).slice() }) }],
  [0x0b, { dtype: 'int16', width: 2, decode: (v, shape, n) => ({ dtype: 'int16', shape, data: fill(new Int16Array(n), (at) => v.getInt16(at)) }) }],
  [0x0c, { dtype: 'int32', width: 4, decode: (v, shape, n) => ({ dtype: 'int32', shape, data: fill(new Int32Array(n), (at) => v.getInt32(at)) }) }],
  [0x0d, { dtype: 'float32', width: 4, decode: (v, shape, n) => ({ dtype: 'float32', shape, data: fill(new Float32Array(n), (at) => v.getFloat32(at)) }) }],
  [0x0e, { dtype: 'float64', width: 8, decode: (v, shape, n) => ({ dtype: 'float64', shape, data: fill(new Float64Array(n), (at) => v.getFloat64(at)) }) }],
]);

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Whether the bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Reads an uncompressed IDX file; runs anywhere. `name` is what errors call the bytes; default `IDX data`.
 * Throws InputError for a wrong magic number, an unknown type, a rank of 0, missing or extra bytes, saying what was found and expected.
 */
export function parseIdx(bytes: Uint8Array, name = 'IDX data'): Idx {
  const fail = (found: string, expected: string): never => {
    throw new InputError(`${name}: found ${found}; expected ${expected}`);
  };
  if (bytes.length < 4) return fail(`${bytes.length} bytes`, 'at least 4, the magic number of an IDX file (truncated?)');
  const [zero, zeroToo, code, rank] = [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
  if (zero !== 0 || zeroToo !== 0) {
    return fail(`magic number ${[zero, zeroToo, code, rank].map(hex).join(' ')}${isGzip(bytes) ? ' (gzip: use readIdx)' : ''}`, '00 00, a type and a rank: not an IDX file');
  }
  const type = types.get(code);
  if (!type) return fail(`type 0x${hex(code)}`, [...types].map(([byte, { dtype }]) => `0x${hex(byte)} (${dtype})`).join(', '));
  if (rank === 0) return fail('rank 0', 'a rank from 1 to 255');
  const header = 4 + 4 * rank;
  if (bytes.length < header) return fail(`${bytes.length} bytes`, `a header of ${header} for rank ${rank}: the file is truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1); // never ∞·0
  const length = count * type.width;
  const found = bytes.length - header;
  if (found !== length) {
    return fail(`${found} bytes of data`, `${length} for ${type.dtype} of shape [${shape.join(', ')}]: ${found < length ? 'the file is truncated' : 'the file has extra bytes'}`);
  }
  return type.decode(new DataView(bytes.buffer, bytes.byteOffset + header, length), shape, count);
}

/**
 * Reads an IDX file, gzipped or plain (told by its first bytes); gzip needs Node. `name` is what errors call it.
 * Rejects with the error of `parseIdx`, or one that says what is wrong with the gzip.
 */
export async function readIdx(bytes: Uint8Array, name = 'IDX data'): Promise<Idx> {
  if (!isGzip(bytes)) return parseIdx(bytes, name);
  const { gunzip } = await import('./files.js');
  return parseIdx(gunzip(bytes, name), name);
}

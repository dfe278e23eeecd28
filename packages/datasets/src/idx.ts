// IDX, the format of the MNIST files: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"
// (1998). Bytes 00 00, a type byte, a rank byte; the dimensions as big-endian uint32; the elements,
// big-endian, last dimension fastest.
import { InputError, shown, sizeOf } from '@stillpoint/operators';
import { expectBytes } from './bytes.js';
import { optionsOf } from './check.js';
import { gunzip } from './gzip.js';

interface IdxArrays {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** The content of an IDX file. `dtype` says which typed array `data` is; `shape` is its shape, row-major. */
export type Idx = {
  readonly [T in keyof IdxArrays]: {
    readonly dtype: T;
    readonly shape: readonly number[];
    readonly data: IdxArrays[T];
  };
}[keyof IdxArrays];

interface IdxType {
  readonly dtype: keyof IdxArrays;
  readonly width: number;
  decode(view: DataView, shape: readonly number[], count: number): Idx;
}

function fill<A extends Int16Array | Int32Array | Float32Array | Float64Array>(
  data: A,
  read: (at: number) => number,
): A {
  for (let i = 0; i < data.length; i++) data[i] = read(i * data.BYTES_PER_ELEMENT);
  return data;
}

const types: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [
    0x08,
    {
      dtype: 'uint8',
      width: 1,
      decode: (v, shape, n) => ({
        dtype: 'uint8',
        shape,
        data: new Uint8Array(v.buffer, v.byteOffset, n).slice(),
      }),
    },
  ],
  [
    0x09,
    {
      dtype: 'int8',
      width: 1,
      decode: (v, shape, n) => ({
        dtype: 'int8',
        shape,
        data: new Int8Array(v.buffer, v.byteOffset, n).slice(),
      }),
    },
  ],
  [
    0x0b,
    {
      dtype: 'int16',
      width: 2,
      decode: (v, shape, n) => ({
        dtype: 'int16',
        shape,
        data: fill(new Int16Array(n), (at) => v.getInt16(at)),
      }),
    },
  ],
  [
    0x0c,
    {
      dtype: 'int32',
      width: 4,
      decode: (v, shape, n) => ({
        dtype: 'int32',
        shape,
        data: fill(new Int32Array(n), (at) => v.getInt32(at)),
      }),
    },
  ],
  [
    0x0d,
    {
      dtype: 'float32',
      width: 4,
      decode: (v, shape, n) => ({
        dtype: 'float32',
        shape,
        data: fill(new Float32Array(n), (at) => v.getFloat32(at)),
      }),
    },
  ],
  [
    0x0e,
    {
      dtype: 'float64',
      width: 8,
      decode: (v, shape, n) => ({
        dtype: 'float64',
        shape,
        data: fill(new Float64Array(n), (at) => v.getFloat64(at)),
      }),
    },
  ],
]);

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Whether the bytes begin as a gzip file does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The header of an IDX file. */
interface Header {
  readonly type: IdxType;
  readonly shape: readonly number[];
  readonly count: number;
  /** Bytes before the elements. */
  readonly start: number;
}

/** Reads the header. @throws InputError if the bytes do not begin as an IDX file does, or end too soon. */
function headerOf(bytes: Uint8Array, name: string): Header {
  const fail = (found: string, expected: string): never => {
    throw new InputError(`${name}: found ${found}; expected ${expected}`);
  };
  if (bytes.length < 4)
    return fail(`${bytes.length} bytes`, 'at least 4, the magic number of an IDX file (truncated?)');
  const [zero, zeroToo, code, rank] = [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
  if (zero !== 0 || zeroToo !== 0) {
    const found = `magic number ${[zero, zeroToo, code, rank].map(hex).join(' ')}${isGzip(bytes) ? ' (gzip: use readIdx)' : ''}`;
    return fail(found, '00 00, a type and a rank: not an IDX file');
  }
  const type = types.get(code);
  if (!type)
    return fail(
      `type 0x${hex(code)}`,
      [...types].map(([byte, { dtype }]) => `0x${hex(byte)} (${dtype})`).join(', '),
    );
  if (rank === 0) return fail('rank 0', 'a rank from 1 to 255');
  const start = 4 + 4 * rank;
  if (bytes.length < start)
    return fail(`${bytes.length} bytes`, `a header of ${start} for rank ${rank}: the file is truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.includes(0) ? 0 : sizeOf(shape); // the product could be ∞·0 = NaN
  return { type, shape, count, start };
}

/**
 * Reads an uncompressed IDX file; needs no Node. `name` stands for the bytes in errors; default `IDX data`.
 * Throws InputError for a wrong magic number, an unknown type, a rank of 0, and missing or extra bytes; the
 * message says what was found and what was expected.
 */
export function parseIdx(bytes: Uint8Array, name = 'IDX data'): Idx {
  expectBytes(bytes, name);
  const { type, shape, count, start } = headerOf(bytes, name);
  const length = count * type.width;
  const found = bytes.length - start;
  if (found !== length) {
    const why = found < length ? 'the file is truncated' : 'the file has extra bytes';
    throw new InputError(
      `${name}: found ${found} bytes of data; expected ${length} for ${type.dtype} of shape [${shape.join(', ')}]: ${why}`,
    );
  }
  return type.decode(new DataView(bytes.buffer, bytes.byteOffset + start, length), shape, count);
}

/** Options of `readIdx`. */
export interface ReadIdxOptions {
  /**
   * The largest size that a gzip file may claim, and so the most that is unpacked; default 2²⁹ = 536,870,912
   * bytes.
   */
  readonly maxBytes?: number;
}

/**
 * Returns the bytes of an IDX file, unpacked if they begin as gzip does. A gzip file is never unpacked beyond
 * the size that its IDX header claims.
 */
export async function idxBytes(
  bytes: Uint8Array,
  name: string,
  options: ReadIdxOptions = {},
): Promise<Uint8Array> {
  expectBytes(bytes, name);
  const { maxBytes = 2 ** 29 } = optionsOf('readIdx', options, '{ maxBytes: 2 ** 29 }');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
    throw new InputError(`readIdx: maxBytes is ${shown(maxBytes)}; expected a whole number >= 1`);
  if (!isGzip(bytes)) return bytes;
  return gunzip(bytes, name, (head) => {
    const rank = head[3];
    if (
      rank === undefined ||
      head.length < 4 + 4 * rank ||
      !types.has(head[2] ?? 0) ||
      head[0] !== 0 ||
      head[1] !== 0 ||
      rank === 0
    )
      return undefined;
    const { type, shape, count, start } = headerOf(head, name);
    const claimed = start + count * type.width;
    if (claimed > maxBytes) {
      throw new InputError(
        `${name}: claims ${claimed} bytes for ${type.dtype} of shape [${shape.join(', ')}]; expected ${maxBytes} at most: raise maxBytes if you trust the file`,
      );
    }
    return claimed;
  });
}

/**
 * Reads an IDX file, gzipped or plain; its first bytes decide which. gzip needs Node. `name` stands for the
 * file in errors; default `IDX data`. Rejects with the errors of `parseIdx`, and for gzip data that are
 * damaged or claim more than `maxBytes`.
 */
export async function readIdx(
  bytes: Uint8Array,
  name = 'IDX data',
  options: ReadIdxOptions = {},
): Promise<Idx> {
  return parseIdx(await idxBytes(bytes, name, options), name);
}

// NPY, the format of numpy.save, versions 1.0, 2.0 and 3.0: "A simple file format for NumPy arrays",
// numpy.lib.format. The magic \x93NUMPY, two bytes of version, the header's length, the header, the elements.
import { InputError, shown } from '@stillpoint/operators';
import { expectBytes } from './bytes.js';
import { optionsOf } from './check.js';
import { gunzip } from './gzip.js';
import { isGzip, type ReadIdxOptions } from './idx.js';
import { parseLiteral, type Literal } from './python-literal.js';

interface NpyArrays {
  readonly bool: Uint8Array;
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly uint16: Uint16Array;
  readonly int16: Int16Array;
  readonly uint32: Uint32Array;
  readonly int32: Int32Array;
  /** Exact: numbers beyond ±(2⁵³ − 1) are refused. */
  readonly int64: Float64Array;
  /** Exact: numbers beyond 2⁵³ − 1 are refused. */
  readonly uint64: Float64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/**
 * The content of an NPY file. `dtype` says which typed array `data` is; `shape` is its shape, row-major (the
 * last dimension fastest), also where the file is in Fortran order.
 */
export type Npy = {
  readonly [T in keyof NpyArrays]: {
    readonly dtype: T;
    readonly shape: readonly number[];
    readonly data: NpyArrays[T];
  };
}[keyof NpyArrays];

/** Reads the element at a byte offset; `little` is its byte order. */
type Read = (view: DataView, at: number, little: boolean) => number;

interface NpyType {
  readonly dtype: keyof NpyArrays;
  readonly width: number;
  readonly read: Read;
  /** The array of that type; `element` returns the element at a place in row-major order. */
  readonly array: (shape: readonly number[], count: number, element: (i: number) => number) => Npy;
}

function fill<A extends Npy['data']>(data: A, element: (i: number) => number): A {
  for (let i = 0; i < data.length; i++) data[i] = element(i);
  return data;
}

const word =
  (signed: boolean): Read =>
  (v, at, little) => {
    const [low, high] = little ? [at, at + 4] : [at + 4, at];
    return (
      (signed ? v.getInt32(high, little) : v.getUint32(high, little)) * 2 ** 32 + v.getUint32(low, little)
    );
  };

const types: ReadonlyMap<string, NpyType> = new Map<string, NpyType>([
  [
    'b1',
    {
      dtype: 'bool',
      width: 1,
      read: (v, at) => v.getUint8(at),
      array: (shape, n, element) => ({ dtype: 'bool', shape, data: fill(new Uint8Array(n), element) }),
    },
  ],
  [
    'u1',
    {
      dtype: 'uint8',
      width: 1,
      read: (v, at) => v.getUint8(at),
      array: (shape, n, element) => ({ dtype: 'uint8', shape, data: fill(new Uint8Array(n), element) }),
    },
  ],
  [
    'i1',
    {
      dtype: 'int8',
      width: 1,
      read: (v, at) => v.getInt8(at),
      array: (shape, n, element) => ({ dtype: 'int8', shape, data: fill(new Int8Array(n), element) }),
    },
  ],
  [
    'u2',
    {
      dtype: 'uint16',
      width: 2,
      read: (v, at, e) => v.getUint16(at, e),
      array: (shape, n, element) => ({ dtype: 'uint16', shape, data: fill(new Uint16Array(n), element) }),
    },
  ],
  [
    'i2',
    {
      dtype: 'int16',
      width: 2,
      read: (v, at, e) => v.getInt16(at, e),
      array: (shape, n, element) => ({ dtype: 'int16', shape, data: fill(new Int16Array(n), element) }),
    },
  ],
  [
    'u4',
    {
      dtype: 'uint32',
      width: 4,
      read: (v, at, e) => v.getUint32(at, e),
      array: (shape, n, element) => ({ dtype: 'uint32', shape, data: fill(new Uint32Array(n), element) }),
    },
  ],
  [
    'i4',
    {
      dtype: 'int32',
      width: 4,
      read: (v, at, e) => v.getInt32(at, e),
      array: (shape, n, element) => ({ dtype: 'int32', shape, data: fill(new Int32Array(n), element) }),
    },
  ],
  [
    'f4',
    {
      dtype: 'float32',
      width: 4,
      read: (v, at, e) => v.getFloat32(at, e),
      array: (shape, n, element) => ({ dtype: 'float32', shape, data: fill(new Float32Array(n), element) }),
    },
  ],
  [
    'f8',
    {
      dtype: 'float64',
      width: 8,
      read: (v, at, e) => v.getFloat64(at, e),
      array: (shape, n, element) => ({ dtype: 'float64', shape, data: fill(new Float64Array(n), element) }),
    },
  ],
  [
    'u8',
    {
      dtype: 'uint64',
      width: 8,
      read: word(false),
      array: (shape, n, element) => ({ dtype: 'uint64', shape, data: fill(new Float64Array(n), element) }),
    },
  ],
  [
    'i8',
    {
      dtype: 'int64',
      width: 8,
      read: word(true),
      array: (shape, n, element) => ({ dtype: 'int64', shape, data: fill(new Float64Array(n), element) }),
    },
  ],
]);

const readable = [...types.values()].map(({ dtype }) => dtype).join(', ');

/** NumPy's own limits: of a header that it reads without being told to trust it, and of the rank. */
const [LONGEST, MOST_DIMENSIONS] = [10_000, 64];

/** What to do about a type that is not read. */
function cureOf(code: string): string {
  if (code.startsWith('O')) return 'Python objects (pickle), which could run code: save an array of numbers';
  if (code.startsWith('c')) return 'complex numbers: save a.real and a.imag';
  if (/^[USMmVa]/.test(code)) return 'not numbers: save an array of numbers';
  return 'save a.astype("float32")';
}

interface Header {
  readonly type: NpyType;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly count: number;
  /** Bytes before the elements. */
  readonly start: number;
}

/** The type and the byte order of a `descr` such as `<f4`. */
function typeOf(descr: Literal, name: string): { readonly type: NpyType; readonly little: boolean } {
  if (descr.kind !== 'text') {
    const found = descr.kind === 'list' ? 'a structured dtype (records with fields)' : `a ${descr.kind}`;
    throw new InputError(
      `${name}: found ${found} as descr; expected one of ${readable}: save each field alone`,
    );
  }
  const [order, code] = [descr.value.slice(0, 1), descr.value.slice(1)];
  const type = types.get(code);
  if (type === undefined || !'<>|'.includes(order) || order === '' || (order === '|' && type.width > 1))
    throw new InputError(
      `${name}: found dtype ${shown(descr.value)}${code === 'f2' ? ' (float16)' : ''}; expected one of ${readable}: ${cureOf(code)}`,
    );
  return { type, little: order !== '>' };
}

/** Reads the header. @throws InputError if the bytes do not begin as an NPY file does, or end too soon. */
function headerOf(bytes: Uint8Array, name: string): Header {
  const fail = (found: string, expected: string): never => {
    throw new InputError(`${name}: found ${found}; expected ${expected}`);
  };
  const magic = '\x93NUMPY';
  for (let i = 0; i < magic.length; i++)
    if (bytes[i] !== magic.charCodeAt(i)) {
      if (isGzip(bytes)) return fail('gzip data', 'an NPY file: use readNpy, which unpacks');
      if (bytes[0] === 0x50 && bytes[1] === 0x4b)
        return fail('a zip file (.npz?)', 'one array in an NPY file, as numpy.save writes it');
      if (i === bytes.length) return fail(`${i} bytes`, 'the magic number of an NPY file: truncated');
      return fail(
        `byte ${bytes[i]} at ${i}`,
        `${magic.charCodeAt(i)}, of the magic number \\x93NUMPY: not an NPY file`,
      );
    }
  const [major, minor] = [bytes[6] ?? -1, bytes[7] ?? -1];
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) return fail(`${bytes.length} bytes`, `at least ${start}: the file is truncated`);
  if (major < 1 || major > 3 || minor !== 0)
    return fail(`version ${major}.${minor}`, 'version 1.0, 2.0 or 3.0');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST) return fail(`a header of ${length} bytes`, `${LONGEST} at most, NumPy’s own limit`);
  if (bytes.length < start + length)
    return fail(`${bytes.length} bytes`, `a header up to byte ${start + length}: the file is truncated`);
  // Names of fields apart a header is ASCII, and fields are refused: other characters need no decoding.
  const text = Array.from(bytes.subarray(start, start + length), (byte) => String.fromCharCode(byte)).join(
    '',
  );
  const header = parseLiteral(text, name);
  if (header.kind !== 'dict') return fail(`a ${header.kind} as header`, 'a dict');
  const keys = ['descr', 'fortran_order', 'shape'];
  if ([...header.value.keys()].toSorted().join() !== keys.join())
    return fail(`a header with the keys ${shown([...header.value.keys()])}`, `exactly ${keys.join(', ')}`);
  const order = header.value.get('fortran_order')!;
  if (order.kind !== 'word' || order.value === 'None')
    return fail(`fortran_order ${shown(order.value)}`, 'True or False');
  const dimensions = header.value.get('shape')!;
  if (dimensions.kind !== 'tuple') return fail(`a ${dimensions.kind} as shape`, 'a tuple, such as (3,)');
  if (dimensions.value.length > MOST_DIMENSIONS)
    return fail(`${dimensions.value.length} dimensions`, `${MOST_DIMENSIONS} at most`);
  const shape = dimensions.value.map((n) => {
    if (n.kind !== 'number' || n.value < 0)
      return fail(`${shown(n.value)} in shape`, 'whole numbers of 0 or more');
    return n.value;
  });
  const count = shape.includes(0) ? 0 : shape.reduce((a, b) => a * b, 1);
  const { type, little } = typeOf(header.value.get('descr')!, name);
  return { type, little, fortran: order.value === 'True', shape, count, start: start + length };
}

/**
 * The place in the file of each element in row-major order, for a file in Fortran order: the index runs as an
 * odometer, and its place follows by additions.
 */
function* fortranPlaces(shape: readonly number[]): Generator<number> {
  const strides = shape.map((_, d) => shape.slice(0, d).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  for (let place = 0, more = true; more;) {
    yield place;
    more = false;
    for (let d = shape.length - 1; d >= 0 && !more; d--) {
      index[d] = index[d]! + 1;
      place += strides[d]!;
      more = index[d]! < shape[d]!;
      if (!more) {
        place -= strides[d]! * shape[d]!;
        index[d] = 0;
      }
    }
  }
}

/**
 * Reads an uncompressed NPY file; needs no Node. The result is row-major and shares no memory with the file.
 * `name` stands for the bytes in errors; default `NPY data`. Throws InputError for another format, a dtype
 * that is not read (float16, complex, text, objects, records), missing or extra bytes, 64-bit integers beyond
 * 2⁵³ − 1 and truth values other than 0 and 1. Nothing is allocated before the size in the header has been
 * found equal to the size of the file.
 */
export function parseNpy(bytes: Uint8Array, name = 'NPY data'): Npy {
  expectBytes(bytes, name);
  const { type, little, fortran, shape, count, start } = headerOf(bytes, name);
  const { dtype, width } = type;
  const found = bytes.length - start;
  if (found !== count * width) {
    const why = found < count * width ? 'the file is truncated' : 'the file has extra bytes';
    throw new InputError(
      `${name}: found ${found} bytes of data; expected ${count * width} for ${dtype} of shape [${shape.join(', ')}]: ${why}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, found);
  const places = fortran && count > 0 ? fortranPlaces(shape) : undefined;
  return type.array(shape, count, (i) => {
    const place = places === undefined ? i : Number(places.next().value);
    const x = type.read(view, width * place, little);
    if (width === 8 && dtype !== 'float64' && !Number.isSafeInteger(x))
      throw new InputError(
        `${name}: element ${i} of the ${dtype} array is about ${x}; expected at most 2^53 - 1, which a number holds exactly`,
      );
    if (dtype === 'bool' && x > 1)
      throw new InputError(`${name}: element ${i} of the bool array is the byte ${x}; expected 0 or 1`);
    return x;
  });
}

/**
 * Reads an NPY file, gzipped or plain; its first bytes decide which. gzip needs Node, and is unpacked up to
 * the size that the header claims, at most `maxBytes`. `name` stands for the file in errors; default `NPY
 * data`. Rejects with the errors of `parseNpy`, and for gzip data that are damaged or claim more.
 */
export async function readNpy(
  bytes: Uint8Array,
  name = 'NPY data',
  options: ReadIdxOptions = {},
): Promise<Npy> {
  expectBytes(bytes, name);
  const { maxBytes = 2 ** 29 } = optionsOf('readNpy', options, '{ maxBytes: 2 ** 29 }');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
    throw new InputError(`readNpy: maxBytes is ${shown(maxBytes)}; expected a whole number >= 1`);
  if (!isGzip(bytes)) return parseNpy(bytes, name);
  const plain = gunzip(bytes, name, (head) => {
    const { type, shape, count, start } = headerOf(head, name);
    const claimed = start + count * type.width;
    if (claimed > maxBytes)
      throw new InputError(
        `${name}: claims ${claimed} bytes for ${type.dtype} of shape [${shape.join(', ')}]; expected ${maxBytes} at most: raise maxBytes if you trust the file`,
      );
    return claimed;
  });
  return parseNpy(plain, name);
}

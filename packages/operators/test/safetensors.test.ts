import { describe, expect, it } from 'vitest';
import { InputError, readSafetensors, writeSafetensors } from '../src/index.js';

/** A file from its header, as JSON or as data, and the bytes of its tensors. */
function fileOf(header: object | string, data: Uint8Array | readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(data, 8 + text.length);
  return out;
}
/** One tensor x. */
const single = (dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array =>
  fileOf({ x: { dtype, shape, data_offsets: [0, data.length] } }, data);
const bytesOf = (values: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(values.buffer);
const values = (dtype: string, data: Uint8Array, count: number): number[] =>
  Array.from(readSafetensors(single(dtype, [count], data)).tensors['x'] ?? []);

describe('a file that writeSafetensors makes', () => {
  const file = {
    tensors: {
      a: Float32Array.of(1, 2, 3, 4, 5, 6),
      b: Float64Array.of(-0, NaN),
      empty: new Float32Array(0),
      one: Float64Array.of(7),
    },
    shapes: { a: [2, 3], empty: [3, 0], one: [] },
    metadata: { note: 'ü' },
  };
  const bytes = writeSafetensors(file);
  const expected = {
    ...file,
    shapes: { ...file.shapes, b: [2] },
    dtypes: { a: 'F32', b: 'F64', empty: 'F32', one: 'F64' },
  };
  it('reads back as it was written, shapes included', () => expect(readSafetensors(bytes)).toEqual(expected));
  it('reads back from a Buffer, also one inside a larger pool', () => {
    const pool = Buffer.alloc(bytes.length + 9, 7);
    pool.set(bytes, 5);
    expect(readSafetensors(pool.subarray(5, 5 + bytes.length))).toEqual(expected);
  });
  it('aligns the data, so that other readers may map the file', () =>
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0));
  it('is refused wherever it is cut, and named', () => {
    for (let n = 0; n < bytes.length; n++)
      expect(() => readSafetensors(bytes.subarray(0, n), 'x.safetensors')).toThrow(/^x\.safetensors: /);
  });
  it('holds tensors and metadata of any name', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'ü', 'a"b\\'];
    const tensors = Object.fromEntries(names.map((name, i) => [name, Float32Array.of(i)]));
    const metadata = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
    const read = readSafetensors(writeSafetensors({ tensors, metadata }));
    names.forEach((name, i) => {
      expect(read.tensors[name]).toEqual(Float32Array.of(i));
      expect([read.shapes[name], read.dtypes[name], read.metadata[name]]).toEqual([[1], 'F32', `of ${name}`]);
    });
    expect(Object.keys(read.tensors).toSorted()).toEqual(names.toSorted());
    expect(
      readSafetensors(writeSafetensors({ tensors: {}, metadata: {} })).tensors['constructor'],
    ).toBeUndefined();
  });
  it.each<[() => unknown, string]>([
    [
      () => writeSafetensors({ tensors: { a: new Float32Array(6) }, shapes: { a: [2, 2] }, metadata: {} }),
      'a has 6 entries and the shape [2,2]; expected dimensions whose product is 6',
    ],
    [
      () => writeSafetensors({ tensors: {}, shapes: { a: [0] }, metadata: {} }),
      'shapes has an entry for a, but tensors has none',
    ],
    [
      () => writeSafetensors({ tensors: { __metadata__: new Float32Array(1) }, metadata: {} }),
      'a tensor is named __metadata__, which the format reserves',
    ],
    [
      () => writeSafetensors({ tensors: JSON.parse('{"a":[1]}'), metadata: {} }),
      'a is [1]; expected a Float32Array or a Float64Array',
    ],
    [
      () => writeSafetensors({ tensors: {}, metadata: JSON.parse('{"steps":3}') }),
      'metadata steps is 3; expected text',
    ],
  ])('is not written of what a file cannot hold %#', (write, message) => {
    expect(write).toThrow(InputError);
    expect(write).toThrow(message);
  });
});

describe('types', () => {
  it('of integers keep their values, also the least and the largest', () => {
    expect(values('BOOL', Uint8Array.of(0, 1), 2)).toEqual([0, 1]);
    expect(values('U8', Uint8Array.of(0, 200, 255), 3)).toEqual([0, 200, 255]);
    expect(values('I8', bytesOf(Int8Array.of(-128, -1, 127)), 3)).toEqual([-128, -1, 127]);
    expect(values('U16', bytesOf(Uint16Array.of(0, 65535)), 2)).toEqual([0, 65535]);
    expect(values('I16', bytesOf(Int16Array.of(-32768, 32767)), 2)).toEqual([-32768, 32767]);
    expect(values('U32', bytesOf(Uint32Array.of(2 ** 24 + 1, 2 ** 32 - 1)), 2)).toEqual([
      2 ** 24 + 1,
      2 ** 32 - 1,
    ]); // beyond float32
    expect(values('I32', bytesOf(Int32Array.of(-(2 ** 31), 2 ** 31 - 1)), 2)).toEqual([
      -(2 ** 31),
      2 ** 31 - 1,
    ]);
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    expect(values('I64', bytesOf(BigInt64Array.of(-limit, 7n, limit)), 3)).toEqual([
      -Number.MAX_SAFE_INTEGER,
      7,
      Number.MAX_SAFE_INTEGER,
    ]);
    expect(values('U64', bytesOf(BigUint64Array.of(0n, limit)), 2)).toEqual([0, Number.MAX_SAFE_INTEGER]);
    for (const [dtype, data] of [
      ['I64', BigInt64Array.of(1n, limit + 1n)],
      ['I64', BigInt64Array.of(-limit - 1n, 1n)],
      ['U64', BigUint64Array.of(2n ** 64n - 1n, 1n)],
    ] as const) {
      expect(() => readSafetensors(single(dtype, [2], bytesOf(data)), 'f')).toThrow(
        `f: x (${dtype}) has an integer beyond 2⁵³, which float64 cannot hold`,
      );
    }
  });
  it('of 16 bits are exact for every code', () => {
    const codes = Uint16Array.from({ length: 65536 }, (_, code) => code);
    const [half, brain] = [values('F16', bytesOf(codes), 65536), values('BF16', bytesOf(codes), 65536)];
    // bfloat16 is the upper half of a float32.
    const upper = new Float32Array(Uint32Array.from(codes, (code) => code * 65536).buffer);
    brain.forEach((x, code) => {
      if (!Object.is(x, upper[code])) throw new Error(`BF16 ${code} is ${x}; expected ${upper[code]}`);
    });
    // IEEE 754 binary16: 1 + 5 + 10 bits.
    half.forEach((x, code) => {
      const [sign, exponent, fraction] = [code >= 32768 ? -1 : 1, Math.floor(code / 1024) % 32, code % 1024];
      const right =
        exponent === 31
          ? fraction > 0
            ? NaN
            : sign * Infinity
          : exponent === 0
            ? sign * fraction * 2 ** -24
            : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
      if (!Object.is(x, right)) throw new Error(`F16 ${code} is ${x}; expected ${right}`);
    });
  });
  it('of 8 bits have the values of their papers', () => {
    const of = (dtype: string, codes: readonly number[]): number[] =>
      values(dtype, Uint8Array.from(codes), codes.length);
    // Largest, least normal, largest and least denormal, one, −0 or NaN in its place, the codes with all
    // exponent bits.
    expect(of('F8_E4M3', [0x7e, 0x08, 0x07, 0x01, 0x38, 0x80, 0x7f, 0xff, 0xfe])).toEqual([
      448,
      2 ** -6,
      0.875 * 2 ** -6,
      2 ** -9,
      1,
      -0,
      NaN,
      NaN,
      -448,
    ]);
    expect(of('F8_E5M2', [0x7b, 0x04, 0x03, 0x01, 0x3c, 0x80, 0x7c, 0xfc, 0x7f])).toEqual([
      57344,
      2 ** -14,
      0.75 * 2 ** -14,
      2 ** -16,
      1,
      -0,
      Infinity,
      -Infinity,
      NaN,
    ]);
    expect(of('F8_E4M3FNUZ', [0x7f, 0x08, 0x01, 0x40, 0x80, 0xff])).toEqual([
      240,
      2 ** -7,
      2 ** -10,
      1,
      NaN,
      -240,
    ]);
    expect(of('F8_E5M2FNUZ', [0x7f, 0x04, 0x01, 0x40, 0x80, 0xff])).toEqual([
      57344,
      2 ** -15,
      2 ** -17,
      1,
      NaN,
      -57344,
    ]);
    expect(of('F8_E8M0', [0, 127, 128, 254, 255])).toEqual([2 ** -127, 1, 2, 2 ** 127, NaN]);
  });
  it('that are not read are named with their tensor', () => {
    for (const [dtype, bytes] of [
      ['C64', 8],
      ['F4', 1],
      ['F6_E2M3', 1],
      ['constructor', 4],
      ['f32', 4],
    ] as const) {
      expect(() => readSafetensors(single(dtype, [1], new Uint8Array(bytes)))).toThrow(
        `x is of type ${dtype}; expected one of F32, F64, F16, BF16, BOOL`,
      );
    }
  });
  it('stand side by side, unaligned, with shapes: a PyTorch batch norm', () => {
    const data = new Uint8Array(1 + 8 + 8);
    data[0] = 1;
    data.set(bytesOf(Float32Array.of(1, 2)), 1);
    data.set(bytesOf(BigInt64Array.of(7n)), 9);
    const { tensors, shapes, dtypes } = readSafetensors(
      fileOf(
        {
          'bn.num_batches_tracked': { dtype: 'I64', shape: [], data_offsets: [9, 17] },
          'bn.weight': { dtype: 'F32', shape: [1, 2], data_offsets: [1, 9] },
          flag: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] },
        },
        data,
      ),
    );
    expect(tensors).toEqual({
      'bn.num_batches_tracked': Float64Array.of(7),
      'bn.weight': Float32Array.of(1, 2),
      flag: Float32Array.of(1),
    });
    expect(shapes).toEqual({ 'bn.num_batches_tracked': [], 'bn.weight': [1, 2], flag: [1] });
    expect(dtypes).toEqual({ 'bn.num_batches_tracked': 'I64', 'bn.weight': 'F32', flag: 'BOOL' });
  });
});

describe('files that break the format', () => {
  const f32 = (start: number, end: number, shape: readonly number[] = [(end - start) / 4]): object => ({
    dtype: 'F32',
    shape,
    data_offsets: [start, end],
  });
  it.each<[string, Uint8Array, string]>([
    ['bytes after the end', fileOf({ a: f32(0, 4) }, new Uint8Array(5)), '1 bytes follow the last tensor'],
    ['a hole', fileOf({ a: f32(0, 4), b: f32(8, 12) }, new Uint8Array(12)), 'bytes 4 to 8 are not covered'],
    [
      'an overlap',
      fileOf({ a: f32(0, 8), b: f32(4, 12) }, new Uint8Array(12)),
      'bytes 4 to 8 are claimed twice',
    ],
    [
      'a shape that does not fit',
      fileOf({ a: f32(0, 8, [3]) }, new Uint8Array(8)),
      'a claims bytes 0 to 8 of 8 for the shape [3] of F32',
    ],
    [
      'a shape beyond all numbers',
      fileOf({ a: f32(0, 0, Array.from({ length: 40 }, () => 2 ** 52).concat(0)) }),
      'a claims bytes 0 to 0',
    ],
    [
      'a negative dimension',
      fileOf({ a: f32(0, 4, [-1]) }, new Uint8Array(4)),
      'the entry of a is not { dtype, shape, data_offsets }',
    ],
    [
      'a tensor that is none',
      fileOf('{"__proto__":3}'),
      'the entry of __proto__ is not { dtype, shape, data_offsets }',
    ],
    [
      'metadata of numbers',
      fileOf({ __metadata__: { steps: 3 } }),
      'its metadata has 3 under steps; expected text under each name, as the format says',
    ],
    [
      'metadata in metadata',
      fileOf({ __metadata__: { a: { b: 'c' } } }),
      'its metadata has {b: "c"} under a',
    ],
    ['metadata as a list', fileOf({ __metadata__: ['a'] }), 'its metadata is ["a"]'],
    [
      'a tensor given twice',
      fileOf(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
      ),
      'its header gives "a" twice',
    ],
    [
      'metadata given twice',
      fileOf('{"__metadata__":{"a":"1","\\u0061":"2"}}'),
      'its header gives "a" twice',
    ],
    ['space before the header', fileOf(' {}'), 'its header does not begin with {'],
    ['invalid UTF-8', fileOf('{}', []).map((x, at) => (at === 9 ? 0xff : x)), 'its header is not UTF-8'],
    ['invalid JSON', fileOf('{"a'), 'its header is not JSON'],
    [
      'JSON of 20,000 brackets',
      fileOf(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
      'its header nests brackets more than 500 deep',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'f')).toThrow(InputError);
    expect(() => readSafetensors(bytes, 'f')).toThrow(`f: ${message}`);
  });
  it('metadata may be absent or null: the format’s own reader accepts both', () =>
    expect(readSafetensors(fileOf({ __metadata__: null })).metadata).toEqual({}));
  it('a value that is not a Uint8Array is named', () =>
    expect(() => readSafetensors(JSON.parse('[1,2]'), 'f')).toThrow(
      'f: found [1, 2]; expected its bytes as a Uint8Array',
    ));
});

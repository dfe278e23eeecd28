import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { parseNpy, readNpy } from '../src/index.js';
import { npyBytes } from './files-made.js';
import { CASES, fuzz } from './fuzz.js';

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly file: string;
  }[];
  readonly refused: readonly { readonly name: string; readonly file: string }[];
}
// made by bench/datasets/npy.py
const vectors: Vectors = JSON.parse(readFileSync(new URL('fixtures/npy.json', import.meta.url), 'utf8'));
const fileOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

const bytes6 = npyBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", [1, 2, 3, 4, 5, 255]);

describe('NPY', () => {
  it.each(vectors.cases)('reads what NumPy wrote: $name', ({ dtype, shape, values, file }) => {
    const bytes = fileOf(file);
    const shifted = new Uint8Array(bytes.length + 7).subarray(3, 3 + bytes.length);
    shifted.set(bytes);
    for (const given of [bytes, shifted]) {
      const read = parseNpy(given);
      expect([read.dtype, read.shape, [...read.data]]).toEqual([dtype, shape, values]);
    }
  });

  it('covers every dtype, order and version', () => {
    expect(new Set(vectors.cases.map(({ dtype }) => dtype)).size).toBe(11);
    const said = vectors.cases.map(({ file }) => Buffer.from(file, 'base64'));
    for (const text of ["'<f8'", "'>f8'", "'>u2'", 'True', 'False'])
      expect(said.some((bytes) => bytes.includes(text))).toBe(true);
    expect(new Set(said.map((bytes) => bytes[6]))).toEqual(new Set([1, 2, 3]));
  });

  it('refuses other dtypes, with what to do', () => {
    const messages = Object.fromEntries(
      vectors.refused.map(({ name, file }) => {
        try {
          return [name, parseNpy(fileOf(file), 'a.npy').dtype];
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return [name, error instanceof Error ? error.message : ''];
        }
      }),
    );
    const list = 'bool, uint8, int8, uint16, int16, uint32, int32, float32, float64, uint64, int64';
    expect(messages).toEqual({
      float16: `a.npy: found dtype "<f2" (float16); expected one of ${list}: save a.astype("float32")`,
      complex: `a.npy: found dtype "<c16"; expected one of ${list}: complex numbers: save a.real and a.imag`,
      text: `a.npy: found dtype "<U2"; expected one of ${list}: not numbers: save an array of numbers`,
      dates: `a.npy: found dtype "<M8[s]"; expected one of ${list}: not numbers: save an array of numbers`,
      records: `a.npy: found a structured dtype (records with fields) as descr; expected one of ${list}: save each field alone`,
      'too large':
        'a.npy: element 0 of the int64 array is about 9007199254740992; expected at most 2^53 - 1, which a number holds exactly',
      objects: `a.npy: found dtype "|O"; expected one of ${list}: Python objects (pickle), which could run code: save an array of numbers`,
    });
  });

  it('reads gzip, up to the size that the header claims', async () => {
    expect(await readNpy(gzipSync(bytes6))).toEqual(parseNpy(bytes6));
    expect(await readNpy(bytes6)).toEqual(parseNpy(bytes6));
    expect(() => parseNpy(gzipSync(bytes6), 'a.npy.gz')).toThrow(
      'a.npy.gz: found gzip data; expected an NPY file: use readNpy',
    );
    const bomb = npyBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (900000000,), }");
    await expect(readNpy(gzipSync(Buffer.concat([bomb, Buffer.alloc(2 ** 22)])), 'a.gz')).rejects.toThrow(
      'a.gz: claims 7200000075 bytes for float64 of shape [900000000]; expected 536870912 at most',
    );
    await expect(readNpy(gzipSync(Buffer.concat([bytes6, Buffer.alloc(2 ** 22)])), 'a.gz')).rejects.toThrow(
      `unpacks to more bytes than expected: ${bytes6.length}`,
    );
    await expect(readNpy(bytes6, 'a', { maxBytes: 0 })).rejects.toThrow('maxBytes is 0');
  });

  it('refuses every truncation and every extra byte', () => {
    for (let length = 0; length < bytes6.length; length++)
      expect(() => parseNpy(bytes6.subarray(0, length), 'a.npy')).toThrow(/^a\.npy: found .*truncated/);
    expect(() => parseNpy(Uint8Array.of(...bytes6, 0), 'a.npy')).toThrow(
      'a.npy: found 7 bytes of data; expected 6 for uint8 of shape [2, 3]: the file has extra bytes',
    );
  });

  it('reads a header as Python does, and nothing else', () => {
    const one = (header: string, data: readonly number[] = [7]): unknown =>
      parseNpy(npyBytes(header, data)).shape;
    expect(one(`{"shape":(1L,),"fortran_order":True,"descr":"<u1"}   \n`)).toEqual([1]);
    expect(one("{'descr': '|u1', 'fortran_order': False, 'shape': ()}")).toEqual([]);
    const body = "'descr': '|u1', 'fortran_order': False, 'shape': ";
    for (const [header, message] of [
      [`{${body}(1)}`, 'found a number as shape; expected a tuple'],
      [`{${body}[1]}`, 'found a list as shape; expected a tuple'],
      [`{${body}(-1,)}`, 'found -1 in shape; expected whole numbers of 0 or more'],
      [`{${body}(True,)}`, 'found "True" in shape'],
      [`{${body}(9007199254740993,)}`, 'whole numbers of 2^53 - 1 at most'],
      [`{${body}(94906267, 94906267)}`, 'found 1 bytes of data; expected 9007199515875288'],
      [`{${body}(1,), 'shape': (2,)}`, 'expected each key once'],
      [`{${body}(1,), 'x': 1}`, 'expected exactly descr, fortran_order, shape'],
      [`{${body}(1,)} + 1`, 'found "+ 1" at character 56 of the header; expected the end'],
      [`{${body}__import__('os')}`, 'expected a value'],
      [`{${body}(1,)`, 'expected a comma or }'],
      [
        `{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}`,
        'found fortran_order 0; expected True or False',
      ],
      [`{'descr': '=f8', 'fortran_order': False, 'shape': (1,)}`, 'found dtype "=f8"'],
      [`{'descr': '|f8', 'fortran_order': False, 'shape': (1,)}`, 'found dtype "|f8"'],
      [`{'descr': '', 'fortran_order': False, 'shape': (1,)}`, 'found dtype ""'],
      [`{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (1,)}`, 'text without escapes'],
      ['('.repeat(9_000), 'values nested 16 deep at most'],
      ['[1]', 'found a list as header; expected a dict'],
      [' '.repeat(10_001), 'found a header of 10001 bytes; expected 10000 at most'],
      [`{${body}(${'1,'.repeat(65)})}`, 'found 65 dimensions; expected 64 at most'],
    ] as const)
      expect(() => one(header), header.slice(0, 90)).toThrow(message);
    expect(() => one("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", [2])).toThrow(
      'element 0 of the bool array is the byte 2; expected 0 or 1',
    );
  });

  it('names what other files are', () => {
    for (const [text, message] of [
      ['PK\x03\x04', 'found a zip file (.npz?)'],
      ['x,y\n1,2\n', 'found byte 120 at 0; expected 147, of the magic number \\x93NUMPY: not an NPY file'],
      ['\x93NUMPY\x04\x00\x10\x00\x00\x00\x00\x00', 'found version 4.0; expected version 1.0, 2.0 or 3.0'],
    ] as const)
      expect(() => parseNpy(Uint8Array.from(Buffer.from(text, 'latin1')))).toThrow(`NPY data: ${message}`);
    // @ts-expect-error from JavaScript
    expect(() => parseNpy('a.npy')).toThrow('found "a.npy"; expected the bytes of a file as a Uint8Array');
  });

  it(`reads damaged files rightly or refuses them, ${CASES} times`, { timeout: 600_000 }, async () => {
    const plain = vectors.cases.map(({ file }) => fileOf(file));
    const packed = new Map<Uint8Array, Uint8Array>(
      plain.slice(0, 9).map((file) => [Uint8Array.from(gzipSync(file)), file]),
    );
    const counts = await fuzz(
      [...plain, ...packed.keys()],
      (bytes) => readNpy(bytes),
      (npy, damaged, original) => {
        expect(npy.data).toHaveLength(npy.shape.reduce((a, b) => a * b, 1));
        const content = packed.get(original);
        // gzip has a checksum, and fields beside the content
        if (content !== undefined) expect(npy).toEqual(parseNpy(content));
        // Where only elements differ the shape and the type are those of the file.
        else if (
          damaged.length === original.length &&
          Buffer.compare(damaged.subarray(0, 128), original.subarray(0, 128)) === 0
        )
          expect([npy.dtype, npy.shape]).toEqual([parseNpy(original).dtype, parseNpy(original).shape]);
      },
    );
    expect(counts.read).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(counts.read);
  });
});

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { InputError, uniform } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { parseIdx, readIdx } from '../src/index.js';
import { idxBytes, kinds } from './idx-bytes.js';

const data = new URL('../data/fashion-mnist/', import.meta.url);
const uint8 = kinds[0];
const small = idxBytes(uint8, [2, 3], [1, 2, 3, 4, 5, 255]);

describe('IDX', () => {
  it('reads the real files', async () => {
    const images = await readIdx(readFileSync(new URL('t10k-images-idx3-ubyte.gz', data)));
    expect([images.dtype, images.shape]).toEqual(['uint8', [10_000, 28, 28]]);
    const labels = await readIdx(readFileSync(new URL('t10k-labels-idx1-ubyte.gz', data)));
    expect(labels.shape).toEqual([10_000]);
    // https://github.com/zalandoresearch/fashion-mnist: the first test images are an ankle boot, a pullover, two trousers, a shirt.
    expect([...labels.data.subarray(0, 5)]).toEqual([9, 2, 1, 1, 6]);
  });

  it('reads every type, any rank and shape, gzipped or plain, wherever the bytes lie in their buffer', async () => {
    const draws = 120;
    const random = uniform(new Float64Array(6 * draws), { seed: 1, purpose: 'dims' });
    for (let draw = 0; draw < draws; draw++) {
      const kind = kinds[draw % kinds.length]!;
      const rank = 1 + Math.floor(random[6 * draw]! * 4);
      const shape = Array.from({ length: rank }, (_, i) => Math.floor(random[6 * draw + 1 + i]! * 5)); // 0 … 4
      const count = shape.reduce((a, b) => a * b, 1);
      // 0 … 126 in quarters for floats, whole for integers: exact in each type
      const values = Array.from(uniform(new Float64Array(count), { seed: 2, purpose: 'values', call: draw }), (u) =>
        kind.dtype.startsWith('float') ? Math.floor(u * 504) / 4 - 63 : Math.floor(u * 127));
      const bytes = idxBytes(kind, shape, values);
      const shifted = new Uint8Array(bytes.length + 7).subarray(3, 3 + bytes.length);
      shifted.set(bytes);
      for (const given of [bytes, shifted, gzipSync(bytes)]) {
        const read = await readIdx(given);
        expect(read.dtype).toBe(kind.dtype);
        expect(read.shape).toEqual(shape);
        expect([...read.data]).toEqual(values);
      }
    }
  });

  it('reads negative numbers', () => {
    for (const kind of kinds.slice(1)) expect([...parseIdx(idxBytes(kind, [2], [-1, -100])).data]).toEqual([-1, -100]);
  });

  it('does not share memory with the file', () => {
    const bytes = small.slice();
    const { data: read } = parseIdx(bytes);
    bytes.fill(0);
    expect([...read]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it('refuses every truncation and every extra byte, naming the file', () => {
    for (let length = 0; length < small.length; length++) expect(() => parseIdx(small.subarray(0, length), 'a.idx')).toThrow(/^a\.idx: found \d+ bytes.*truncated/);
    expect(() => parseIdx(Uint8Array.of(...small, 0), 'a.idx')).toThrow('a.idx: found 7 bytes of data; expected 6 for uint8 of shape [2, 3]: the file has extra bytes');
    expect(() => parseIdx(small.subarray(0, 17), 'a.idx')).toThrow('a.idx: found 5 bytes of data; expected 6 for uint8 of shape [2, 3]: the file is truncated');
  });

  it('refuses a wrong magic number, an unknown type, rank 0', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = small.slice();
      bytes[at] = value;
      return bytes;
    };
    expect(() => parseIdx(changed(0, 0x42), 'a.idx')).toThrow('a.idx: found magic number 42 00 08 02; expected 00 00');
    expect(() => parseIdx(changed(2, 0x0a), 'a.idx')).toThrow(/a\.idx: found type 0x0a; expected 0x08 \(uint8\), .*0x0e \(float64\)/);
    expect(() => parseIdx(changed(3, 0), 'a.idx')).toThrow('a.idx: found rank 0; expected a rank from 1 to 255');
    expect(() => parseIdx(gzipSync(small))).toThrow('use readIdx');
    expect(() => parseIdx(changed(0, 1))).toThrow(InputError);
  });

  it('refuses dimensions whose product is beyond all numbers', () => {
    const shape = Array.from({ length: 255 }, () => 0xffffffff);
    expect(() => parseIdx(idxBytes(uint8, shape, []))).toThrow('truncated');
    expect(parseIdx(idxBytes(uint8, [...shape.slice(1), 0], [])).data).toHaveLength(0);
  });

  it('refuses gzip that is truncated, damaged or followed by more', async () => {
    const zipped = new Uint8Array(gzipSync(idxBytes(uint8, [300], Array.from({ length: 300 }, (_, i) => (i * i) % 251))));
    for (const length of [2, 10, 20, zipped.length - 8, zipped.length - 1]) {
      await expect(readIdx(zipped.subarray(0, length), 'a.gz')).rejects.toThrow(/^a\.gz: found corrupt gzip data .*expected one complete gzip file/);
    }
    const damaged = zipped.slice();
    damaged[zipped.length - 6] = damaged[zipped.length - 6]! ^ 1; // a bit of the checksum
    await expect(readIdx(damaged, 'a.gz')).rejects.toThrow('incorrect data check');
    await expect(readIdx(Uint8Array.of(...zipped, 1, 2, 3, 4), 'a.gz')).rejects.toThrow('found corrupt gzip data');
    await expect(readIdx(Uint8Array.of(...zipped, 0, 0, 0, 0), 'a.gz')).rejects.toThrow('extra bytes at the end'); // zlib passes over zeros
  });
});

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
    // https://github.com/zalandoresearch/fashion-mnist: the first test images are an ankle boot, a pullover,
    // two trousers, a shirt.
    expect([...labels.data.subarray(0, 5)]).toEqual([9, 2, 1, 1, 6]);
  });

  it('reads every type, any rank and shape, gzipped or plain, wherever the bytes lie in their buffer', async () => {
    const draws = 120;
    const random = uniform(new Float64Array(6 * draws), { seed: 1, purpose: 'dims' });
    for (let draw = 0; draw < draws; draw++) {
      const kind = kinds[draw % kinds.length]!;
      const rank = 1 + Math.floor(random[6 * draw]! * 4);
      // 0 … 4
      const shape = Array.from({ length: rank }, (_, i) => Math.floor(random[6 * draw + 1 + i]! * 5));
      const count = shape.reduce((a, b) => a * b, 1);
      // 0 … 126 in quarters for floats, whole for integers: exact in each type
      const values = Array.from(
        uniform(new Float64Array(count), { seed: 2, purpose: 'values', call: draw }),
        (u) => (kind.dtype.startsWith('float') ? Math.floor(u * 504) / 4 - 63 : Math.floor(u * 127)),
      );
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
    for (const kind of kinds.slice(1))
      expect([...parseIdx(idxBytes(kind, [2], [-1, -100])).data]).toEqual([-1, -100]);
  });

  it('does not share memory with the file', () => {
    const bytes = small.slice();
    const { data: read } = parseIdx(bytes);
    bytes.fill(0);
    expect([...read]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it('refuses every truncation and every extra byte, naming the file', () => {
    for (let length = 0; length < small.length; length++)
      expect(() => parseIdx(small.subarray(0, length), 'a.idx')).toThrow(
        /^a\.idx: found \d+ bytes.*truncated/,
      );
    expect(() => parseIdx(Uint8Array.of(...small, 0), 'a.idx')).toThrow(
      'a.idx: found 7 bytes of data; expected 6 for uint8 of shape [2, 3]: the file has extra bytes',
    );
    expect(() => parseIdx(small.subarray(0, 17), 'a.idx')).toThrow(
      'a.idx: found 5 bytes of data; expected 6 for uint8 of shape [2, 3]: the file is truncated',
    );
  });

  it('refuses a wrong magic number, an unknown type, rank 0', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = small.slice();
      bytes[at] = value;
      return bytes;
    };
    expect(() => parseIdx(changed(0, 0x42), 'a.idx')).toThrow(
      'a.idx: found magic number 42 00 08 02; expected 00 00',
    );
    expect(() => parseIdx(changed(2, 0x0a), 'a.idx')).toThrow(
      /a\.idx: found type 0x0a; expected 0x08 \(uint8\), .*0x0e \(float64\)/,
    );
    expect(() => parseIdx(changed(3, 0), 'a.idx')).toThrow(
      'a.idx: found rank 0; expected a rank from 1 to 255',
    );
    expect(() => parseIdx(gzipSync(small))).toThrow('use readIdx');
    expect(() => parseIdx(changed(0, 1))).toThrow(InputError);
  });

  it('refuses dimensions whose product is infinite', () => {
    const shape = Array.from({ length: 255 }, () => 0xffffffff);
    expect(() => parseIdx(idxBytes(uint8, shape, []))).toThrow('truncated');
    expect(parseIdx(idxBytes(uint8, [...shape.slice(1), 0], [])).data).toHaveLength(0);
  });

  it('refuses gzip that is truncated, damaged or followed by more', async () => {
    const zipped = new Uint8Array(
      gzipSync(
        idxBytes(
          uint8,
          [300],
          Array.from({ length: 300 }, (_, i) => (i * i) % 251),
        ),
      ),
    );
    for (const length of [2, 10, 20, zipped.length - 8, zipped.length - 1]) {
      await expect(readIdx(zipped.subarray(0, length), 'a.gz')).rejects.toThrow(
        /^a\.gz: found corrupt gzip data .*expected one complete gzip file/,
      );
    }
    const damaged = zipped.slice();
    damaged[zipped.length - 6] = damaged[zipped.length - 6]! ^ 1; // a bit of the checksum
    await expect(readIdx(damaged, 'a.gz')).rejects.toThrow('incorrect data check');
    await expect(readIdx(Uint8Array.of(...zipped, 1, 2, 3, 4), 'a.gz')).rejects.toThrow(
      'found corrupt gzip data',
    );
    await expect(readIdx(Uint8Array.of(...zipped, 0, 0, 0, 0), 'a.gz')).rejects.toThrow(
      'extra bytes at the end',
    ); // zlib passes over zeros
  });

  it('reads gzip of several members, wherever they are cut, and with every optional field', async () => {
    const content = idxBytes(
      uint8,
      [300],
      Array.from({ length: 300 }, (_, i) => (i * i) % 251),
    );
    for (const cuts of [[7], [1, 2, 3], [4], [8], [0, 100], [308], [5, 5, 200]]) {
      const edges = [0, ...cuts, content.length];
      const members = edges.slice(1).map((to, i) => gzipSync(content.subarray(edges[i], to)));
      expect([...(await readIdx(Buffer.concat(members))).data]).toEqual([...content.subarray(8)]);
    }
    const plain = gzipSync(content);
    const fields = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3]),
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from('name\0comment\0'),
      Buffer.from([1, 2]),
      plain.subarray(10),
    ]);
    expect([...(await readIdx(fields)).data]).toEqual([...content.subarray(8)]);
    for (let length = 2; length < fields.length; length++)
      await expect(readIdx(fields.subarray(0, length), 'a.gz')).rejects.toThrow(InputError);
  });

  it('refuses gzip that is damaged anywhere', async () => {
    const two = Buffer.concat([gzipSync(small.subarray(0, 7)), gzipSync(small.subarray(7))]);
    for (let bit = 0; bit < 8 * two.length; bit++) {
      const damaged = Uint8Array.from(two);
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
      const outcome = await readIdx(damaged, 'a.gz').catch((error: unknown) => error);
      // Bits of the time, of the system's code and of the padding of the last byte do not change the content.
      if (!(outcome instanceof InputError)) expect(outcome, `bit ${bit}`).toEqual(parseIdx(small));
    }
  });

  it('never unpacks more than the header claims, nor claims beyond a limit', async () => {
    const header = idxBytes(uint8, [0x90000000], []); // 2.25 GiB
    const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(2 ** 24)]));
    await expect(readIdx(bomb, 'a.gz')).rejects.toThrow(
      'a.gz: claims 2415919112 bytes for uint8 of shape [2415919104]; expected 536870912 at most: raise maxBytes if you trust the file',
    );
    await expect(readIdx(bomb, 'a.gz', { maxBytes: 2 ** 32 })).rejects.toThrow(
      'a.gz: found 16777216 bytes of data; expected 2415919104',
    ); // unpacked up to its end
    const more = gzipSync(Buffer.concat([small, Buffer.alloc(2 ** 24)]));
    await expect(readIdx(more, 'a.gz')).rejects.toThrow(
      'a.gz: unpacks to more bytes than expected: 18, as it claims at its beginning',
    );
    const split = Buffer.concat([
      gzipSync(small.subarray(0, 7)),
      gzipSync(Buffer.concat([small.subarray(7), Buffer.alloc(2 ** 24)])),
    ]);
    await expect(readIdx(split, 'a.gz')).rejects.toThrow('unpacks to more bytes than expected: 18');
    await expect(readIdx(gzipSync(Buffer.alloc(2 ** 24, 7)), 'a.gz')).rejects.toThrow(
      'unpacks to more bytes than expected: at most 1048576 of a file that does not say how long it is',
    );
    await expect(readIdx(gzipSync(Buffer.from('some text')), 'a.gz')).rejects.toThrow(
      'a.gz: found magic number 73 6f 6d 65',
    );
    const beyond = gzipSync(
      idxBytes(
        uint8,
        Array.from({ length: 255 }, () => 0xffffffff),
        [],
      ),
    );
    await expect(readIdx(beyond, 'a.gz')).rejects.toThrow('claims Infinity bytes');
    expect((await readIdx(gzipSync(small), 'a.gz', { maxBytes: 18 })).shape).toEqual([2, 3]);
    await expect(readIdx(gzipSync(small), 'a.gz', { maxBytes: 17 })).rejects.toThrow('claims 18 bytes');
  });
});

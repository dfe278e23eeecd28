import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { cifar10, cifar100, cifar10Classes, readFiles } from '../src/index.js';
import { pixelsOfRecords as expected, records } from './files-made.js';
import { CASES, fuzz } from './fuzz.js';

const ten = [
  { name: '1.bin', bytes: records([[6], [9]]) },
  { name: '2.bin', bytes: records([[0]], 2) },
];
const hundred = [
  {
    name: 'train.bin',
    bytes: records([
      [11, 19],
      [19, 99],
    ]),
  },
];

describe('CIFAR', () => {
  it('joins files, channels last, with labels', () => {
    const set = cifar10(ten);
    expect([set.shape, set.count, [...set.labels]]).toEqual([[32, 32, 3], 3, [6, 9, 0]]);
    expect(Buffer.compare(set.bytes, expected(3))).toBe(0);
    expect(cifar10Classes[set.labels[0]!]).toBe('frog');
    expect(set.batch(1, { seed: 1, call: 0 })).toEqual(
      set.values(...[0, 1].map((k) => k + set.indices(1, { seed: 1, call: 0 })[0]!)),
    );
  });
  it('reads the fine and the coarse labels of CIFAR-100', () => {
    expect([...cifar100(hundred).labels]).toEqual([19, 99]);
    expect([...cifar100(hundred, { labels: 'coarse' }).labels]).toEqual([11, 19]);
    expect(Buffer.compare(cifar100(hundred).bytes, expected(2))).toBe(0);
  });
  it('refuses what is no such file, and says what it may be', () => {
    const one = (bytes: Uint8Array) => () => cifar10([{ name: 'a.bin', bytes }]);
    const whole = ten[0]!.bytes;
    expect(one(whole.subarray(1))).toThrow(
      'a.bin: found 6145 bytes; expected a multiple of 3073, the length of a record of CIFAR-10: truncated, or not such a file',
    );
    expect(one(new Uint8Array(0))).toThrow('a.bin: found 0 bytes');
    expect(one(hundred[0]!.bytes)).toThrow('whole number of records of CIFAR-100: use cifar100');
    expect(() => cifar100(ten)).toThrow('whole number of records of CIFAR-10: use cifar10');
    expect(one(gzipSync(whole))).toThrow('this is gzip data, so unpack it first');
    expect(one(Uint8Array.of(0x80, 2))).toThrow('this may be the Python version');
    expect(one(records([[1], [10]]))).toThrow(
      'a.bin: label 10 of record 1; expected 0 to 9: not a file of CIFAR-10',
    );
    expect(() => cifar100([{ name: 'a.bin', bytes: records([[20, 1]]) }])).toThrow(
      'label 20 of record 0; expected 0 to 19',
    );
    expect(() => cifar10([])).toThrow('cifar10: files are []; expected at least one');
    // @ts-expect-error from JavaScript
    expect(() => cifar10(['a.bin'])).toThrow(
      'cifar10: found the file "a.bin"; expected its name and its bytes',
    );
    // @ts-expect-error from JavaScript
    expect(() => cifar100(hundred, { labels: 'both' })).toThrow(
      "labels is \"both\"; expected 'fine' or 'coarse'",
    );
  });
  it('reads files by path', async () => {
    const at = (name: string): string => join(place, name);
    const place = folder();
    for (const { name, bytes } of ten) writeFileSync(at(name), bytes);
    const read = await readFiles(at('1.bin'), at('2.bin'));
    expect(read.map(({ name }) => name)).toEqual([at('1.bin'), at('2.bin')]);
    expect([...cifar10(read).labels]).toEqual([6, 9, 0]);
    await expect(readFiles(at('3.bin'))).rejects.toThrow(InputError);
    await expect(readFiles(at('3.bin'))).rejects.toThrow(`${at('3.bin')}: cannot be read (ENOENT`);
    await expect(readFiles(place)).rejects.toThrow('expected a file');
    await expect(readFiles('')).rejects.toThrow('found ""; expected the path of a file');
  });
  it(`reads damaged files as such or refuses them, ${CASES} times`, { timeout: 600_000 }, async () => {
    const counts = await fuzz(
      [ten[0]!.bytes, ten[1]!.bytes],
      (bytes) => cifar10([{ name: 'a.bin', bytes }]),
      (set, damaged) => {
        expect(set.bytes).toHaveLength(3072 * set.count);
        for (let r = 0; r < set.count; r++) {
          expect(set.labels[r]).toBe(damaged[3073 * r]);
          expect(set.bytes[3072 * r + 3 * 777 + 2]).toBe(damaged[3073 * r + 1 + 2048 + 777]);
        }
      },
    );
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
    const more = await fuzz(
      [hundred[0]!.bytes],
      (bytes) => cifar100([{ name: 'a.bin', bytes }]),
      (set, damaged) => {
        expect([...set.labels]).toEqual(Array.from({ length: set.count }, (_, r) => damaged[3074 * r + 1]));
      },
    );
    expect(Math.min(more.read, more.refused)).toBeGreaterThan(0);
  });
});

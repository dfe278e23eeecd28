import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cifar10Classes } from '../src/index.js';
import { folderOf, pixelsOfRecords, records } from './files-made.js';
import { idxBytes, kinds } from './idx-bytes.js';
import { built, contentOf } from './rows-built.js';

describe('idx', () => {
  const images = (count: number, from = 0, side = 1): Uint8Array =>
    idxBytes(
      kinds[0],
      [count, side, side],
      Array.from({ length: count * side * side }, (_, i) => i + from),
    );
  const labelled = (...of: readonly number[]): Uint8Array => idxBytes(kinds[0], [of.length], of);
  it('takes the folder of train and t10k files, gzipped or plain, with their labels', async () => {
    const path = folderOf({
      'train-images-idx3-ubyte.gz': gzipSync(images(3)),
      'train-images-idx3-ubyte': images(3),
      'train-labels-idx1-ubyte.gz': gzipSync(labelled(7, 8, 9)),
      't10k-images.idx3-ubyte': images(2, 50),
      't10k-labels.idx1-ubyte': labelled(1, 2),
    });
    const { train, test } = await built('idx', { path });
    expect([train.shape, contentOf(train), contentOf(test)]).toEqual([
      [1, 1, 1],
      [
        [0, 1, 2],
        [7, 8, 9],
      ],
      [
        [50, 51],
        [1, 2],
      ],
    ]);
    const alone = await built('idx', { path: join(path, 'train-images-idx3-ubyte.gz'), heldOut: 0 });
    expect([contentOf(alone.train), alone.test]).toEqual([
      [
        [0, 1, 2],
        [7, 8, 9],
      ],
      undefined,
    ]);
    await expect(built('idx', { path, heldOut: 0.5 })).rejects.toThrow('holds the examples to measure with');
  });
  it('has labels 0 where there are none', async () => {
    const path = folderOf({ 'emnist-images-idx3-ubyte': images(2) });
    expect(contentOf((await built('idx', { path, heldOut: 0 })).train)).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });
  it.each<[string, { readonly [path: string]: Uint8Array }, string]>([
    [
      'two files to train on',
      { 'a-images-idx3-ubyte': images(1), 'b-images-idx3-ubyte': images(1) },
      'found "a-images-idx3-ubyte", "b-images-idx3-ubyte"; expected one whose name ends in images-idx3-ubyte',
    ],
    ['a test file only', { 't10k-images-idx3-ubyte': images(1) }, 'give the path of the file to take'],
    [
      'labels of another number',
      { 'train-images-idx3-ubyte': images(3), 'train-labels-idx1-ubyte': labelled(1) },
      'expected 3 numbers, one for each example',
    ],
    [
      'no images',
      { 'train-images-idx3-ubyte': labelled(1) },
      'found uint8 of shape [1]; expected uint8 of shape',
    ],
    [
      'a test set of another size',
      { 'train-images-idx3-ubyte': images(1), 't10k-images-idx3-ubyte': images(1, 0, 2) },
      'found images of 2×2×1; expected 1×1×1, as in train-images-idx3-ubyte',
    ],
  ])('refuses %s', async (_, files, message) => {
    await expect(built('idx', { path: folderOf(files) })).rejects.toThrow(message);
  });
});

describe('cifar10 and cifar100', () => {
  const ten = {
    'data_batch_1.bin': records([[6]]),
    'data_batch_2.bin': records([[9]], 1),
    'test_batch.bin': records([[0]]),
    'batches.meta.txt': 'airplane',
  };
  it('join the parts in the order of their numbers, from their folder or that which holds it', async () => {
    const ordered = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`data_batch_${i + 1}.bin`, records([[i]], i)]),
    );
    const { train, test } = await built('cifar10', { path: folderOf(ordered), heldOut: 0 });
    expect([contentOf(train)[1], test]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], undefined]);
    const nested = Object.fromEntries(
      Object.entries(ten).map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes]),
    );
    for (const files of [ten, nested]) {
      const both = await built('cifar10', { path: folderOf(files) });
      expect([both.train.shape, contentOf(both.train)[1], contentOf(both.test)[1]]).toEqual([
        [32, 32, 3],
        [6, 9],
        [0],
      ]);
      expect(contentOf(both.train)[0]).toEqual([...pixelsOfRecords(2)]);
      expect(both.classes).toBe(cifar10Classes);
    }
    const path = join(folderOf(ten), 'data_batch_2.bin');
    expect(contentOf((await built('cifar10', { path, heldOut: 0 })).train)[1]).toEqual([9]);
  });
  it('take fine or coarse labels', async () => {
    const path = folderOf({
      'train.bin': records([
        [11, 19],
        [19, 99],
      ]),
      'test.bin': records([[1, 2]]),
    });
    const both = async (options: object): Promise<unknown> => {
      const { train, test } = await built('cifar100', { path, ...options });
      return [contentOf(train)[1], contentOf(test)[1]];
    };
    expect(await both({})).toEqual([[19, 99], [2]]);
    expect(await both({ labels: 'coarse' })).toEqual([[11, 19], [1]]);
  });
  it('refuse a missing part, the Python version and a share that has no use', async () => {
    const path = folderOf({ 'data_batch_1.bin': records([[0]]), 'data_batch_3.bin': records([[0]]) });
    await expect(built('cifar10', { path })).rejects.toThrow(
      'found data_batch_1.bin, data_batch_3.bin; expected part 2, too',
    );
    await expect(
      built('cifar10', { path: folderOf({ data_batch_1: 'x', test_batch: 'x' }) }),
    ).rejects.toThrow(
      'found data_batch_1, test_batch; expected data_batch_1.bin to data_batch_5.bin and test_batch.bin, the binary version',
    );
    await expect(built('cifar10', { path: folderOf(ten), heldOut: 0.2 })).rejects.toThrow(
      'heldOut is 0.2, but',
    );
  });
});

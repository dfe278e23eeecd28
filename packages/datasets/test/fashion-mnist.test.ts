import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { fashionMnist } from '../src/index.js';
import { idxBytes, kinds } from './idx-bytes.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder with 3 + 2 images; `change` replaces or (undefined) leaves out files. */
function folderWith(change: { readonly [name: string]: Uint8Array | undefined } = {}): string {
  const place = folder();
  const images = (n: number): Uint8Array =>
    idxBytes(
      kinds[0],
      [n, 28, 28],
      Array.from({ length: n * 784 }, (_, i) => i % 256),
    );
  const content: { readonly [name: string]: Uint8Array | undefined } = {
    'train-images-idx3-ubyte.gz': gzipSync(images(3)),
    'train-labels-idx1-ubyte.gz': gzipSync(idxBytes(kinds[0], [3], [0, 9, 4])),
    't10k-images-idx3-ubyte': images(2),
    't10k-labels-idx1-ubyte': idxBytes(kinds[0], [2], [1, 2]),
    ...change,
  };
  for (const [name, bytes] of Object.entries(content)) if (bytes) writeFileSync(join(place, name), bytes);
  return place;
}

describe('fashionMnist', () => {
  it('has 8,000 images to train and 2,000 to measure in the package, in file order, whatever is installed', async () => {
    vi.stubEnv('FASHION_MNIST_DIR', '/nowhere');
    const { train, test, classes, source, verified, split } = await fashionMnist();
    expect([train.count, test.count, classes.length, source, verified]).toEqual([
      8000,
      2000,
      10,
      'embedded',
      true,
    ]);
    expect([train.shape, test.shape]).toEqual([
      [28, 28, 1],
      [28, 28, 1],
    ]);
    expect(split).toContain('first 8,000');
    expect([...train.labels.subarray(0, 3)].map((label) => classes[label])).toEqual([
      'Ankle boot',
      'Pullover',
      'Trouser',
    ]);
    // Exact facts of the t10k file: 1,000 images of each class, pixels that sum to 573,469,082.
    const perClass = Array.from({ length: 10 }, () => 0);
    let pixels = 0;
    for (const { bytes, labels } of [train, test]) {
      for (const label of labels) perClass[label] = perClass[label]! + 1;
      for (const byte of bytes) pixels += byte;
    }
    expect(perClass).toEqual(perClass.map(() => 1000));
    expect(pixels).toBe(573_469_082);
  });

  it('returns scaled images whose labels are at the same indices', async () => {
    const { train } = await fashionMnist();
    // calls of 64: the end of the first epoch and the start of the second
    const stream = { seed: 1, call: 124, player: 1 };
    const batch = train.batch(64, stream);
    expect(batch).toHaveLength(64 * 784);
    const values = train.values();
    train.indices(64, stream).forEach((image, i) => {
      expect(batch.slice(784 * i, 784 * (i + 1))).toEqual(values.slice(784 * image, 784 * (image + 1)));
    });
    expect([Math.min(...batch), Math.max(...batch)]).toEqual([-1, 1]);
  });

  it('reads a folder in the same layout, gzipped or plain', async () => {
    const place = folderWith();
    const { train, test, verified, source } = await fashionMnist({ source: place });
    expect([train.count, test.count, verified, source]).toEqual([3, 2, false, place]);
    expect([...train.labels]).toEqual([0, 9, 4]);
    expect([...test.values(1, 2).subarray(0, 2)]).toEqual(
      [16, 17].map((byte) => Math.fround(byte / 127.5 - 1)),
    ); // byte 784 is 784 mod 256
  });

  it('decides by the content of a file, not by its name, whether it is gzip', async () => {
    const labels = idxBytes(kinds[0], [2], [1, 2]);
    const place = folderWith({
      'train-labels-idx1-ubyte.gz': idxBytes(kinds[0], [3], [0, 9, 4]),
      't10k-labels-idx1-ubyte': Buffer.concat([
        gzipSync(labels.subarray(0, 9)),
        gzipSync(labels.subarray(9)),
      ]),
    });
    const { train, test } = await fashionMnist({ source: place });
    expect([[...train.labels], [...test.labels]]).toEqual([
      [0, 9, 4],
      [1, 2],
    ]);
  });

  it('names the folders tried and what to do if files are missing', async () => {
    const place = folderWith({ 'train-labels-idx1-ubyte.gz': undefined });
    await expect(fashionMnist({ source: place })).rejects.toThrow(
      `tried ${place} (lacks train-labels-idx1-ubyte.gz)`,
    );
    await expect(fashionMnist({ source: 'embeded' })).rejects.toThrow(
      /source 'embeded'; tried embeded .*expected the source 'embedded', 'full' or a folder/,
    );
    vi.stubEnv('FASHION_MNIST_DIR', place);
    if (existsSync('/usr/share/datasets/fashion-mnist')) return;
    await expect(fashionMnist({ source: 'full' })).rejects.toThrow(
      /\/usr\/share\/datasets\/fashion-mnist.*apt-get install dataset-fashion-mnist.*FASHION_MNIST_DIR/,
    );
  });

  it("refuses other content for 'full'", async () => {
    const place = folderWith();
    vi.stubEnv('FASHION_MNIST_DIR', place);
    await expect(fashionMnist({ source: 'full' })).rejects.toThrow(
      /train-images-idx3-ubyte\.gz: found content of SHA-256 [0-9a-f]{64}; expected c59f468a/,
    );
  });

  it('refuses files of a wrong shape, type or content, and names them', async () => {
    const bad = async (name: string, bytes: Uint8Array): Promise<unknown> =>
      fashionMnist({ source: folderWith({ [name]: bytes }) });
    const [uint8, int8] = kinds;
    await expect(bad('t10k-images-idx3-ubyte', idxBytes(uint8, [2, 2, 2], Array(8).fill(0)))).rejects.toThrow(
      /t10k-images-idx3-ubyte: found shape \[2, 2, 2\]; expected \[count, 28, 28\]/,
    );
    await expect(bad('t10k-labels-idx1-ubyte', idxBytes(uint8, [3], [0, 0, 0]))).rejects.toThrow(
      /t10k-labels-idx1-ubyte: found shape \[3\]; expected \[2\], a label for each image/,
    );
    await expect(bad('t10k-labels-idx1-ubyte', idxBytes(uint8, [2], [0, 10]))).rejects.toThrow(
      'found label 10 at 1; expected 0 to 9',
    );
    await expect(bad('t10k-labels-idx1-ubyte', idxBytes(int8, [2], [0, 1]))).rejects.toThrow(
      'found int8; expected uint8',
    );
    await expect(
      bad('train-images-idx3-ubyte.gz', gzipSync(new Uint8Array(100)).subarray(0, 15)),
    ).rejects.toThrow(/train-images-idx3-ubyte\.gz: found corrupt gzip/);
  });

  const installed = process.env['FASHION_MNIST_DIR'] || '/usr/share/datasets/fashion-mnist';
  it.skipIf(!existsSync(join(installed, 'train-images-idx3-ubyte.gz')))(
    'reads all 70,000 where they are installed',
    async () => {
      const { train, test, verified } = await fashionMnist({ source: 'full' });
      expect([train.count, test.count, verified]).toEqual([60_000, 10_000, true]);
      expect(train.bytes.reduce((sum, byte) => sum + byte, 0)).toBe(3_431_114_169);
    },
  );
});

describe('fashionMnist of some classes', () => {
  it('keeps their images in file order, with labels by their place among them', async () => {
    const [all, two] = [await fashionMnist(), await fashionMnist({ classes: [8, 1] })];
    expect(two.classes).toEqual(['Bag', 'Trouser']);
    for (const part of ['train', 'test'] as const) {
      const [from, to] = [all[part], two[part]];
      const kept = [...from.labels.keys()].filter((i) => from.labels[i] === 8 || from.labels[i] === 1);
      expect(to.count).toBe(kept.length);
      expect([...to.labels]).toEqual(kept.map((i) => (from.labels[i] === 8 ? 0 : 1)));
      for (const at of [0, 17, kept.length - 1])
        expect(to.values(at, at + 1)).toEqual(from.values(kept[at]!, kept[at]! + 1));
    }
    expect(two.train.describe).toContain('Bag and Trouser only');
    expect(two.train.identity).not.toEqual(all.train.identity);
  });
  it('refuses labels that there are not, and a folder without an image of them', async () => {
    for (const classes of [[], [10], [1, 1], [0.5], 'bags'])
      await expect(Reflect.apply(fashionMnist, undefined, [{ classes }])).rejects.toThrow(
        'expected different labels from 0 to 9, as [0,1]',
      );
    await expect(fashionMnist({ source: folderWith(), classes: [5] })).rejects.toThrow(
      'fashion-mnist: no image of the classes [5] among 3; expected labels that are there, such as 0',
    );
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError, formatSpec } from '@stillpoint/operators';
import { describe, expect, it, vi } from 'vitest';
import { dataFrom, dataSpec } from '../src/index.js';
import { folderOf, npyOf, records } from './files-made.js';
import { CASES, fuzz } from './fuzz.js';
import { idxBytes, kinds } from './idx-bytes.js';
import { png } from './image-vectors.js';

const dot = png(1, 1, 0, [1]);
const images = idxBytes(kinds[0], [2, 1, 1], [0, 1]);
const points = npyOf(Float32Array.of(1, 2, 3, 4), [2, 2]);

describe('the data that a text names', () => {
  it.each<[string, { readonly [path: string]: Uint8Array | string }, string, string]>([
    ['images', { '1.png': dot, '2.png': dot, 'readme.txt': '' }, '', 'image-folder'],
    ['images in folders', { 'a/1.png': dot, 'b/2.png': dot }, '', 'image-folder'],
    ['images of train and test', { 'train/a/1.png': dot, 'val/a/2.png': dot }, '', 'image-folder'],
    ['CIFAR-10', { 'data_batch_1.bin': records([[1]]), 'test_batch.bin': records([[1]]) }, '', 'cifar10'],
    [
      'the folder of CIFAR-10’s',
      { 'cifar-10-batches-bin/data_batch_1.bin': records([[1], [2]]) },
      '',
      'cifar10',
    ],
    ['CIFAR-100', { 'train.bin': records([[1, 2]]), 'test.bin': records([[1, 2]]) }, '', 'cifar100'],
    ['a part of CIFAR-10', { 'data_batch_1.bin': records([[1], [2]]) }, 'data_batch_1.bin', 'cifar10'],
    ['IDX files', { 'train-images-idx3-ubyte': images }, '', 'idx'],
    ['one IDX file', { 'train-images-idx3-ubyte': images }, 'train-images-idx3-ubyte', 'idx'],
    ['an NPY file', { 'a b.npy': points }, 'a b.npy', 'npy'],
    ['a CSV file', { 'p.CSV': '1,2\n3,4\n' }, 'p.CSV', 'csv'],
  ])('is %s', async (_, files, inside, name) => {
    const place = folderOf(files);
    const path = inside === '' ? place : join(place, inside);
    const spec = await dataSpec(path);
    expect(spec).toEqual({ name, inner: [], options: { path } });
    const { train, test } = await dataFrom(path);
    expect(train.name).toBe(name);
    expect(test?.count).toBe(1);
    expect((await dataFrom(formatSpec(spec))).train.identity).toEqual(train.identity);
  });

  it('is a spec where its name is registered, and a path elsewhere', async () => {
    expect(await dataSpec('ring(modes=5)')).toEqual({ name: 'ring', inner: [], options: { modes: 5 } });
    const place = folderOf({ 'ring/1.png': dot, 'ring/2.png': dot });
    const here = relative('.', join(place, 'ring'));
    expect(await dataSpec(here)).toEqual({ name: 'image-folder', inner: [], options: { path: here } });
    expect((await dataFrom({ name: 'grid', inner: [], options: {} })).train.name).toBe('grid');
    await expect(dataSpec('ring(modes=)')).rejects.toThrow('expected a value at character 12');
    await expect(dataFrom('ring(mode=5)')).rejects.toThrow('did you mean modes?');
    await expect(dataFrom('csv')).rejects.toThrow('dataset csv needs path');
  });

  it.each<[string, { readonly [path: string]: Uint8Array | string }, string, string]>([
    [
      'no data',
      { 'a.txt': '', 'b.txt': '', 'c/d.md': '', Makefile: '' },
      '',
      ': found 2 .txt, 1 without extension, 1 .md; expected a folder of PNG or JPEG images, with IDX files',
    ],
    ['nothing', {}, '', ': found no file; expected a folder of PNG'],
    ['an array', { 'x.npy': points, 'y.md': '' }, '', 'found 1 .npy, 1 .md; expected a folder of PNG'],
    [
      'one picture',
      { '1.jpg': dot },
      '1.jpg',
      '(…-images-idx3-ubyte): this is one picture, so give its folder',
    ],
    ['arrays in a zip file', { 'x.npz': '' }, 'x.npz', ': save one array with numpy.save'],
    ['an archive', { 'x.tar.gz': '' }, 'x.tar.gz', ': unpack it, and give the folder'],
    [
      'another file',
      { 'x.doc': '' },
      'x.doc',
      'x.doc: found a file of another kind; expected a folder of PNG',
    ],
    [
      'images of other kinds',
      { '1.png': dot, '2.gif': '' },
      '',
      'found an image of another kind; expected PNG or JPEG',
    ],
    ['images too deep', { 'a/b/1.png': dot }, '', 'found a folder in a folder of a folder'],
  ])('is refused where it is %s', async (_, files, inside, message) => {
    const place = folderOf(files);
    const path = inside === '' ? place : join(place, inside);
    await expect(dataFrom(path)).rejects.toThrow(message);
    await expect(dataFrom(path)).rejects.toBeInstanceOf(InputError);
  });

  it('names the file of an array in a folder, and the specs for a folder of several kinds', async () => {
    const array = folderOf({ 'x.npy': points });
    await expect(dataFrom(array)).rejects.toThrow(`: give the file itself, as ${join(array, 'x.npy')}`);
    const both = folderOf({ '1.png': dot, 'train-images-idx3-ubyte': images });
    const named = (name: string): string => `'${name}(path=${JSON.stringify(both)})'`;
    await expect(dataFrom(both)).rejects.toThrow(
      `${both}: found 1 .png, 1 without extension, which is data of several kinds; expected one: say which, as ${named('idx')} or ${named('image-folder')}`,
    );
  });

  it('names the nearest data set, and the nearest name in the folder', async () => {
    await expect(dataFrom('rings')).rejects.toThrow(
      'unknown data "rings": no data set and no file has that name; did you mean "ring"?',
    );
    await expect(dataFrom('nothing like it')).rejects.toThrow(
      /no file has that name; expected one of ring, grid, .*, cifar100, text, or the path of a folder of PNG or JPEG images, with/,
    );
    await expect(dataFrom('rings(modes=3)')).rejects.toThrow('unknown dataset "rings"; did you mean ring?');
    const place = folderOf({ 'points.csv': '1 2\n' });
    await expect(dataFrom(join(place, 'point.csv'))).rejects.toThrow('did you mean "points.csv"?');
    await expect(dataFrom(join(place, 'points.csv', 'x'))).rejects.toThrow(
      'no data set and no file has that name',
    );
    await expect(dataFrom(join(place, 'x'.repeat(5000)))).rejects.toThrow(
      /^unknown data ".{60}… \(\d+ characters\)"/,
    );
  });

  it.each([[''], ['a\0b'], [undefined], [3], [null]])('%j is no text of data', async (given) => {
    // @ts-expect-error from JavaScript
    await expect(dataSpec(given)).rejects.toThrow('expected a spec, as ring(modes=25), or a path');
  });

  it('takes names with control characters, and shows them escaped in its lists', async () => {
    const place = folderOf({ 'a\u001b[31m/1.png': dot, 'b\n/1.png': png(1, 2, 0, [1, 2]) });
    await expect(dataFrom(place)).rejects.toThrow(
      '1 of 1×1, grey ("a\\u001b[31m/1.png"), 1 of 1×2, grey ("b\\n/1.png")',
    );
    writeFileSync(join(place, 'b\n/1.png'), dot);
    expect((await dataFrom(place)).classes).toEqual(['a\u001b[31m', 'b\n']);
    const spec = join(place, 'x\u001b\n"\\');
    mkdirSync(spec);
    writeFileSync(join(spec, '1.png'), dot);
    writeFileSync(join(spec, '2.png'), dot);
    expect((await dataFrom(formatSpec(await dataSpec(spec)))).train.name).toBe('image-folder');
  });

  it('reads specs in a page, and says that files need Node', async () => {
    vi.stubGlobal('process', undefined);
    const built = await dataFrom('ring');
    const path = dataFrom('./photos');
    const row = dataFrom('npy(path="a.npy")');
    await expect(path).rejects.toThrow('./photos: found no Node here; expected Node 20.19 or later');
    await expect(row).rejects.toThrow('a.npy: found no Node here');
    vi.unstubAllGlobals();
    expect(built.train.shape).toEqual([2]);
  });
});

describe('damaged files', () => {
  const floats = npyOf(
    Float32Array.from({ length: 12 }, (_, i) => i),
    [6, 2],
  );
  it.each<[string, Uint8Array, string]>([
    ['points.npy', floats, 'npy'],
    ['train-images-idx3-ubyte', idxBytes(kinds[0], [4, 2, 2], Array(16).fill(7)), 'idx'],
    ['points.csv', Buffer.from('x,y\n1,2\n3,4\n5,6\n'), 'csv'],
    ['data_batch_1.bin', records([[1], [2], [3]]), 'cifar10'],
  ])(
    `as %s become data in two parts or are refused, ${CASES} times`,
    { timeout: 600_000 },
    async (name, bytes, row) => {
      const path = join(folderOf({}), name);
      const counts = await fuzz(
        [bytes],
        async (damaged) => {
          writeFileSync(path, damaged);
          return dataFrom(path);
        },
        ({ train, test }) => {
          expect(train.name).toBe(row);
          expect(test?.count).toBeGreaterThan(0);
          expect(train.batch(3, { seed: 1, call: 0 }).every((x) => Number.isFinite(x))).toBe(true);
          expect(train.shape).toEqual(test?.shape);
        },
      );
      expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
    },
  );
});

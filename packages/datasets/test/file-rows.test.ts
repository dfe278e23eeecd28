import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, identityDifference, permutation } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { datasetFrom, datasets } from '../src/index.js';
import { folderOf, npyOf } from './files-made.js';
import { png } from './image-vectors.js';
import { built, contentOf } from './rows-built.js';

/** Twenty images of one pixel, image i of grey 3i, in the folders a and b by turns. */
const dots = (from = 0): { [path: string]: Uint8Array } =>
  Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `${i % 2 === 0 ? 'a' : 'b'}/${String(i).padStart(2, '0')}.png`,
      png(1, 1, 0, [3 * i + from]),
    ]),
  );
/** Their greys and labels in the order of their names. */
const inOrder = [...Array(10).keys()].map((k) => 6 * k).concat([...Array(10).keys()].map((k) => 6 * k + 3));
const labels = inOrder.map((_, i) => (i < 10 ? 0 : 1));
const heldOf = (count: number, held: number): number[] =>
  Array.from(permutation(count, { seed: 0, purpose: 'held out' }).slice(0, held).sort());

describe('the part that is held out', () => {
  it.each([
    [undefined, 2],
    [0.1, 2],
    [0.25, 5],
    [0.001, 1],
    [0.999, 19],
  ])('is with heldOut %s a fixed choice of %i in twenty, with its labels', async (heldOut, count) => {
    const path = folderOf(dots());
    const { train, test, classes } = await built('image-folder', { path, ...(heldOut && { heldOut }) });
    const held = heldOf(20, count);
    const rest = [...inOrder.keys()].filter((i) => !held.includes(i));
    const at = (of: readonly number[], places: readonly number[]): number[] => places.map((i) => of[i]!);
    expect(contentOf(test)).toEqual([at(inOrder, held), at(labels, held)]);
    expect(contentOf(train)).toEqual([at(inOrder, rest), at(labels, rest)]);
    expect([train.shape, classes]).toEqual([
      [1, 1, 1],
      ['a', 'b'],
    ]);
    expect(train.describe).toContain(`; ${20 - count} of them, the other ${count} are held out`);
  });
  it('is none with heldOut 0, and never all', async () => {
    const path = folderOf({ 'p.csv': '1 2\n3 4\n' });
    const all = await built('csv', { path: join(path, 'p.csv'), heldOut: 0 });
    expect([all.test, contentOf(all.train)]).toEqual([undefined, [[1, 2, 3, 4], []]]);
    const some = await built('csv', { path: join(path, 'p.csv'), heldOut: 0.9 });
    expect(contentOf(some.train)[0]).toHaveLength(2);
    const one = join(folderOf({ 'p.csv': '1 2\n' }), 'p.csv');
    await expect(built('csv', { path: one })).rejects.toThrow(
      'csv: found 1 example; expected 2 or more, so that one can be held out: give heldOut=0 to train on all',
    );
    expect(contentOf((await built('csv', { path: one, heldOut: 0 })).train)[0]).toEqual([1, 2]);
  });
  it('refuses a share of 1', () =>
    expect(built('csv', { path: 'p.csv', heldOut: 1 })).rejects.toThrow('expected a number >= 0 and < 1'));
});

describe('image-folder', () => {
  it('takes the folders train and test as such', async () => {
    const path = folderOf({
      'train/x/1.png': png(1, 1, 0, [1]),
      'train/y/2.png': png(1, 1, 0, [2]),
      'test/x/3.png': png(1, 1, 0, [3]),
      'test/y/4.png': png(1, 1, 0, [4]),
    });
    const { train, test, classes } = await built('image-folder', { path });
    expect([contentOf(train), contentOf(test), classes]).toEqual([
      [
        [1, 2],
        [0, 1],
      ],
      [
        [3, 4],
        [0, 1],
      ],
      ['x', 'y'],
    ]);
    await expect(built('image-folder', { path, heldOut: 0.1 })).rejects.toThrow(
      `image-folder: heldOut is 0.1, but ${join(path, 'test')} holds the examples to measure with`,
    );
  });
  it.each<[string, { readonly [path: string]: readonly [number, number] }, string]>([
    [
      'a third folder beside train and test',
      { 'train/1.png': [1, 1], 'test/1.png': [1, 1], 'val/1.png': [1, 1] },
      'found the folders "test", "train", "val"; expected train and one of test, val, valid, validation',
    ],
    [
      'another size in test',
      { 'train/1.png': [1, 1], 'val/1.png': [1, 2] },
      'the images of train are 1×1×1, those of val are 1×2×1; expected the same',
    ],
    [
      'other classes in test',
      { 'train/x/1.png': [1, 1], 'train/y/1.png': [1, 1], 'test/x/1.png': [1, 1] },
      'only one of train and test has the folder "y"; expected the same classes in both',
    ],
  ])('refuses %s', async (_, files, message) => {
    const path = folderOf(
      Object.fromEntries(
        Object.entries(files).map(([name, [height, width]]) => [
          name,
          png(height, width, 0, Array<number>(height * width).fill(1)),
        ]),
      ),
    );
    await expect(built('image-folder', { path })).rejects.toThrow(message);
  });
  it('gives all images the size and the channels asked for; without, those that they have', async () => {
    const path = folderOf({
      '1.png': png(2, 4, 0, [9, 1, 2, 9, 9, 3, 4, 9]),
      '2.png': png(1, 1, 2, [7, 8, 9]),
    });
    await expect(built('image-folder', { path })).rejects.toThrow(
      '1 of 2×4, grey ("1.png"), 1 of 1×1, colour ("2.png"); expected one kind: give a size for all, height=2, width=4',
    );
    const { train } = await built('image-folder', { path, height: 2, width: 2, channels: 3, heldOut: 0 });
    expect([train.shape, contentOf(train)[0]]).toEqual([
      [2, 2, 3],
      [...[1, 2, 3, 4].flatMap((v) => [v, v, v]), ...[1, 2, 3, 4].flatMap(() => [7, 8, 9])],
    ]);
    const squashed = await built('image-folder', {
      path,
      height: 1,
      width: 1,
      fit: 'squash',
      channels: 1,
      heldOut: 0,
    });
    expect(contentOf(squashed.train)[0]![0]).toBe(6); // (9 + 1 + 2 + 9 + 9 + 3 + 4 + 9) / 8 = 5.75
    await expect(built('image-folder', { path, height: 2 })).rejects.toThrow(
      'image-folder: height is 2, width is null; expected both',
    );
  });
  it('blends transparent pixels with the background', async () => {
    const path = folderOf({ '1.png': png(1, 1, 4, [9, 0]) });
    const { train } = await built('image-folder', { path, background: [5, 5, 5], heldOut: 0 });
    expect(contentOf(train)[0]).toEqual([5]);
  });
  it.each([
    ['height=0', 'height is 0; expected a whole number >= 1 and <= 65535'],
    ['channels=4', 'channels is 4; expected 1 for grey or 3 for colour'],
    ['background=[0,0,256]', 'background is [0,0,256]; expected three whole numbers from 0 to 255'],
    ['fit=pad', 'fit is pad; expected one of crop, squash'],
    ['height=65535, width=65535', 'are 4294836225 bytes; expected 2147483648 at most'],
  ])('refuses %s', async (options, message) => {
    const path = folderOf({ '1.png': png(1, 1, 0, [1]) });
    await expect(datasetFrom(`image-folder(path=${JSON.stringify(path)}, ${options})`)).rejects.toThrow(
      message,
    );
  });
});

describe('npy', () => {
  it('is points or images by its shape', async () => {
    const path = folderOf({
      'points.npy': npyOf(Float32Array.of(1, 2, 3, 4), [2, 2]),
      'bytes.npy': npyOf(Uint8Array.of(0, 1, 2, 255), [2, 1, 2]),
      'colour.npy': npyOf(Float32Array.of(0, 0.5, 1), [1, 1, 1, 3]),
      'labels.npy': npyOf(Uint8Array.of(1, 0), [2]),
      'one.npy': npyOf(Uint8Array.of(1, 0), [2]),
    });
    const at = (name: string): string => join(path, name);
    const points = await built('npy', { path: at('points.npy'), labels: at('labels.npy'), heldOut: 0 });
    expect([points.train.shape, contentOf(points.train)]).toEqual([
      [2],
      [
        [1, 2, 3, 4],
        [1, 0],
      ],
    ]);
    const bytes = await built('npy', { path: at('bytes.npy'), labels: at('labels.npy'), heldOut: 0 });
    expect([bytes.train.shape, contentOf(bytes.train)]).toEqual([
      [1, 2, 1],
      [
        [0, 1, 2, 255],
        [1, 0],
      ],
    ]);
    const colour = await built('npy', { path: at('colour.npy'), range: [0, 1], heldOut: 0 });
    expect([colour.train.shape, contentOf(colour.train)[0]]).toEqual([
      [1, 1, 3],
      [0, 128, 255],
    ]);
    const refused: readonly (readonly [{ readonly [name: string]: unknown }, string])[] = [
      [
        { path: at('colour.npy') },
        'pixels are a Float32Array of 12 bytes from 0 to 1, and range is undefined',
      ],
      [{ path: at('colour.npy'), range: [1, 0] }, 'range is [1,0]; expected two numbers, the smaller first'],
      [{ path: at('points.npy'), range: [0, 1] }, 'is that of points, which are not scaled'],
      [{ path: at('one.npy') }, 'found shape [2]; expected [count, dim] for points'],
      [
        { path: at('points.npy'), labels: at('points.npy') },
        'found shape [2, 2]; expected [count], a label for',
      ],
      [
        { path: at('colour.npy'), range: [0, 1], labels: at('labels.npy') },
        'expected 1 numbers, one for each',
      ],
      [{ path: at('none.npy') }, 'cannot be read (ENOENT'],
      [{ path }, 'found a folder; expected a file'],
    ];
    for (const [options, message] of refused) await expect(built('npy', options)).rejects.toThrow(message);
  });
});

describe('csv', () => {
  it('is points, with the labels of a column and their names', async () => {
    const path = join(folderOf({ 'p.csv': 'x;y;kind\n1;2;b\n3;4;a\n5;6;b\n' }), 'p.csv');
    for (const label of ['kind', 2]) {
      const { train, classes } = await built('csv', { path, label, heldOut: 0 });
      expect([contentOf(train), classes]).toEqual([
        [
          [1, 2, 3, 4, 5, 6],
          [1, 0, 1],
        ],
        ['a', 'b'],
      ]);
    }
    expect((await built('csv', { path, label: 'kind' })).test?.count).toBe(1);
    await expect(built('csv', { path })).rejects.toThrow(
      `${path}: line 2, column 3 is "b"; expected a number`,
    );
    await expect(built('csv', { path, label: 'kin' })).rejects.toThrow('(the nearest: kind)');
    await expect(built('csv', { path, separator: '|' })).rejects.toThrow(
      'separator is "|"; expected ",", ";"',
    );
  });
  it('takes separator and header', async () => {
    const path = join(folderOf({ 'p.csv': '1\t2\n3\t4\n' }), 'p.csv');
    const { train } = await built('csv', { path, separator: '\t', header: true, heldOut: 0 });
    expect(contentOf(train)[0]).toEqual([3, 4]);
  });
});

describe('the identity of a user’s data', () => {
  const identityOf = async (name: string, options: { readonly [name: string]: unknown }) =>
    (await built(name, options)).train.identity ?? null;
  it('is that of the prepared examples: the same at another path, another for each preparation', async () => {
    const [path, other] = [folderOf(dots()), join(folder(), 'moved')];
    cpSync(path, other, { recursive: true });
    const usual = await identityOf('image-folder', { path });
    expect(usual).toMatchObject({ kind: 'images', name: 'image-folder', shape: [1, 1, 1] });
    expect(identityDifference(usual, await identityOf('image-folder', { path: other }))).toBe(undefined);
    for (const options of [{ heldOut: 0.2 }, { height: 2, width: 1 }, { channels: 3 }])
      expect(
        identityDifference(usual, await identityOf('image-folder', { path, ...options })),
        JSON.stringify(options),
      ).toMatch(/^(bytes|shape)/);
    expect(identityDifference(usual, await identityOf('image-folder', { path: folderOf(dots(1)) }))).toMatch(
      /^bytes/,
    );
    const floats = join(folderOf({ 'f.npy': npyOf(Float32Array.of(0, 0.5, 1, 0.25), [4, 1, 1]) }), 'f.npy');
    expect(
      identityDifference(
        await identityOf('npy', { path: floats, range: [0, 1] }),
        await identityOf('npy', { path: floats, range: [-1, 1] }),
      ),
    ).toMatch(/^bytes/);
  });
});

describe('what is no file or folder of data', () => {
  const rows = datasets.filter(({ options }) => 'path' in options);
  it.each(rows.map(({ name }) => [name]))('%s refuses a pipe, a device and a loop of links', async (name) => {
    const place = folder();
    execFileSync('mkfifo', [join(place, 'pipe')]);
    symlinkSync('loop', join(place, 'loop'));
    for (const path of [join(place, 'pipe'), '/dev/zero', join(place, 'loop'), join(place, 'none'), '']) {
      const outcome = built(name, { path });
      await expect(outcome, path).rejects.toBeInstanceOf(InputError);
      await expect(outcome, path).rejects.toThrow(/expected|cannot be read/);
    }
    await expect(built(name, { path: 'a\0b' })).rejects.toThrow(
      'path is "a\\u0000b"; expected a path in quotes',
    );
    await expect(datasetFrom(name)).rejects.toThrow(`dataset ${name} needs path`);
    await expect(datasetFrom(`${name}(path=3)`)).rejects.toThrow('path is 3; expected a path in quotes');
  });
  it('links in a folder are followed; those that lead nowhere are an error', async () => {
    const path = folderOf({ '1.png': png(1, 1, 0, [1]) });
    symlinkSync(join(path, '1.png'), join(path, '2.png'));
    expect(contentOf((await built('image-folder', { path, heldOut: 0 })).train)[0]).toEqual([1, 1]);
    symlinkSync('loop.png', join(path, 'loop.png'));
    await expect(built('image-folder', { path })).rejects.toThrow(/loop\.png: cannot be read \(ELOOP/);
    const deep = folderOf({ 'a/1.png': png(1, 1, 0, [1]) });
    symlinkSync(deep, join(deep, 'a', 'up')); // an endless path
    await expect(built('image-folder', { path: deep })).rejects.toThrow('expected one level of folders');
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it, vi } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { imageFiles, imageFolder, type ImageFilesOptions } from '../src/index.js';
import { resized } from '../src/picture.js';
import { CASES, fuzz } from './fuzz.js';
import { fileOf, png, vectors } from './image-vectors.js';

const dot = (v: number): Uint8Array => png(1, 1, 0, [v]);
const bytesOf = (bytes: Uint8Array, options?: ImageFilesOptions): number[] => [
  ...imageFiles([{ name: 'a.png', bytes }], options).images.bytes,
];
const picture = (width: number, height: number, pixels: readonly number[]) =>
  ({ width, height, channels: 1, depth: 8, data: Uint8Array.from(pixels) }) as const;

describe('images of files', () => {
  it('sorts names by code points, and takes folders as labels', () => {
    const names = ['b/1.png', 'a/10.png', 'a/9.png', 'B/x.png', '\u{1f600}/1.png', '\uff21/1.png'];
    const { images, files, classes } = imageFiles(names.map((name, i) => ({ name, bytes: dot(i) })));
    expect(files).toEqual(['B/x.png', 'a/10.png', 'a/9.png', 'b/1.png', '\uff21/1.png', '\u{1f600}/1.png']);
    expect(classes).toEqual(['B', 'a', 'b', '\uff21', '\u{1f600}']);
    expect([images.shape, [...images.bytes], [...images.labels]]).toEqual([
      [1, 1, 1],
      [3, 1, 2, 0, 5, 4],
      [0, 1, 1, 2, 3, 4],
    ]);
    expect(imageFiles([{ name: '1.png', bytes: dot(0) }])).not.toHaveProperty('classes');
  });

  it('decides by content, not by name', () => {
    const [jpeg] = vectors.jpeg;
    expect(bytesOf(fileOf(jpeg?.file ?? ''))).toEqual([...fileOf(jpeg?.pixels ?? '')]);
  });

  it('scales 16 bits by rounding v / 257', () => {
    const deep = vectors.png.find(({ name }) => name === 'grey, 16 bits')!;
    const samples = new Uint16Array(fileOf(deep.pixels).buffer);
    expect(bytesOf(fileOf(deep.file))).toEqual(Array.from(samples, (v) => Math.round(v / 257)));
  });

  it('blends alpha with a background, and refuses it without', () => {
    const half = png(1, 2, 4, [200, 128, 200, 255]);
    expect(() => bytesOf(half)).toThrow(
      'a.png: found transparent pixels; expected opaque ones, or a colour to blend with',
    );
    expect(bytesOf(half, { background: [0, 0, 0] })).toEqual([Math.round((200 * 128) / 255), 200]);
    expect(bytesOf(half, { background: [255, 255, 255] })).toEqual([
      Math.round((200 * 128 + 255 * 127) / 255),
      200,
    ]);
    expect(bytesOf(png(1, 1, 4, [9, 0]), { background: [1, 2, 3] })).toEqual([1, 2, 3]);
    expect(bytesOf(png(1, 1, 6, [9, 9, 9, 0]), { background: [1, 2, 3] })).toEqual([1, 2, 3]);
    expect(bytesOf(png(1, 2, 4, [200, 255, 7, 255]))).toEqual([200, 7]); // opaque: nothing to blend
  });

  it('makes grey of colour and colour of grey', () => {
    const colours = png(1, 4, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
    expect(bytesOf(colours, { channels: 1 })).toEqual([76, 150, 29, 9]); // 0.299, 0.587, 0.114 of 255
    expect(bytesOf(png(1, 2, 0, [3, 4]), { channels: 3 })).toEqual([3, 3, 3, 4, 4, 4]);
  });

  it('lists the kinds of images that there are, and says how to make one of them', () => {
    const some = (made: readonly Uint8Array[], options?: ImageFilesOptions) => () =>
      imageFiles(
        made.map((bytes, i) => ({ name: `${i}.png`, bytes })),
        options,
      );
    const wide = png(1, 2, 0, [1, 2]);
    const red = png(1, 1, 2, [1, 2, 3]);
    expect(some([dot(1), wide, wide])).toThrow(
      'images: found images of different kinds: 2 of 1×2, grey ("1.png"), 1 of 1×1, grey ("0.png"); expected one kind: give a size for all, height=1, width=2 in a spec, size: [1, 2] in a program',
    );
    expect(some([dot(1), red])).toThrow(
      '1 of 1×1, grey ("0.png"), 1 of 1×1, colour ("1.png"); expected one kind: give channels, 1 for grey or 3 for colour',
    );
    expect(some([dot(1), red, wide])).toThrow(
      'size: [1, 1] in a program, and channels, 1 for grey or 3 for colour',
    );
    const seven = Array.from({ length: 7 }, (_, i) => png(1, i + 1, 0, Array<number>(i + 1).fill(0)));
    expect(some(seven)).toThrow('1 of 1×5, grey ("4.png") and 2 more sizes; expected');
    const { images } = some([dot(9), red, wide], { size: [1, 1], channels: 3 })();
    expect([...images.bytes].slice(0, 6)).toEqual([9, 9, 9, 1, 2, 3]);
    expect(images.count).toBe(3);
  });

  it('refuses images that become too many bytes, before it makes one', () => {
    // 2¹⁶ − 1 squared is more than 2³¹
    expect(() => bytesOf(dot(1), { size: [65_535, 65_535] })).toThrow(
      'images: 1 images of 65535×65535, grey are 4294836225 bytes; expected 2147483648 at most',
    );
  });

  it.each<[ImageFilesOptions, string]>([
    [{ size: [0, 1] }, 'images: size[0] is 0'],
    [{ size: [1, 70_000] }, 'images: size[1] is 70000'],
    [
      { background: [0, 0, 256] },
      'images: background is [0, 0, 256]; expected a colour as three whole numbers',
    ],
    [{ maxPixels: 0 }, 'images: maxPixels is 0'],
  ])('refuses %j', (options, message) => {
    expect(() => bytesOf(dot(1), options)).toThrow(message);
  });

  it('refuses other files, other options and none', () => {
    expect(() => bytesOf(Uint8Array.of(0x47, 0x49, 0x46, 0x38))).toThrow(
      'a.png: found a file that begins 47 49 46 38; expected a PNG or JPEG image',
    );
    expect(() => bytesOf(new Uint8Array(0))).toThrow('a.png: found an empty file');
    expect(() => imageFiles([])).toThrow('images: files are []; expected at least one PNG or JPEG image');
    expect(() =>
      imageFiles([
        { name: '1.png', bytes: dot(1) },
        { name: 'a/1.png', bytes: dot(1) },
      ]),
    ).toThrow('images: "1.png" is in no folder, "a" is one');
    // @ts-expect-error from JavaScript
    expect(() => bytesOf(dot(1), { size: 32 })).toThrow('size is 32; expected height and width, as [32, 32]');
    // @ts-expect-error from JavaScript
    expect(() => bytesOf(dot(1), { fit: 'pad' })).toThrow("fit is \"pad\"; expected 'crop' or 'squash'");
    // @ts-expect-error from JavaScript
    expect(() => bytesOf(dot(1), { channels: 2 })).toThrow(
      'channels is 2; expected 1 for grey or 3 for colour',
    );
    // @ts-expect-error from JavaScript
    expect(() => imageFiles(['a.png'])).toThrow(
      'images: found the file "a.png"; expected its name and its bytes',
    );
  });

  it('reads JPEG in a page, and says that PNG needs Node', () => {
    vi.stubGlobal('process', undefined);
    const [jpeg] = vectors.jpeg;
    expect(bytesOf(fileOf(jpeg?.file ?? ''))).toHaveLength(21 * 13);
    expect(() => bytesOf(dot(1))).toThrow('a.png: found no Node here');
    vi.unstubAllGlobals();
  });
});

describe('damaged files', () => {
  it(
    `become images of the asked size in [-1, 1] or are refused, ${CASES} times`,
    { timeout: 600_000 },
    async () => {
      const files = [...vectors.png, ...vectors.jpeg].map(({ file }) => fileOf(file));
      const options = { size: [8, 6], channels: 3, background: [255, 0, 9] } as const;
      const counts = await fuzz(
        files,
        (bytes) => imageFiles([{ name: 'a', bytes }], options),
        ({ images }) => {
          expect([images.count, images.shape]).toEqual([1, [8, 6, 3]]);
          expect(images.values().every((v) => v >= -1 && v <= 1)).toBe(true);
        },
      );
      expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
    },
  );
});

describe('sizes', () => {
  it('average areas, each pixel by its covered part', () => {
    expect([...resized(picture(4, 2, [0, 10, 20, 30, 4, 6, 40, 50]), 2, 1, 'squash').data]).toEqual([5, 35]);
    // three pixels to two: one and a half each
    expect([...resized(picture(3, 1, [0, 90, 240]), 2, 1, 'squash').data]).toEqual([30, 190]);
  });
  it('are linear between the centres of pixels', () => {
    expect([...resized(picture(2, 1, [0, 100]), 4, 1, 'squash').data]).toEqual([0, 25, 75, 100]);
  });
  it('take the centred part of their proportions', () => {
    expect([...resized(picture(4, 2, [9, 1, 2, 9, 9, 3, 4, 9]), 2, 2, 'crop').data]).toEqual([1, 2, 3, 4]);
    expect([...resized(picture(1, 3, [1, 2, 3]), 1, 1, 'crop').data]).toEqual([2]);
    // half a pixel at each side is cut
    expect([...resized(picture(3, 2, [0, 40, 80, 0, 40, 80]), 1, 1, 'crop').data]).toEqual([40]);
  });
  it('keep a constant image constant', () => {
    for (let size = 1; size < 12; size++)
      for (const fit of ['crop', 'squash'] as const) {
        const { data } = resized(
          picture(
            7,
            5,
            Array.from({ length: 35 }, () => 173),
          ),
          size,
          12 - size,
          fit,
        );
        expect(new Set(data)).toEqual(new Set([173]));
      }
  });
  it('are those of Pillow', () => {
    const wave = Array.from({ length: 18 * 12 }, (_, i) => {
      const [x, y] = [i % 18, Math.floor(i / 18)];
      return Math.round(255 * (0.5 + 0.5 * Math.sin(0.37 * y + 0.23 * x + 0.011 * x * y)));
    });
    for (const { width, height, pixels } of vectors.sizes) {
      const { data } = resized(picture(18, 12, wave), width, height, 'squash');
      const expected = fileOf(pixels);
      // Pillow rounds after the rows and after the columns: half a unit twice, and ours once
      expect(
        Math.max(...Array.from(data, (v, i) => Math.abs(v - expected[i]!))),
        `${width}×${height}`,
      ).toBeLessThanOrEqual(1);
    }
  });
});

describe('a folder of images', () => {
  const write = (place: string, names: readonly string[]): void => {
    for (const [i, name] of names.entries()) {
      mkdirSync(join(place, name, '..'), { recursive: true });
      writeFileSync(join(place, name), dot(i));
    }
  };
  it('is read with its folders as labels', async () => {
    const place = folder();
    write(place, [
      'dogs/2.png',
      'cats/1.PNG',
      'dogs/1.jpeg',
      '.hidden/1.png',
      'cats/.x.png',
      'cats/notes.txt',
    ]);
    const { images, files, classes } = await imageFolder(place, { name: 'pets' });
    expect([files, classes]).toEqual([
      ['cats/1.PNG', 'dogs/1.jpeg', 'dogs/2.png'],
      ['cats', 'dogs'],
    ]);
    expect([images.name, [...images.bytes], [...images.labels]]).toEqual(['pets', [1, 2, 0], [0, 1, 1]]);
    expect(images.describe).toBe('3 PNG and JPEG images of 2 folders, 1×1×1 in [-1, 1]');
  });
  it.each<[string, readonly string[], string]>([
    [
      'images of other kinds',
      ['1.png', '2.webp'],
      'found an image of another kind; expected PNG or JPEG: convert or remove it',
    ],
    ['folders of folders', ['a/b/1.png'], 'found a folder in a folder of a folder'],
    ['no image', ['a.txt'], 'found no image; expected files whose names end in .png, .jpg or .jpeg'],
    ['images beside folders', ['1.png', 'a/1.png'], '"1.png" is in no folder'],
  ])('refuses %s', async (_, names, message) => {
    const place = folder();
    write(place, names);
    await expect(imageFolder(place)).rejects.toThrow(message);
    await expect(imageFolder(place)).rejects.toThrow(InputError);
  });
  it('refuses what is no folder', async () => {
    const place = folder();
    await expect(imageFolder(join(place, 'none'))).rejects.toThrow('cannot be read (ENOENT');
    await expect(imageFolder('')).rejects.toThrow('imageFolder: found ""; expected the path of a folder');
  });
});

import { deflateSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { parseJpeg } from '../src/jpeg.js';
import type { Picture } from '../src/picture.js';
import { parsePng } from '../src/png.js';
import { CASES, fuzz } from './fuzz.js';
import {
  channelsOf,
  chunk,
  fileOf,
  ihdr,
  png,
  signature,
  vectors,
  withChecksums,
  type Case,
} from './image-vectors.js';

const MOST = 2 ** 20;
const pixelsOf = ({ pixels, depth }: Case): Uint8Array | Uint16Array => {
  const bytes = fileOf(pixels);
  return depth === 16 ? new Uint16Array(bytes.buffer) : bytes;
};

/** Asserts that it is an image of samples in range: more cannot be said of damaged pixels. */
function checkPicture({ width, height, channels, data }: Picture): void {
  expect([width > 0, height > 0, channels >= 1 && channels <= 4]).toEqual([true, true, true]);
  expect(data).toHaveLength(width * height * channels);
}

describe('PNG', () => {
  it.each(vectors.png)('reads the pixels that Pillow reads: $name', (one) => {
    const { height, width, channels, depth } = one;
    const picture = parsePng(fileOf(one.file), 'a.png', MOST);
    expect(picture).toEqual({ height, width, channels, depth, data: pixelsOf(one) });
  });

  const small = png(2, 3, 0, [0, 50, 100, 150, 200, 250]);
  const pixels = chunk('IDAT', deflateSync(Uint8Array.of(0, 0, 50, 100, 0, 150, 200, 250)));
  const [header, end] = [ihdr(2, 3, 0), chunk('IEND', [])];
  const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat([signature, ...parts]);

  it('refuses every truncation, and every bit that flips', () => {
    const whole = parsePng(small, 'a.png', MOST);
    expect([...whole.data]).toEqual([0, 50, 100, 150, 200, 250]);
    for (let length = 8; length < small.length; length++)
      expect(() => parsePng(small.subarray(0, length), 'a.png', MOST)).toThrow(InputError);
    // every byte after the signature is under a checksum, or is one, or says where one is
    for (let bit = 64; bit < 8 * small.length; bit++) {
      const damaged = small.slice();
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
      expect(() => parsePng(damaged, 'a.png', MOST), `bit ${bit}`).toThrow(InputError);
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['bytes after the end', Uint8Array.of(...small, 0), 'a.png: found 1 bytes after the end; expected none'],
    ['no end', joined(header, pixels), 'expected a chunk IEND at the end: the file is truncated'],
    ['no header', joined(pixels, end), 'found a chunk IDAT; expected one IHDR, the first chunk'],
    ['two headers', joined(header, header, pixels, end), 'found a chunk IHDR'],
    ['no pixels', joined(header, end), 'found no pixels'],
    [
      'pixels apart',
      joined(header, pixels, chunk('tEXt', []), pixels, end),
      'expected all chunks IDAT together',
    ],
    [
      'an animation',
      joined(header, chunk('acTL', []), pixels, end),
      'found an animation; expected one image',
    ],
    ['an unknown chunk', joined(header, chunk('ABCD', []), pixels, end), 'found an unknown chunk "ABCD"'],
    [
      'a size',
      joined(ihdr(2000, 3000, 0), pixels, end),
      'found a size of 3000×2000; expected 1 to 1048576 pixels',
    ],
    ['a size of 0', joined(ihdr(0, 3, 0), pixels, end), 'found a size of 3×0'],
    ['a lie', joined(ihdr(1000, 1000, 0), pixels, end), 'more for 1000×1000 pixels: the header is damaged'],
    ['too few pixels', joined(ihdr(3, 3, 0), pixels, end), 'found 8 bytes of pixels; expected 12'],
    ['too many pixels', joined(ihdr(1, 3, 0), pixels, end), 'found damaged pixels'],
    ['a colour type', joined(ihdr(2, 3, 5), pixels, end), 'found colour type 5 of 8 bits'],
    ['no palette', joined(ihdr(2, 3, 3), pixels, end), 'found no palette'],
    [
      'a short palette',
      joined(ihdr(2, 3, 3), chunk('PLTE', [1, 2, 3]), pixels, end),
      'found colour 50; expected 0 to 0',
    ],
    [
      'a filter',
      joined(header, chunk('IDAT', deflateSync(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0))), end),
      'found filter 5',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parsePng(bytes, 'a.png', MOST)).toThrow(message);
    expect(() => parsePng(bytes, 'a.png', MOST)).toThrow(InputError);
  });

  it(`reads damaged files as images or refuses them, ${CASES} times`, { timeout: 600_000 }, async () => {
    const files = vectors.png.map(({ file }) => fileOf(file));
    const counts = await fuzz(
      files,
      (bytes) => parsePng(bytes, 'a.png', MOST),
      (picture, damaged, original) => {
        checkPicture(picture);
        // checksums cover everything, so what is read is the image
        expect(picture, Buffer.from(damaged).toString('hex')).toEqual(parsePng(original, 'a.png', MOST));
      },
    );
    expect(counts.refused).toBeGreaterThan(counts.read);
  });

  it(
    `reads damaged files with right checksums as images or refuses them, ${CASES} times`,
    { timeout: 600_000 },
    async () => {
      // small pixels without compression, so that their damage passes the unpacking
      const stored = [0, 2, 3, 4, 6].map((colour) => {
        const rows = Uint8Array.from({ length: 4 * (1 + 5 * (channelsOf[colour] ?? 1)) }, (_, i) =>
          i % 21 === 0 ? 0 : (7 * i) % 5,
        );
        const palette =
          colour === 3
            ? [
                chunk(
                  'PLTE',
                  Array.from({ length: 15 }, (_, i) => 17 * i),
                ),
                chunk('tRNS', [9]),
              ]
            : [];
        return Uint8Array.from(
          joined(ihdr(4, 5, colour), ...palette, chunk('IDAT', deflateSync(rows, { level: 0 })), end),
        );
      });
      const files = [...vectors.png.map(({ file }) => fileOf(file)), ...stored];
      const counts = await fuzz(
        files,
        (bytes) => parsePng(withChecksums(bytes), 'a.png', MOST),
        checkPicture,
      );
      expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
    },
  );
});

describe('JPEG', () => {
  // Both decoders compute in the same integers: no pixel differs.
  it.each(vectors.jpeg)('reads the pixels that Pillow reads: $name', (one) => {
    const { height, width, channels, depth } = one;
    const picture = parseJpeg(fileOf(one.file), 'a.jpg', MOST);
    expect(picture).toEqual({ height, width, channels, depth, data: pixelsOf(one) });
  });

  const files = vectors.jpeg.map(({ file }) => fileOf(file));

  it('refuses every truncation', () => {
    for (const file of [files[0]!, files[4]!])
      for (let length = 3; length < file.length; length++)
        expect(() => parseJpeg(file.subarray(0, length), 'a.jpg', MOST), `${length}`).toThrow(InputError);
  });

  it('refuses bytes after the end, unless the file says that further images follow', () => {
    const file = files[0]!;
    expect(() => parseJpeg(Uint8Array.of(...file, 1, 2), 'a.jpg', MOST)).toThrow(
      'a.jpg: found 2 bytes after the end; expected none',
    );
    const segment = [0xff, 0xe2, 0, 6, 0x4d, 0x50, 0x46, 0];
    const several = Uint8Array.of(0xff, 0xd8, ...segment, ...file.subarray(2), ...file);
    expect(parseJpeg(several, 'a.jpg', MOST)).toEqual(parseJpeg(file, 'a.jpg', MOST));
  });

  it('refuses a quantization table that is replaced after a scan', () => {
    const file = fileOf(vectors.jpeg.find(({ name }) => name.startsWith('4:2:0, progressive'))?.file ?? '');
    const marker = (code: number, from = 0): number =>
      file.findIndex((byte, i) => i >= from && byte === 0xff && file[i + 1] === code);
    const table = file.subarray(marker(0xdb), marker(0xdb) + 69);
    const second = marker(0xc4, marker(0xda));
    const twice = Uint8Array.of(...file.subarray(0, second), ...table, ...file.subarray(second));
    expect(() => parseJpeg(twice, 'a.jpg', MOST)).toThrow('found quantization table 0 again');
    const before = Uint8Array.of(...file.subarray(0, 2), ...table, ...file.subarray(2));
    expect(parseJpeg(before, 'a.jpg', MOST)).toEqual(parseJpeg(file, 'a.jpg', MOST));
  });

  it('refuses CMYK, other codings and hostile sizes', () => {
    const [cmyk] = vectors.refused;
    expect(() => parseJpeg(fileOf(cmyk?.file ?? ''), 'a.jpg', MOST)).toThrow(
      'a.jpg: found four components (CMYK); expected one or three',
    );
    const file = files[0]!;
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    const changed =
      (...changes: readonly (readonly [number, number])[]) =>
      () => {
        const bytes = file.slice();
        for (const [at, value] of changes) bytes[frame + at] = value;
        return parseJpeg(bytes, 'a.jpg', MOST);
      };
    expect(changed([1, 0xc9])).toThrow('found arithmetic coding; expected baseline or progressive');
    expect(changed([1, 0xc3])).toThrow('found lossless JPEG');
    expect(changed([4, 12])).toThrow('found 12 bits a sample; expected 8');
    expect(changed([5, 0], [6, 0])).toThrow('found a size of 21×0');
    expect(changed([5, 255], [7, 255])).toThrow(
      'expected 1048576 pixels at most: raise maxPixels if you trust it',
    );
    expect(changed([5, 3], [7, 3])).toThrow('pixels: the header is damaged');
    expect(changed([6, 200])).toThrow('truncated or damaged');
  });

  it(`reads damaged files as images or refuses them, ${CASES} times`, { timeout: 600_000 }, async () => {
    const counts = await fuzz(files, (bytes) => parseJpeg(bytes, 'a.jpg', MOST), checkPicture);
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0);
  });
});

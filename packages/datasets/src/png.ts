// PNG: W3C, "Portable Network Graphics (PNG) specification" (third edition, 2025). Unpacking needs Node.
import { InputError } from '@stillpoint/operators';
import { zlibFor } from './files.js';
import { inflated, joined } from './gzip.js';
import type { Picture } from './picture.js';
import { pixelsOf, type PngHeader } from './png-pixels.js';

export const isPng = (bytes: Uint8Array): boolean =>
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);

/** Samples of a pixel by colour type, and the depths that it may have. */
const kinds: ReadonlyMap<number, { readonly samples: number; readonly depths: readonly number[] }> = new Map([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [3, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }],
]);

/** The first row and column of each pass of an interlaced image, and the steps: [y, x, down, right]. */
const adam7 = [
  [0, 0, 8, 8],
  [0, 4, 8, 8],
  [4, 0, 8, 4],
  [0, 2, 4, 4],
  [2, 0, 4, 2],
  [0, 1, 2, 2],
  [1, 0, 2, 1],
] as const;

/**
 * Reads a PNG file of any kind: grey, colour and palette, with alpha or without, 1 to 16 bits, interlaced or
 * not. Transparent colours become alpha. Node only. @throws InputError for anything else: wrong checksums,
 * missing or extra bytes, animations, and images of more than `maxPixels`.
 */
export function parsePng(bytes: Uint8Array, name: string, maxPixels: number): Picture {
  const fail = (found: string, expected: string, cause?: unknown): never => {
    throw new InputError(`${name}: found ${found}; expected ${expected}`, { cause });
  };
  const zlib = zlibFor(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparent: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  let dataEnded = false;
  let at = 8;
  for (let type = ''; type !== 'IEND';) {
    if (at + 12 > bytes.length)
      return fail(`${bytes.length} bytes`, 'a chunk IEND at the end: the file is truncated');
    const length = view.getUint32(at);
    const begin = at + 8;
    if (length > bytes.length - begin - 4)
      return fail(
        `a chunk of ${length} bytes at ${at}`,
        `${bytes.length - begin - 4} at most: the file is truncated`,
      );
    type = String.fromCharCode(...bytes.subarray(at + 4, begin));
    const content = bytes.subarray(begin, begin + length);
    if (zlib.crc32(bytes.subarray(at + 4, begin + length)) !== view.getUint32(begin + length))
      return fail(`a wrong checksum of the chunk at ${at}`, 'an undamaged file');
    at = begin + length + 4;
    if ((header === undefined) !== (type === 'IHDR'))
      return fail(`a chunk ${type}`, 'one IHDR, the first chunk');
    if (type === 'IDAT' ? dataEnded : data.length > 0 && type === 'PLTE')
      return fail(`a chunk ${type} after the pixels`, 'all chunks IDAT together, after the palette');
    if (data.length > 0 && type !== 'IDAT') dataEnded = true;
    if (type === 'IHDR') {
      if (length !== 13) return fail(`an IHDR of ${length} bytes`, '13');
      const [width, height] = [view.getUint32(begin), view.getUint32(begin + 4)];
      const [depth = 0, colour = 0, packing, filter, interlaced = 0] = content.subarray(8);
      const kind = kinds.get(colour);
      if (kind === undefined || !kind.depths.includes(depth))
        return fail(`colour type ${colour} of ${depth} bits`, 'one that PNG has');
      if (packing !== 0 || filter !== 0 || interlaced > 1)
        return fail(`packing ${packing}, filter ${filter}, interlacing ${interlaced}`, '0, 0, and 0 or 1');
      if (width === 0 || height === 0 || width * height > maxPixels)
        return fail(
          `a size of ${width}×${height}`,
          `1 to ${maxPixels} pixels: raise maxPixels if you trust it`,
        );
      header = { width, height, depth, colour, samples: kind.samples };
    } else if (type === 'PLTE') {
      if (palette !== undefined || length % 3 !== 0 || length === 0 || length > 768)
        return fail(`a palette of ${length} bytes`, 'one palette, of 1 to 256 colours');
      palette = content;
    } else if (type === 'tRNS') transparent = content;
    else if (type === 'IDAT') data.push(content);
    else if (type === 'acTL') return fail('an animation', 'one image: save its frames as files');
    else if (type !== 'IEND' && (type.charCodeAt(0) & 0x20) === 0)
      return fail(`an unknown chunk ${JSON.stringify(type)}`, 'those that PNG requires');
  }
  if (at !== bytes.length)
    return fail(`${bytes.length - at} bytes after the end`, 'none: the file has extra bytes');
  if (header === undefined || data.length === 0) return fail('no pixels', 'a chunk IDAT');
  const { width, height, depth, samples } = header;
  const passes = (bytes[28] === 1 ? adam7 : ([[0, 0, 1, 1]] as const)).flatMap(([y, x, down, right]) => {
    const [rows, columns] = [Math.ceil((height - y) / down), Math.ceil((width - x) / right)];
    const row = Math.ceil((columns * depth * samples) / 8);
    return rows > 0 && columns > 0 ? [{ y, x, down, right, rows, columns, row }] : [];
  });
  const size = passes.reduce((sum, { rows, row }) => sum + rows * (1 + row), 0);
  const packed = joined(data);
  // deflate packs at most 1032 bytes into one
  if (size > 1032 * packed.length)
    return fail(
      `${packed.length} bytes of pixels`,
      `more for ${width}×${height} pixels: the header is damaged`,
    );
  let raw: ReturnType<typeof inflated>;
  try {
    raw = inflated(zlib, 'inflateSync', packed, size);
  } catch (error) {
    return fail(
      `damaged pixels (${error instanceof Error ? error.message : String(error)})`,
      `${size} bytes`,
      error,
    );
  }
  if (raw.content.length !== size || raw.used !== packed.length)
    return fail(`${raw.content.length} bytes of pixels`, `${size}, and nothing after them`);
  return pixelsOf({ header, palette, transparent, raw: raw.content, passes, name });
}

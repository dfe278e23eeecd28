// JPEG: ITU-T T.81, "Digital compression and coding of continuous-tone still images" (1992), baseline,
// extended and progressive with Huffman codes and 8 bits.
import { InputError } from '@stillpoint/operators';
import { orientationOf, oriented } from './exif.js';
import { coloursOf, enlarged, inverse, type Plane } from './jpeg-samples.js';
import { huffman, readScan, type Component, type Huffman } from './jpeg-scan.js';
import type { Picture } from './picture.js';

export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** The place of each coefficient of the zigzag order in a block of rows. */
const zigzag = Array.from({ length: 64 }, (_, i) => ({ y: i >> 3, x: i & 7, i }))
  .toSorted((a, b) => a.x + a.y - b.x - b.y || ((a.x + a.y) % 2 === 0 ? a.x - b.x : a.y - b.y))
  .map(({ i }) => i);

/** More scans than encoders make: each goes over the whole image. */
const MOST_SCANS = 200;

const others: ReadonlyMap<number, string> = new Map([
  ...[0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf].map((code) => [code, 'arithmetic coding'] as const),
  ...[0xc3, 0xc7].map((code) => [code, 'lossless JPEG'] as const),
  ...[0xc5, 0xc6].map((code) => [code, 'hierarchical JPEG'] as const),
]);

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Component[];
  readonly across: number;
  readonly down: number;
}

/**
 * Reads a JPEG file of one component (grey) or three (colour), turned as its EXIF orientation says. Pixels
 * are those of libjpeg's default decoder, chroma smoothly enlarged. Needs no Node. @throws InputError for
 * damaged and truncated files, bytes after the end, other kinds of JPEG, CMYK, and images of more than
 * `maxPixels`.
 */
export function parseJpeg(bytes: Uint8Array, name: string, maxPixels: number): Picture {
  const fail = (found: string, expected: string): never => {
    throw new InputError(`${name}: found ${found}; expected ${expected}`);
  };
  const tables = new Map<number, Float64Array>();
  const codes = new Map<number, Huffman>();
  let frame: Frame | undefined;
  let restart = 0;
  let scans = 0;
  let orientation = 1;
  let adobe = -1;
  let several = false;
  let at = 2;
  for (;;) {
    if (at + 1 >= bytes.length)
      return fail(`${bytes.length} bytes`, 'a marker of the end: the file is truncated');
    if (bytes[at] !== 0xff) return fail(`byte ${bytes[at]} at ${at}`, 'a marker: the file is damaged');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    at += 2;
    if (marker === 0xd9) break;
    const length = 256 * (bytes[at] ?? 0) + (bytes[at + 1] ?? 0);
    if (length < 2 || at + length > bytes.length)
      return fail(`a segment of ${length} bytes at ${at}`, `2 to ${bytes.length - at}: truncated or damaged`);
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    const text = String.fromCharCode(...segment.subarray(0, 6));
    const kind = others.get(marker);
    if (kind !== undefined) return fail(kind, 'baseline or progressive JPEG with Huffman codes');
    if (marker === 0xdb) readQuantization(segment, tables, scans > 0, fail);
    else if (marker === 0xc4) readCodes(segment, codes, name, fail);
    else if (marker >= 0xc0 && marker <= 0xc2) {
      if (frame !== undefined) return fail('a second frame', 'one image');
      frame = readFrame(segment, marker === 0xc2, fail);
      const { width, height, components } = frame;
      if (width * height > maxPixels)
        return fail(
          `a size of ${width}×${height}`,
          `${maxPixels} pixels at most: raise maxPixels if you trust it`,
        );
      // each block takes a bit of its first scan at least
      const blocks = components.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
      if (blocks > 8 * bytes.length)
        return fail(`${bytes.length} bytes`, `more for ${width}×${height} pixels: the header is damaged`);
    } else if (marker === 0xdd) {
      if (segment.length !== 2) return fail('a wrong restart interval', 'two bytes');
      restart = 256 * segment[0]! + segment[1]!;
    } else if (marker === 0xda) {
      if (frame === undefined) return fail('a scan before the frame', 'a frame first');
      if (++scans > MOST_SCANS) return fail(`more than ${MOST_SCANS} scans`, 'an undamaged file');
      at = readScan(bytes, at, scanOf(segment, frame, codes, restart, fail), name);
    } else if (marker === 0xe1 && text.startsWith('Exif\0')) orientation = orientationOf(segment.subarray(6));
    else if (marker === 0xe2 && text.startsWith('MPF\0')) several = true;
    else if (marker === 0xee && text.startsWith('Adobe') && segment.length >= 12) adobe = segment[11]!;
    else if (marker < 0xe0 || (marker > 0xef && marker !== 0xfe))
      return fail(`marker ${marker.toString(16)}`, 'one that an image has');
  }
  // a camera may put further images after the first, and says so
  if (at < bytes.length && !several)
    return fail(`${bytes.length - at} bytes after the end`, 'none: the file has extra bytes');
  if (frame === undefined) return fail('no frame', 'an image');
  const { width, height, components } = frame;
  const [h, v] = [Math.max(...components.map((c) => c.h)), Math.max(...components.map((c) => c.v))];
  const planes = components.map((component) => {
    const plane = samples(
      component,
      tables,
      { width: Math.ceil((width * component.h) / h), height: Math.ceil((height * component.v) / v) },
      fail,
    );
    return enlarged(plane, h / component.h, v / component.v);
  });
  const [grey] = planes;
  const rgb = adobe === 0 || (adobe < 0 && String.fromCharCode(...components.map(({ id }) => id)) === 'RGB');
  const data =
    planes.length === 3 && !rgb
      ? coloursOf(planes, width, height)
      : new Uint8Array(planes.length * width * height);
  if (planes.length === 1 || rgb)
    planes.forEach((plane, c) => {
      for (let i = 0; i < width * height; i++)
        data[i * planes.length + c] = plane.data[Math.floor(i / width) * plane.stride + (i % width)]!;
    });
  return grey === undefined
    ? fail('no component', 'one or three')
    : oriented({ width, height, channels: planes.length, depth: 8, data }, orientation);
}

type Fail = (found: string, expected: string) => never;

function readQuantization(
  segment: Uint8Array,
  tables: Map<number, Float64Array>,
  late: boolean,
  fail: Fail,
): void {
  for (let at = 0; at < segment.length;) {
    const wide = segment[at]! >> 4;
    const id = segment[at]! & 15;
    if (wide > 1 || id > 3 || at + 1 + 64 * (1 + wide) > segment.length)
      fail('a damaged quantization table', '64 numbers');
    const table = Float64Array.from({ length: 64 }, (_, k) =>
      wide === 1 ? 256 * segment[at + 1 + 2 * k]! + segment[at + 2 + 2 * k]! : segment[at + 1 + k]!,
    );
    if (table.includes(0)) fail('a zero in a quantization table', 'numbers > 0');
    // components keep the table of their first scan; no encoder that is known replaces one
    if (late && tables.has(id)) fail(`quantization table ${id} again`, 'the tables before the scans');
    tables.set(id, table);
    at += 1 + 64 * (1 + wide);
  }
}

function readCodes(segment: Uint8Array, codes: Map<number, Huffman>, name: string, fail: Fail): void {
  for (let at = 0; at < segment.length;) {
    const id = segment[at]!;
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((a, b) => a + b, 0);
    if ((id & 0xec) !== 0 || counts.length < 16 || at + 17 + total > segment.length)
      fail('a damaged Huffman table', '16 counts and as many symbols');
    codes.set(id, huffman(counts, segment.subarray(at + 17, at + 17 + total), name));
    at += 17 + total;
  }
}

function readFrame(segment: Uint8Array, progressive: boolean, fail: Fail): Frame {
  const [depth = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = segment;
  const [height, width] = [256 * h1 + h0, 256 * w1 + w0];
  if (depth !== 8) fail(`${depth} bits a sample`, '8');
  if (width === 0 || height === 0) fail(`a size of ${width}×${height}`, 'pixels');
  if (count === 4) fail('four components (CMYK)', 'one or three: save the image as RGB');
  if ((count !== 1 && count !== 3) || segment.length !== 6 + 3 * count)
    fail(`${count} components`, 'one or three');
  const given = Array.from({ length: count }, (_, c) => {
    const [id = 0, factors = 0, quantization = 0] = segment.subarray(6 + 3 * c);
    return { id, h: factors >> 4, v: factors & 15, quantization };
  });
  const [most, tallest] = [Math.max(...given.map(({ h }) => h)), Math.max(...given.map(({ v }) => v))];
  if (given.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4 || most % h > 0 || tallest % v > 0))
    fail(
      `sampling factors ${given.map(({ h, v }) => `${h}×${v}`).join(', ')}`,
      '1 to 4 that divide the largest',
    );
  if (new Set(given.map(({ id }) => id)).size < count) fail('two components of one name', 'different ones');
  const across = Math.ceil(width / (8 * most));
  const down = Math.ceil(height / (8 * tallest));
  const components = given.map(({ id, h, v, quantization }) => ({
    id,
    h,
    v,
    quantization,
    columns: Math.ceil(Math.ceil((width * h) / most) / 8),
    rows: Math.ceil(Math.ceil((height * v) / tallest) / 8),
    allColumns: across * h,
    blocks: new Map<number, Int16Array>(),
  }));
  return { width, height, progressive, components, across, down };
}

function scanOf(segment: Uint8Array, frame: Frame, codes: Map<number, Huffman>, restart: number, fail: Fail) {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length !== 4 + 2 * count)
    fail(`a scan of ${count} components`, '1 to 3');
  const [start = 0, end = 0, bits = 0] = segment.subarray(1 + 2 * count);
  const [high, low] = [bits >> 4, bits & 15];
  const { progressive, across, down } = frame;
  const fits = progressive
    ? start <= end &&
      end < 64 &&
      (start > 0 ? count === 1 : end === 0) &&
      low <= 13 &&
      (high === 0 || high === low + 1)
    : start === 0 && end === 63 && bits === 0;
  if (!fits) fail(`a scan of coefficients ${start} to ${end}, bits ${high} to ${low}`, 'one that JPEG has');
  const none = huffman(new Uint8Array(16), new Uint8Array(0), '');
  const needed = (id: number, used: boolean): Huffman =>
    used ? (codes.get(id) ?? fail(`no Huffman table ${id}`, 'the tables before the scan')) : none;
  const parts = Array.from({ length: count }, (_, k) => {
    const [id, which = 0] = segment.subarray(1 + 2 * k);
    const component =
      frame.components.find((one) => one.id === id) ?? fail(`component ${id} in a scan`, 'one of the frame');
    return {
      component,
      dc: needed(which >> 4, start === 0 && high === 0),
      ac: needed(0x10 | (which & 15), end > 0),
    };
  });
  if (new Set(parts.map(({ component }) => component)).size < count)
    fail('a component twice in a scan', 'each once');
  return { parts, start, end, high, low, progressive, restart, across, down };
}

/** The samples of a component. */
function samples(
  component: Component,
  tables: ReadonlyMap<number, Float64Array>,
  size: { width: number; height: number },
  fail: Fail,
): Plane {
  const { columns, rows, blocks, quantization } = component;
  const table =
    tables.get(quantization) ?? fail(`no quantization table ${quantization}`, 'the tables of the image');
  const stride = 8 * columns;
  if (Array.from({ length: rows }, (_, row) => row).some((row) => !blocks.has(row)))
    fail('a component without pixels', 'scans of each');
  const data = new Uint8Array(stride * 8 * rows);
  const block = new Float64Array(64);
  for (let row = 0; row < rows; row++) {
    const coefficients = blocks.get(row)!;
    for (let column = 0; column < columns; column++) {
      for (let k = 0; k < 64; k++) block[zigzag[k]!] = coefficients[64 * column + k]! * table[k]!;
      inverse(block, data, 8 * row * stride + 8 * column, stride);
    }
  }
  return { ...size, stride, data };
}

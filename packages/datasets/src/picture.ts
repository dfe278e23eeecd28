import { InputError, shown } from '@stillpoint/operators';

/** A decoded image. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  readonly depth: 8 | 16;
  /** Samples, row after row, the channels of a pixel together. */
  readonly data: Uint8Array | Uint16Array;
}

/** Which part of an image a size takes: a centred part of the size's proportions, or all of it, distorted. */
export type Fit = 'crop' | 'squash';

/** How many channels images shall have, and what alpha is blended with; undefined: as the files have it. */
export interface Looks {
  readonly channels?: 1 | 3 | undefined;
  readonly background?: readonly [number, number, number] | undefined;
}

/** 8 bits a sample: 16 become the nearest of v / 257. */
function eightBits({ data, depth }: Picture): Uint8Array {
  if (depth === 8 && data instanceof Uint8Array) return data;
  return Uint8Array.from(data, (v) => Math.round(v / 257));
}

/**
 * A picture of one or three channels and 8 bits. Alpha is blended with the background; grey is ITU-R BT.601's
 * luma, 0.299 R + 0.587 G + 0.114 B. Alpha that is opaque everywhere is left out. @throws InputError for
 * other alpha where no background is given.
 */
export function opaque(picture: Picture, name: string, { channels, background }: Looks): Picture {
  const bytes = eightBits(picture);
  const { width, height, channels: found } = picture;
  const pixels = width * height;
  const colours = found < 3 ? 1 : 3;
  const alpha = found === 2 || found === 4;
  const see = (p: number): number => (alpha ? bytes[p * found + colours]! : 255);
  let transparent = false;
  for (let p = 0; alpha && p < pixels && !transparent; p++) transparent = see(p) < 255;
  if (transparent && background === undefined)
    throw new InputError(
      `${name}: found transparent pixels; expected opaque ones, or a colour to blend with, as background: [255, 255, 255]`,
    );
  const grey = background === undefined || background.every((v) => v === background[0]);
  // grey on a coloured background becomes coloured
  const before = colours === 3 || (transparent && !grey) ? 3 : 1;
  const wanted = channels ?? before;
  if (!alpha && wanted === found) return { width, height, channels: wanted, depth: 8, data: bytes };
  const data = new Uint8Array(pixels * wanted);
  const rgb = [0, 0, 0];
  for (let p = 0; p < pixels; p++) {
    const a = see(p);
    for (let c = 0; c < 3; c++) {
      const v = bytes[p * found + (colours === 3 ? c : 0)]!;
      rgb[c] = a === 255 ? v : Math.round((a * v + (255 - a) * (background?.[c] ?? 0)) / 255);
    }
    const [r = 0, g = 0, b = 0] = rgb;
    if (wanted === 3) data.set(rgb, 3 * p);
    else data[p] = before === 1 ? r : Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return { width, height, channels: wanted, depth: 8, data };
}

/**
 * For each pixel of the result, which is [from, from + length) of a line of `total`: the first pixel that it
 * takes and the weights of that and the next ones. A smaller result averages areas, each pixel by the part of
 * it that is covered; a larger one is linear between the centres of pixels, and constant beyond those at the
 * ends.
 */
function weights(
  total: number,
  from: number,
  length: number,
  size: number,
): { readonly first: number; readonly of: readonly number[] }[] {
  const scale = length / size;
  return Array.from({ length: size }, (_, i) => {
    if (scale < 1) {
      const centre = Math.min(total - 1, Math.max(0, from + (i + 0.5) * scale - 0.5));
      const first = Math.floor(centre);
      return { first, of: centre === first ? [1] : [1 - (centre - first), centre - first] };
    }
    const start = Math.max(0, from + i * scale);
    const end = Math.min(total, from + (i + 1) * scale);
    const first = Math.floor(start);
    const count = Math.ceil(end - 1e-9) - first; // an end that is a whole number but for rounding
    const covered = Array.from(
      { length: count },
      (__, k) => Math.min(first + k + 1, end) - Math.max(first + k, start),
    );
    const sum = covered.reduce((a, b) => a + b, 0);
    return { first, of: covered.map((w) => w / sum) };
  });
}

/** The picture in another size; its samples are rounded once, at the end. */
export function resized(picture: Picture, width: number, height: number, fit: Fit): Picture {
  const { channels, data } = picture;
  const ratio = Math.min(picture.width / width, picture.height / height);
  const [w, h] = fit === 'crop' ? [width * ratio, height * ratio] : [picture.width, picture.height];
  const columns = weights(picture.width, (picture.width - w) / 2, w, width);
  const rows = weights(picture.height, (picture.height - h) / 2, h, height);
  const narrow = new Float64Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++)
    columns.forEach(({ first, of }, x) => {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < of.length; k++)
          sum += of[k]! * data[(y * picture.width + first + k) * channels + c]!;
        narrow[(y * width + x) * channels + c] = sum;
      }
    });
  const line = width * channels;
  const out = new Uint8Array(height * line);
  rows.forEach(({ first, of }, y) => {
    for (let i = 0; i < line; i++) {
      let sum = 0;
      for (let k = 0; k < of.length; k++) sum += of[k]! * narrow[(first + k) * line + i]!;
      out[y * line + i] = Math.round(sum);
    }
  });
  return { width, height, channels, depth: 8, data: out };
}

/** Throws InputError for looks that are not such. */
export function checkLooks(owner: string, { channels, background }: Looks): void {
  const [many, colour]: readonly unknown[] = [channels, background];
  if (many !== undefined && many !== 1 && many !== 3)
    throw new InputError(`${owner}: channels is ${shown(many)}; expected 1 for grey or 3 for colour`);
  const byte = (v: unknown): boolean => Number.isInteger(v) && Number(v) >= 0 && Number(v) <= 255;
  if (colour !== undefined && !(Array.isArray(colour) && colour.length === 3 && colour.every(byte)))
    throw new InputError(
      `${owner}: background is ${shown(colour)}; expected a colour as three whole numbers from 0 to 255`,
    );
}

import { InputError } from '@stillpoint/operators';
import type { Picture } from './picture.js';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  /** Samples of a pixel in the file. */
  readonly samples: number;
}

/** A part of the image: all of it, or a pass of an interlaced one. */
interface Pass {
  readonly y: number;
  readonly x: number;
  readonly down: number;
  readonly right: number;
  readonly rows: number;
  readonly columns: number;
  /** Bytes of a row, without its filter. */
  readonly row: number;
}

interface Parts {
  readonly header: PngHeader;
  readonly palette: Uint8Array | undefined;
  readonly transparent: Uint8Array | undefined;
  /** The unpacked rows, each after the byte of its filter. */
  readonly raw: Uint8Array;
  readonly passes: readonly Pass[];
  readonly name: string;
}

/** Paeth's predictor: of left, above and above left the one nearest to left + above - above left. */
function paeth(a: number, b: number, c: number): number {
  const da = Math.abs(b - c);
  const db = Math.abs(a - c);
  const dc = Math.abs(a + b - 2 * c);
  if (da <= db && da <= dc) return a;
  return db <= dc ? b : c;
}

/** What filter 1, 2, 3 or 4 adds to a byte, by its neighbours: left, above, above left. */
const guesses: readonly ((a: number, b: number, c: number) => number)[] = [
  (a) => a,
  (_, b) => b,
  (a, b) => (a + b) >> 1,
  paeth,
];

/** Undoes the filter of a row, in place. `before` is the row above, `step` the bytes from pixel to pixel. */
function unfilter(filter: number, row: Uint8Array, before: Uint8Array | undefined, step: number): void {
  const guess = guesses[filter - 1];
  if (guess === undefined) return; // 0: none
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : row[i - step]!;
    const aboveLeft = i < step ? 0 : (before?.[i - step] ?? 0);
    row[i] = row[i]! + guess(left, before?.[i] ?? 0, aboveLeft);
  }
}

/** The palette as four bytes a colour. @throws InputError if there is none, or alpha for more colours. */
function colours({ palette, transparent, name }: Parts): { colours: Uint8Array; alpha: boolean } {
  if (palette === undefined)
    throw new InputError(`${name}: found no palette; expected one, which the pixels need`);
  const count = palette.length / 3;
  if (transparent !== undefined && transparent.length > count)
    throw new InputError(`${name}: found alpha for ${transparent.length} colours; expected ${count} at most`);
  const four = new Uint8Array(4 * count);
  for (let k = 0; k < count; k++) {
    four.set(palette.subarray(3 * k, 3 * k + 3), 4 * k);
    four[4 * k + 3] = transparent?.[k] ?? 255;
  }
  return { colours: four, alpha: transparent !== undefined };
}

/**
 * The pixels of the rows; palettes become colours, less than 8 bits become 8, a transparent colour becomes
 * alpha.
 * @throws InputError for an unknown filter, a colour that the palette lacks, and transparency that does not
 * fit.
 */
export function pixelsOf(parts: Parts): Picture {
  const { header, transparent, raw, passes, name } = parts;
  const { width, height, depth, colour, samples } = header;
  const table = colour === 3 ? colours(parts) : undefined;
  const keyed = transparent !== undefined && (colour === 0 || colour === 2);
  if (transparent !== undefined && ((keyed && transparent.length !== 2 * samples) || colour >= 4))
    throw new InputError(
      `${name}: found a transparent colour of ${transparent.length} bytes; expected ${colour >= 4 ? 'none beside alpha' : 2 * samples}`,
    );
  const key = keyed
    ? Array.from({ length: samples }, (_, s) => 256 * transparent[2 * s]! + transparent[2 * s + 1]!)
    : [];
  const channels = table ? (table.alpha ? 4 : 3) : samples + (keyed ? 1 : 0);
  const data =
    depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const most = 2 ** depth - 1;
  const scale = depth < 8 ? 255 / most : 1;
  const step = Math.max(1, (depth * samples) >> 3);
  let from = 0;
  for (const { y, x, down, right, rows, columns, row } of passes) {
    let before: Uint8Array | undefined;
    for (let r = 0; r < rows; r++, from += 1 + row) {
      const filter = raw[from]!;
      if (filter > 4) throw new InputError(`${name}: found filter ${filter} of a row; expected 0 to 4`);
      const line = raw.subarray(from + 1, from + 1 + row);
      unfilter(filter, line, before, step);
      before = line;
      const sample = (i: number): number => {
        if (depth === 8) return line[i]!;
        if (depth === 16) return 256 * line[2 * i]! + line[2 * i + 1]!;
        const bit = i * depth;
        return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & most;
      };
      for (let c = 0; c < columns; c++) {
        const to = ((y + r * down) * width + x + c * right) * channels;
        if (table !== undefined) {
          const index = sample(c);
          if (4 * index >= table.colours.length)
            throw new InputError(
              `${name}: found colour ${index}; expected 0 to ${table.colours.length / 4 - 1}, those of the palette`,
            );
          for (let k = 0; k < channels; k++) data[to + k] = table.colours[4 * index + k]!;
          continue;
        }
        let same = keyed;
        for (let s = 0; s < samples; s++) {
          const value = sample(c * samples + s);
          same &&= value === key[s];
          data[to + s] = value * scale;
        }
        if (keyed) data[to + samples] = same ? 0 : depth === 16 ? 65_535 : 255;
      }
    }
  }
  return { width, height, channels, depth: depth === 16 ? 16 : 8, data };
}

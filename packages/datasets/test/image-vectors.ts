import { readFileSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';

/** A file and the pixels that Pillow reads from it. */
export interface Case {
  readonly name: string;
  readonly file: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly pixels: string;
}

interface Vectors {
  readonly png: readonly Case[];
  readonly jpeg: readonly Case[];
  readonly sizes: readonly { readonly width: number; readonly height: number; readonly pixels: string }[];
  readonly refused: readonly { readonly name: string; readonly file: string }[];
}

/** Made by bench/datasets/images.py. */
export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('fixtures/images.json', import.meta.url), 'utf8'),
);

export const fileOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** A chunk of a PNG file. */
export function chunk(type: string, data: ArrayLike<number>): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Uint8Array.from(data)]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

export const signature: Buffer = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
export const channelsOf: readonly number[] = [1, 0, 3, 0, 2, 0, 4];

/** The header of a PNG file of 8 bits; colour type 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA. */
export function ihdr(height: number, width: number, colour: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colour], 8);
  return chunk('IHDR', header);
}

/** A PNG file of 8 bits without filters. */
export function png(height: number, width: number, colour: number, pixels: readonly number[]): Uint8Array {
  const row = width * channelsOf[colour]!;
  const rows = Array.from({ length: height }, (_, y) => [0, ...pixels.slice(y * row, (y + 1) * row)]).flat();
  return Uint8Array.from(
    Buffer.concat([
      signature,
      ihdr(height, width, colour),
      chunk('IDAT', deflateSync(Uint8Array.from(rows))),
      chunk('IEND', []),
    ]),
  );
}

/** The bytes with right checksums of the chunks that are whole, so that damage gets past the checksums. */
export function withChecksums(bytes: Uint8Array): Uint8Array {
  const out = Buffer.from(bytes);
  for (let at = 8; at + 12 <= out.length;) {
    const length = out.readUInt32BE(at);
    if (at + 12 + length > out.length) break;
    out.writeUInt32BE(crc32(out.subarray(at + 4, at + 8 + length)), at + 8 + length);
    at += 12 + length;
  }
  return out;
}

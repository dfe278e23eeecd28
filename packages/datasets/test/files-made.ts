import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folder } from '../../../testing/folder.js';

/** A folder with those files, by their paths in it. */
export function folderOf(files: { readonly [path: string]: Uint8Array | string }): string {
  const place = folder();
  for (const [path, content] of Object.entries(files)) {
    const file = join(place, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return place;
}

/** A file of NumPy, version 1.0, with that header and those bytes of elements. */
export function npyBytes(header: string, data: ArrayLike<number> = []): Uint8Array {
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(Buffer.from(header, 'latin1'), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

/** A file of NumPy with elements of one type. */
export const npyOf = (data: Uint8Array | Float32Array, shape: readonly number[]): Uint8Array =>
  npyBytes(
    `{'descr': '${data instanceof Uint8Array ? '|u1' : '<f4'}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );

/** The pixel that a record is made of, by record, channel, row and column. */
const pixel = (r: number, c: number, y: number, x: number): number => (31 * r + 97 * c + 7 * y + 3 * x) % 256;

/**
 * Records of CIFAR with these label bytes, as the format's page defines them: a row-major plane for each
 * channel.
 */
export function records(labels: readonly (readonly number[])[], from = 0): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((bytes, i) => {
      const places = Array.from({ length: 3072 }, (_, at) =>
        pixel(from + i, Math.floor(at / 1024), Math.floor(at / 32) % 32, at % 32),
      );
      return [...bytes, ...places];
    }),
  );
}

/** The pixels of the first records, channels last. */
export const pixelsOfRecords = (count: number): Uint8Array =>
  Uint8Array.from({ length: 3072 * count }, (_, at) =>
    pixel(Math.floor(at / 3072), at % 3, Math.floor(at / 96) % 32, Math.floor(at / 3) % 32),
  );

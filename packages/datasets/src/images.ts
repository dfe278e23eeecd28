import { InputError } from '@stillpoint/operators';
import { checkBatch, room } from './check.js';
import { epochs } from './order.js';
import type { ImageSet } from './types.js';

/** What a set of byte images is made of. */
export interface ImageSetOptions {
  readonly name: string;
  readonly describe: string;
  /** Shape of one image: `[height, width, channels]`. */
  readonly shape: readonly number[];
  /** `[count, ...shape]`, 0 … 255. */
  readonly bytes: Uint8Array;
  /** `[count]`. */
  readonly labels: Uint8Array;
}

/**
 * A finite data set of byte images, handed out as byte / 127.5 − 1 in [−1, 1], in a fresh order each epoch.
 * The order of (seed, player, worker) is a pure function of the epoch, so a run continues anywhere from its counters.
 * Throws InputError for an empty set or bytes that do not fit the labels.
 */
export function imageSet({ name, describe, shape, bytes, labels }: ImageSetOptions): ImageSet {
  const count = labels.length;
  const length = shape.reduce((product, n) => product * n, 1);
  if (count === 0 || bytes.length !== count * length) {
    throw new InputError(`${name}: ${bytes.length} bytes and ${count} labels; expected at least one image, ${length} bytes of shape [${shape.join(', ')}] for each label`);
  }
  const scaled = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
  const order = epochs(count);
  const place = (out: Float32Array, at: number, image: number): void => {
    const from = image * length;
    for (let i = 0; i < length; i++) out[at + i] = scaled[bytes[from + i]!]!;
  };
  const indices = (size: number, stream: Parameters<ImageSet['indices']>[1]): Uint32Array => {
    checkBatch(name, size, stream);
    return order(size, stream);
  };
  return {
    name,
    shape,
    describe,
    count,
    bytes,
    labels,
    indices,
    batch(size, stream, out) {
      const chosen = indices(size, stream);
      const images = room(name, size, shape, out);
      chosen.forEach((image, i) => place(images, i * length, image));
      return images;
    },
    values(start = 0, end = count) {
      if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > count) {
        throw new InputError(`${name}: images ${start} to ${end}; expected whole numbers with 0 <= start <= end <= ${count}`);
      }
      const images = new Float32Array((end - start) * length);
      for (let i = start; i < end; i++) place(images, (i - start) * length, i);
      return images;
    },
  };
}

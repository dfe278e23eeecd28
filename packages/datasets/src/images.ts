import { InputError, contentHash, shown, sizeOf } from '@stillpoint/operators';
import { GIVEN, checkBatch, checkWords, optionsOf, room } from './check.js';
import { epochs } from './order.js';
import type { ImageSet } from './types.js';

/** Options of `imageSet`. */
export interface ImageSetOptions {
  readonly name: string;
  /** One line for reports. Default: `given as an array`. */
  readonly describe?: string;
  /** Shape of one image: `[height, width, channels]`. */
  readonly shape: readonly number[];
  /** Pixels, `[count, ...shape]`, 0 … 255. */
  readonly bytes: Uint8Array;
  /** Label of each image, `[count]`. */
  readonly labels: Uint8Array;
}

/**
 * Throws InputError unless these are byte images; for common other types the message says how to convert
 * them.
 */
function checkImages(
  name: string,
  { shape, bytes, labels }: Pick<ImageSetOptions, 'shape' | 'bytes' | 'labels'>,
): void {
  const refuse = (what: string, value: unknown, expected: string): never => {
    throw new InputError(`${name}: ${what} ${shown(value)}; expected ${expected}`);
  };
  if (!Array.isArray(shape) || shape.length === 0)
    refuse('shape is', shape, 'the dimensions of one image, as [height, width, channels]');
  for (let i = 0; i < shape.length; i++) {
    // by index: an array may have holes
    const n = shape[i];
    if (!Number.isSafeInteger(n) || Number(n) < 1) refuse(`shape[${i}] is`, n, 'a whole number > 0');
  }
  const given: unknown = bytes;
  if (!(given instanceof Uint8Array)) {
    const cure =
      given instanceof Float32Array || given instanceof Float64Array
        ? ': from numbers in [0, 1], Uint8Array.from(x, (v) => Math.round(255 * v))'
        : '';
    refuse('bytes are', given, `a Uint8Array, 0 … 255, image after image${cure}`);
  }
  if (!(labels instanceof Uint8Array))
    refuse('labels are', labels, 'a Uint8Array, one for each image: new Uint8Array(count) if there are none');
}

/**
 * A finite data set of byte images. Batches hold byte / 127.5 − 1, in [−1, 1], in a new order each epoch. The
 * order is a pure function of (seed, player, worker, epoch), so a run continues from its counters alone.
 * Throws InputError for arguments of other types, an empty set, and a number of bytes that does not fit the
 * labels.
 */
export function imageSet(options: ImageSetOptions): ImageSet {
  const {
    name,
    describe = GIVEN,
    shape,
    bytes,
    labels,
  } = optionsOf('imageSet', options, '{ name, describe, shape, bytes, labels }');
  checkWords(name, describe);
  checkImages(name, { shape, bytes, labels });
  const count = labels.length;
  const length = sizeOf(shape);
  if (count === 0 || bytes.length !== count * length) {
    throw new InputError(
      `${name}: ${bytes.length} bytes and ${count} labels; expected at least one image, ${length} bytes of shape [${shape.join(', ')}] for each label`,
    );
  }
  const scaled = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
  const order = epochs(count);
  const place = (out: Float32Array, at: number, image: number): void => {
    const from = image * length;
    for (let i = 0; i < length; i++) out[at + i] = scaled[bytes[from + i]!]!;
  };
  const indices = (size: number, stream: Parameters<ImageSet['indices']>[1]): Uint32Array => {
    checkBatch(name, size, stream);
    if ((stream.call + 1) * size > count * 2 ** 32) {
      // epochs are counted in 32 bits
      throw new InputError(
        `${name}: call is ${stream.call} of batches of ${size}; expected ${Math.floor((count * 2 ** 32) / size) - 1} at most for ${count} images`,
      );
    }
    return order(size, stream);
  };
  return {
    name,
    // by content, since a folder may be moved and its files may change
    identity: { kind: 'images', name, shape, bytes: contentHash(bytes), labels: contentHash(labels) },
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
        throw new InputError(
          `${name}: images ${shown(start)} to ${shown(end)}; expected whole numbers with 0 <= start <= end <= ${count}`,
        );
      }
      const images = new Float32Array((end - start) * length);
      for (let i = start; i < end; i++) place(images, (i - start) * length, i);
      return images;
    },
  };
}

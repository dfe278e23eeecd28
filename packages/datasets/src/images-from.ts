import { InputError, shown } from '@stillpoint/operators';
import { GIVEN, optionsOf } from './check.js';
import { imageSet } from './images.js';
import { labelBytes } from './points.js';
import type { ImageSet } from './types.js';

/** Options of `imagesFrom`. What `parseNpy` and `parseIdx` return has `dtype`, `shape` and `data`. */
export interface ImagesFromOptions {
  readonly name: string;
  /** One line for reports. Default: `given as an array`. */
  readonly describe?: string;
  /** `[count, height, width]` for grey images, or `[count, height, width, channels]`. */
  readonly shape: readonly number[];
  /** Pixels, image after image. A Uint8Array holds 0 … 255; other arrays need `range`. */
  readonly data: ArrayLike<number>;
  /** As `parseNpy` returns it; truth values are not bytes, though they are a Uint8Array. */
  readonly dtype?: string;
  /**
   * Which pixels are black and white, as `[0, 1]`, `[-1, 1]` or `[0, 255]`. Needed unless `data` are a
   * Uint8Array with a pixel above 1.
   */
  readonly range?: readonly [number, number];
  /** Label of each image, 0 … 255; default all 0. */
  readonly labels?: ArrayLike<number>;
}

/**
 * A data set of images from an array of pixels, such as an NPY file holds. Pixels that are not bytes are
 * mapped from `range` to 0 … 255 and rounded; batches are in [−1, 1]. Throws InputError for pixels outside
 * the range, for other types than bytes without a range, and for channels that come first.
 */
export function imagesFrom(options: ImagesFromOptions): ImageSet {
  const {
    name,
    describe = GIVEN,
    shape,
    data,
    dtype,
    range,
    labels,
  } = optionsOf('imagesFrom', options, '{ name, describe, shape, data }');
  const dimensions: unknown = shape;
  const fits =
    Array.isArray(dimensions) &&
    (dimensions.length === 3 || dimensions.length === 4) &&
    shape.every((n) => Number.isSafeInteger(n) && n > 0);
  if (!fits)
    throw new InputError(
      `${name}: shape is ${shown(dimensions)}; expected [count, height, width] or [count, height, width, channels], each > 0`,
    );
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  if (channels > 4)
    throw new InputError(
      `${name}: ${channels} channels of shape [${shape.join(', ')}]; expected 1 to 4, last${height <= 4 ? ': channels come first here, so save numpy.moveaxis(a, 1, -1)' : ''}`,
    );
  const given: unknown = data;
  const length = count * height * width * channels;
  if ((!Array.isArray(given) && !ArrayBuffer.isView(given)) || data.length !== length)
    throw new InputError(
      `${name}: data are ${shown(given)}; expected ${length} numbers for shape [${shape.join(', ')}]`,
    );
  // Bytes of 0 and 1 only are truth values, or fractions that lost their digits: black images in either case.
  const areBytes =
    given instanceof Uint8Array && range === undefined && dtype !== 'bool' && given.some((byte) => byte > 1);
  return imageSet({
    name,
    describe,
    shape: [height, width, channels],
    bytes: areBytes ? given : scaled(name, data, range),
    labels: labels === undefined ? new Uint8Array(count) : labelBytes(name, labels, count),
  });
}

/** The least and the largest pixel in words; nothing if one is not finite. */
function between(data: ArrayLike<number>): string {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) [low, high] = [Math.min(low, data[i]!), Math.max(high, data[i]!)];
  return Number.isFinite(high - low) ? ` from ${low} to ${high}` : '';
}

function scaled(
  name: string,
  data: ArrayLike<number>,
  range: readonly [number, number] | undefined,
): Uint8Array {
  const ends: unknown = range;
  const [low, high] = range ?? [0, 0];
  if (
    !Array.isArray(ends) ||
    ends.length !== 2 ||
    !Number.isFinite(low) ||
    !Number.isFinite(high) ||
    low >= high
  )
    throw new InputError(
      `${name}: pixels are ${data instanceof Uint8Array ? 'bytes that are 0 or 1 only' : `${shown(data)}${between(data)}`}, and range is ${shown(ends)}; expected the pixels of black and white, range=[0,1] in a spec, range: [0, 1] in a program, or a Uint8Array of pixels from 0 to 255`,
    );
  return Uint8Array.from({ length: data.length }, (_, i) => {
    const x = data[i];
    if (typeof x !== 'number' || !(x >= low && x <= high))
      throw new InputError(`${name}: pixel ${i} is ${shown(x)}; expected ${low} to ${high}, the range`);
    return Math.round((255 * (x - low)) / (high - low));
  });
}

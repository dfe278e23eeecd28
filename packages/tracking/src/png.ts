import { InputError } from '@stillpoint/operators';
import { encode } from 'fast-png';

/** Options of {@link imageGrid}: how values become grey levels, and how the images are laid out. */
export interface GridOptions {
  /** Height, width and channels of one image: 1, grey, which may be left out, or 3, red, green and blue. */
  readonly shape: readonly number[];
  readonly columns: number;
  /** The values that are black and white. Default [−1, 1]. */
  readonly range?: readonly [number, number];
}

/** A PNG file and its size in pixels. */
export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Images, flat `[count, height, width, channels]`, as one PNG with a line of one pixel between them. Values
 * outside the range are clamped; NaN is black. @throws InputError if the values are not whole images of 1 or
 * 3 channels.
 */
export function imageGrid(
  images: Float32Array,
  { shape, columns, range: [low, high] = [-1, 1] }: GridOptions,
): Picture {
  const [h = 0, w = 0, channels = 1] = shape;
  const count = images.length / (h * w * channels);
  if ((channels !== 1 && channels !== 3) || !Number.isSafeInteger(count) || count < 1)
    throw new InputError(
      `${images.length} values are no images of shape [${shape.join(',')}]; expected whole images of 1 or 3 channels`,
    );
  const rows = Math.ceil(count / columns);
  const [width, height] = [columns * (w + 1) - 1, rows * (h + 1) - 1];
  const data = new Uint8Array(width * height * channels).fill(128);
  for (let i = 0; i < count; i++) {
    const left = (i % columns) * (w + 1);
    const top = Math.floor(i / columns) * (h + 1);
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w * channels; x++) {
        const t = ((images[(i * h + y) * w * channels + x] ?? 0) - low) / (high - low);
        data[((top + y) * width + left) * channels + x] = Number.isFinite(t)
          ? Math.round(255 * Math.min(1, Math.max(0, t)))
          : 0;
      }
  }
  return { png: encode({ width, height, data, channels, depth: 8 }), width, height };
}

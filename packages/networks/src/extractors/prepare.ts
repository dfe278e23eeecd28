import { InputError } from '@stillpoint/operators';
import { countExamples } from './batches.js';
import { antialiasedBicubic, tf1Bilinear, type Image } from './resize.js';

/** How images become the input of a network that was trained elsewhere. */
export interface Preparation {
  /** Whether pixels are first rounded to 0 … 255, as images in files are. */
  readonly quantised: boolean;
  readonly resize: 'none' | 'tf1-bilinear' | 'bicubic';
  /** The values that stand for black and white in the network's input. */
  readonly black: number;
  readonly white: number;
  /** Subtracted from each channel after that, and what it is divided by: one number per channel, or none. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** The images that a network takes. */
export interface Wanted {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether channels come before rows and columns, as PyTorch has them, or last. */
  readonly layout: 'nchw' | 'nhwc';
}

const byte = (x: number): number => Math.min(255, Math.max(0, x));

/**
 * Prepares examples in [−1, 1], flat `[n, ...shape]`, for a network: to 0 … 255, resized, to its black and
 * white, each channel normalised, in its layout. Grey images are repeated for a network of three channels.
 * Bicubic values that leave 0 … 255 are brought back to it, as clean-fid does. Throws InputError for examples
 * that are no images, or of other channels or another size than can be prepared.
 */
export function prepareImages(
  name: string,
  examples: Float32Array,
  shape: readonly number[],
  { quantised, resize, black, white, mean, deviation }: Preparation,
  wanted: Wanted,
): Float32Array {
  const [height = 0, width = 0, channels = 0, more] = shape;
  if (channels === 0 || more !== undefined)
    throw new InputError(
      `extractor ${name} takes images, [height, width, channels]; found examples of shape [${shape.join(', ')}]`,
    );
  if (channels !== wanted.channels && channels !== 1)
    throw new InputError(
      `extractor ${name} takes images of ${wanted.channels} channel${wanted.channels === 1 ? '' : 's'}; found ${channels}`,
    );
  if (resize === 'none' && (height !== wanted.height || width !== wanted.width))
    throw new InputError(
      `extractor ${name} takes images of ${wanted.height}×${wanted.width} pixels; found ${height}×${width}: set resize to tf1-bilinear or bicubic`,
    );
  const size = height * width * channels;
  const n = countExamples(name, examples, size);
  const pixels = wanted.height * wanted.width;
  const out = new Float32Array(n * pixels * wanted.channels);
  for (let i = 0; i < n; i++) {
    const values = examples.subarray(i * size, (i + 1) * size).map((x) => {
      const value = byte((x + 1) * 127.5);
      return quantised ? Math.round(value) : value;
    });
    const image: Image = { height, width, channels, values };
    const resized =
      resize === 'none'
        ? image
        : (resize === 'bicubic' ? antialiasedBicubic : tf1Bilinear)(image, wanted.height, wanted.width);
    for (let p = 0; p < pixels; p++)
      for (let c = 0; c < wanted.channels; c++) {
        const value = byte(resized.values[p * channels + (channels === 1 ? 0 : c)]!) / 255;
        const scaled = (black + value * (white - black) - (mean[c] ?? 0)) / (deviation[c] ?? 1);
        const place = wanted.layout === 'nchw' ? c * pixels + p : p * wanted.channels + c;
        out[i * pixels * wanted.channels + place] = scaled;
      }
  }
  return out;
}

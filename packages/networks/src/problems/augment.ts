import { uniform } from '@stillpoint/operators';
import type { DrawStream } from './source.js';

/** The most pixels by which an image is shifted. */
const SHIFT = 4;

/**
 * Images [count, height, width, channels], flat, each shifted by up to 4 pixels along both sides, with zeros
 * where it had none, and mirrored half of the time: a pure function of the stream. It is the random crop of
 * an image with 4 zeros around it. He, Zhang, Ren, Sun 2015, arXiv 1512.03385, section 4.2.
 */
export function shiftedAndMirrored(
  images: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  { seed, call, worker }: DrawStream,
): Float32Array {
  const size = height * width * channels;
  const count = images.length / size;
  const numbers = uniform(new Float64Array(3 * count), { seed, purpose: 'shift and mirror', call, worker });
  const out = new Float32Array(images.length);
  for (let n = 0; n < count; n++) {
    const [down, right] = [0, 1].map((k) => Math.floor(numbers[3 * n + k]! * (2 * SHIFT + 1)) - SHIFT);
    const isMirrored = numbers[3 * n + 2]! < 0.5;
    for (let y = 0; y < height; y++) {
      const fromY = y - down!;
      if (fromY < 0 || fromY >= height) continue;
      for (let x = 0; x < width; x++) {
        const shifted = x - right!;
        if (shifted < 0 || shifted >= width) continue;
        const from = n * size + (fromY * width + (isMirrored ? width - 1 - shifted : shifted)) * channels;
        const to = n * size + (y * width + x) * channels;
        for (let c = 0; c < channels; c++) out[to + c] = images[from + c]!;
      }
    }
  }
  return out;
}

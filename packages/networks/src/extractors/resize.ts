// The two ways in which images are brought to the size of an Inception network, to the digit: figures of one
// are not comparable with those of the other (Parmar, Zhang, Zhu, "On aliased resizing and surprising
// subtleties in GAN evaluation", 2022, arXiv 2104.11222).

/** An image, [height, width, channels]. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** For each place of a resized axis: the first place that it reads, and the weights from there on. */
type Taps = readonly { readonly from: number; readonly weights: readonly number[] }[];

/** The weights of TensorFlow 1's bilinear resize along one axis; positions are float32, as there. */
function bilinearTaps(size: number, to: number): Taps {
  const scale = Math.fround(size / to);
  return Array.from({ length: to }, (_, i) => {
    const place = Math.fround(i * scale);
    const from = Math.min(Math.floor(place), size - 1);
    const share = from + 1 < size ? place - from : 0;
    return { from, weights: share === 0 ? [1] : [1 - share, share] };
  });
}

/** Keys's cubic with a = −½ (1981). */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/** The weights of PIL's bicubic resize along one axis: the cubic is as wide as an output pixel. */
function bicubicTaps(size: number, to: number): Taps {
  const scale = size / to;
  const wide = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - 2 * wide + 0.5));
    const end = Math.min(size, Math.trunc(centre + 2 * wide + 0.5));
    const raw = Array.from({ length: end - from }, (__, k) => cubic((from + k - centre + 0.5) / wide));
    const total = raw.reduce((sum, w) => sum + w, 0);
    return { from, weights: raw.map((w) => w / total) };
  });
}

/** Applies weights along the rows of an image; returns [height, taps, channels]. */
function across({ height, width, channels, values }: Image, taps: Taps): Image {
  const out = new Float32Array(height * taps.length * channels);
  for (let y = 0, at = 0; y < height; y++)
    for (const { from, weights } of taps)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += weights[k]! * values[(y * width + from + k) * channels + c]!;
        out[at++] = sum;
      }
  return { height, width: taps.length, channels, values: out };
}

/** The same down the columns: rows as wide images of one row. */
function down({ height, width, channels, values }: Image, taps: Taps): Image {
  const row = width * channels;
  const whole = across({ height: 1, width: height, channels: row, values }, taps);
  return { height: taps.length, width, channels, values: whole.values };
}

/**
 * TensorFlow 1's `resize_bilinear` with its defaults (align_corners false, no half-pixel centres), which the
 * original FID uses: output pixel i reads at i·size/to. It skips pixels when it makes images smaller.
 */
export const tf1Bilinear = (image: Image, height: number, width: number): Image =>
  down(across(image, bilinearTaps(image.width, width)), bilinearTaps(image.height, height));

/**
 * PIL's `BICUBIC` on float32 images, which clean-fid uses: antialiased, with weights that add up to 1 at the
 * edges too. Values may leave the range of the image by overshooting.
 */
export const antialiasedBicubic = (image: Image, height: number, width: number): Image =>
  down(across(image, bicubicTaps(image.width, width)), bicubicTaps(image.height, height));

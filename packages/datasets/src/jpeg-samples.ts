// From coefficients to pixels in the integers of the Independent JPEG Group's library, so that results are
// those of libjpeg and what is built on it: its accurate inverse transform (C. Loeffler, A. Ligtenberg, G.
// Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", 1989), its smooth upsampling of
// chroma, its colours.

/** A plane of samples. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Samples from one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
}

const byte = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** One pass over eight values; `shift` is what the result is divided by, as a power of two. */
function transform(v: Float64Array, at: number, step: number, shift: number): void {
  const x = (k: number): number => v[at + k * step]!;
  const z1 = (x(2) + x(6)) * 4433;
  const [e2, e3] = [z1 - x(6) * 15_137, z1 + x(2) * 6270];
  const [e0, e1] = [(x(0) + x(4)) * 8192, (x(0) - x(4)) * 8192];
  const even = [e0 + e3, e1 + e2, e1 - e2, e0 - e3];
  const [a, b, c, d] = [x(7), x(5), x(3), x(1)];
  const z5 = (a + c + b + d) * 9633;
  const [s1, s2] = [(a + d) * -7373, (b + c) * -20_995];
  const [s3, s4] = [(a + c) * -16_069 + z5, (b + d) * -3196 + z5];
  const odd = [d * 12_299 + s1 + s4, c * 25_172 + s2 + s3, b * 16_819 + s2 + s4, a * 2446 + s1 + s3];
  const half = 2 ** (shift - 1);
  for (let k = 0; k < 4; k++) {
    v[at + k * step] = Math.floor((even[k]! + odd[k]! + half) / 2 ** shift);
    v[at + (7 - k) * step] = Math.floor((even[k]! - odd[k]! + half) / 2 ** shift);
  }
}

/** Writes the 64 samples of a block whose dequantized coefficients are in `block`, row after row. */
export function inverse(block: Float64Array, out: Uint8Array, at: number, stride: number): void {
  for (let column = 0; column < 8; column++) transform(block, column, 8, 11);
  for (let row = 0; row < 8; row++) transform(block, 8 * row, 1, 18);
  for (let i = 0; i < 64; i++) out[at + (i >> 3) * stride + (i & 7)] = byte(block[i]! + 128);
}

/** The rows of a plane, twice as many: 3/4 of the nearer row and 1/4 of the farther one, times four. */
function tall({ width, height, stride, data }: Plane): Uint16Array {
  const out = new Uint16Array(width * 2 * height);
  for (let y = 0; y < 2 * height; y++) {
    const near = y >> 1;
    const far = Math.min(height - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let x = 0; x < width; x++)
      out[y * width + x] = 3 * data[near * stride + x]! + data[far * stride + x]!;
  }
  return out;
}

/**
 * The plane in `across` times its width and `down` times its height. A factor of two weighs the nearer sample
 * 3/4 and the farther one 1/4, as libjpeg does by default; other factors repeat samples.
 */
export function enlarged(plane: Plane, across: number, down: number): Plane {
  const { width, height, stride, data } = plane;
  if (across === 1 && down === 1) return plane;
  const size = { width: width * across, height: height * down, stride: width * across };
  const out = new Uint8Array(size.width * size.height);
  const result = { ...size, data: out };
  if (across === 1 && down === 2) {
    const four = tall(plane);
    four.forEach((v, i) => {
      out[i] = (v + (Math.floor(i / width) % 2 === 0 ? 1 : 2)) >> 2;
    });
    return result;
  }
  if (across === 2 && down <= 2 && width > 2) {
    const from = down === 2 ? tall(plane) : data;
    const [line, scale] = down === 2 ? [width, 4] : [stride, 1];
    // what is added before the division differs for left and right, so that halves are not all rounded up
    const [left, right, shift] = down === 2 ? [8, 7, 4] : [1, 2, 2];
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < width; x++) {
        const here = from[y * line + x]!;
        const before = x === 0 ? here : from[y * line + x - 1]!;
        const after = x === width - 1 ? here : from[y * line + x + 1]!;
        out[y * size.width + 2 * x] = x === 0 && scale === 1 ? here : (3 * here + before + left) >> shift;
        out[y * size.width + 2 * x + 1] =
          x === width - 1 && scale === 1 ? here : (3 * here + after + right) >> shift;
      }
    return result;
  }
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      out[y * size.width + x] = data[Math.floor(y / down) * stride + Math.floor(x / across)]!;
  return result;
}

/** Red, green and blue of luma and chroma. */
export function coloursOf(planes: readonly Plane[], width: number, height: number): Uint8Array {
  const out = new Uint8Array(3 * width * height);
  const [luma, blue, red] = planes;
  if (luma === undefined || blue === undefined || red === undefined) return out;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const l = luma.data[y * luma.stride + x]!;
      const cb = blue.data[y * blue.stride + x]! - 128;
      const cr = red.data[y * red.stride + x]! - 128;
      const at = 3 * (y * width + x);
      out[at] = byte(l + ((91_881 * cr + 32_768) >> 16));
      out[at + 1] = byte(l + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
      out[at + 2] = byte(l + ((116_130 * cb + 32_768) >> 16));
    }
  return out;
}

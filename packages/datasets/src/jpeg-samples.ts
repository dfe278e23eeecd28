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

/** One pass over eight values; the result is divided by 2 to the power of `shift`. */
function transform(v: Float64Array, at: number, step: number, shift: number): void {
  const i1 = at + step;
  const i2 = at + 2 * step;
  const i3 = at + 3 * step;
  const i4 = at + 4 * step;
  const i5 = at + 5 * step;
  const i6 = at + 6 * step;
  const i7 = at + 7 * step;
  const x0 = v[at]!;
  const x1 = v[i1]!;
  const x2 = v[i2]!;
  const x3 = v[i3]!;
  const x4 = v[i4]!;
  const x5 = v[i5]!;
  const x6 = v[i6]!;
  const x7 = v[i7]!;
  if (x1 === 0 && x2 === 0 && x3 === 0 && x4 === 0 && x5 === 0 && x6 === 0 && x7 === 0) {
    const mean = Math.floor((x0 * 8192 + 2 ** (shift - 1)) / 2 ** shift);
    for (let k = 0; k < 8; k++) v[at + k * step] = mean;
    return;
  }
  const z1 = (x2 + x6) * 4433;
  const e2 = z1 - x6 * 15_137;
  const e3 = z1 + x2 * 6270;
  const scale = 1 / 2 ** shift;
  const e0 = (x0 + x4) * 8192 + 2 ** (shift - 1); // the half for rounding is in every sum
  const e1 = (x0 - x4) * 8192 + 2 ** (shift - 1);
  const z5 = (x7 + x5 + x3 + x1) * 9633;
  const s1 = (x7 + x1) * -7373;
  const s2 = (x5 + x3) * -20_995;
  const s3 = (x7 + x3) * -16_069 + z5;
  const s4 = (x5 + x1) * -3196 + z5;
  const o0 = x1 * 12_299 + s1 + s4;
  const o1 = x3 * 25_172 + s2 + s3;
  const o2 = x5 * 16_819 + s2 + s4;
  const o3 = x7 * 2446 + s1 + s3;
  v[at] = Math.floor((e0 + e3 + o0) * scale);
  v[i7] = Math.floor((e0 + e3 - o0) * scale);
  v[i1] = Math.floor((e1 + e2 + o1) * scale);
  v[i6] = Math.floor((e1 + e2 - o1) * scale);
  v[i2] = Math.floor((e1 - e2 + o2) * scale);
  v[i5] = Math.floor((e1 - e2 - o2) * scale);
  v[i3] = Math.floor((e0 - e3 + o3) * scale);
  v[i4] = Math.floor((e0 - e3 - o3) * scale);
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

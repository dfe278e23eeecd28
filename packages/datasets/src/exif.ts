import type { Picture } from './picture.js';

/**
 * The orientation, 1 to 8, that EXIF's TIFF block states; 1, upright, if it states none. Exchangeable image
 * file format (CIPA DC-008), tag 0x0112.
 */
export function orientationOf(tiff: Uint8Array): number {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  const first = view.getUint32(4, little);
  if (first + 2 > tiff.length) return 1;
  const count = view.getUint16(first, little);
  for (let k = 0; k < count; k++) {
    const at = first + 2 + 12 * k;
    if (at + 12 > tiff.length) return 1;
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The picture turned so that it is upright: row and column 0 of the file are where the orientation says. */
export function oriented(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width, height, channels, data } = picture;
  const swapped = orientation >= 5;
  const [w, h] = swapped ? [height, width] : [width, height];
  const out = new Uint8Array(data.length);
  // 2 mirrored, 3 half a turn, 4 upside down; 5 to 8 are the same of the transposed image, 6 and 8 quarter
  // turns
  const flipX = [2, 3, 6, 7].includes(orientation);
  const flipY = [3, 4, 7, 8].includes(orientation);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [a, b] = [flipX ? w - 1 - x : x, flipY ? h - 1 - y : y];
      const [column, row] = swapped ? [b, a] : [a, b];
      for (let c = 0; c < channels; c++)
        out[(y * w + x) * channels + c] = data[(row * width + column) * channels + c]!;
    }
  return { ...picture, width: w, height: h, data: out };
}

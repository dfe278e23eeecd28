import { imageGrid, type Picture } from '@stillpoint/tracking';

const SIDE = 256;

/** Points `[n, 2]` within ±extent as a PNG, brighter where more of them are; y points up. */
export function densityPicture(points: Float32Array, extent: number): Picture {
  const counts = new Float32Array(SIDE * SIDE);
  const cell = (x: number): number => Math.floor(((x / extent + 1) / 2) * SIDE);
  for (let i = 0; i < points.length; i += 2) {
    const [column, row] = [cell(points[i] ?? NaN), SIDE - 1 - cell(points[i + 1] ?? NaN)];
    if (column >= 0 && column < SIDE && row >= 0 && row < SIDE)
      counts[row * SIDE + column] = (counts[row * SIDE + column] ?? 0) + 1;
  }
  const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 1));
  return imageGrid(
    counts.map((n) => Math.log1p(n) / most),
    { shape: [SIDE, SIDE, 1], columns: 1, range: [0, 1] },
  );
}

/** The side of the picture, in pixels. */
export const SIZE = 800;
/** Half of the side of what is shown of the plane. */
const HALF = 1.5;

/** Where a point of the plane is in the picture. */
export const placeOf = ([x = 0, y = 0]: readonly number[]): readonly [number, number] => [
  (SIZE / 2) * (1 + x / HALF),
  (SIZE / 2) * (1 - y / HALF),
];

/** Draws points, flat `[n, 2]`, in the page's colour of the first curve. */
export function paintPoints(canvas: HTMLCanvasElement | null, points: Float32Array | undefined): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return;
  context.clearRect(0, 0, SIZE, SIZE);
  context.fillStyle = getComputedStyle(canvas).getPropertyValue('--play-0') || '#b34700';
  context.globalAlpha = 0.6;
  for (let i = 0; points !== undefined && i + 1 < points.length; i += 2) {
    const [x, y] = placeOf([points[i]!, points[i + 1]!]);
    context.fillRect(x - 3, y - 3, 6, 6);
  }
}

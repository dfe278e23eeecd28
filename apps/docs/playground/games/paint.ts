import { BANDS } from './plane.js';

/** Paints shades as the brand’s blue over the page’s own ground: the larger, the denser. */
export function paint(canvas: HTMLCanvasElement | null, shades: Int8Array | undefined): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (shades === undefined) return;
  const n = canvas.width;
  const image = context.createImageData(n, n);
  shades.forEach((shade, k) => {
    // the cells begin at the lower left corner, pixels at the upper left one
    const pixel = 4 * ((n - 1 - Math.floor(k / n)) * n + (k % n));
    image.data.set([10, 127, 194, shade < 0 ? 0 : (150 * shade) / (BANDS - 1)], pixel);
  });
  context.putImageData(image, 0, 0);
}

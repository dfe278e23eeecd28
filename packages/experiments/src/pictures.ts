import type { Dataset } from '@stillpoint/datasets';
import { sizeOf } from '@stillpoint/operators';
import { imageGrid, type Picture, type Snapshot } from '@stillpoint/tracking';
import { densityPicture } from './density-picture.js';
import type { Data } from './references.js';

/** How examples become pictures. */
export interface Pictures {
  /** Some of the examples as a picture. */
  snapshot(examples: Float32Array, calls: number): Snapshot;
  /** How many examples a live picture shows. */
  readonly pictured: number;
  /** Half the width of pictures of points, in data units. */
  readonly reach?: number;
  /** A live picture. */
  picture(examples: Float32Array): Picture;
}

const TILES = 16;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
/** Rounded to a 1,000th; 0, never −0, which JSON has not. */
const round = (x: number | undefined): number => Math.round((x ?? 0) * 1000) / 1000 + 0;

/** The first two coordinates of points [n, size]; the second is 0 if there is only one. */
function plane(points: Float32Array, size: number): Float32Array {
  if (size === 2) return points;
  const out = new Float32Array((2 * points.length) / size);
  for (let i = 0; i < out.length / 2; i++) {
    out[2 * i] = points[i * size]!;
    if (size > 1) out[2 * i + 1] = points[i * size + 1]!;
  }
  return out;
}

function ofPoints(train: Pick<Dataset, 'shape' | 'batch'>): Pictures {
  const size = sizeOf(train.shape);
  const real = plane(train.batch(4096, { seed: 0, call: 0 }), size);
  const extent = real.reduce((far, x) => Math.max(far, Math.abs(x)), 0) * 1.15 || 1;
  return {
    reach: extent,
    snapshot(examples, calls) {
      const points = plane(examples, size);
      const count = Math.min(512, points.length / 2);
      return {
        calls,
        points: Array.from(
          { length: count },
          (_, i) => [round(points[2 * i]), round(points[2 * i + 1])] as const,
        ),
      };
    },
    pictured: 4096,
    picture: (examples) => densityPicture(plane(examples, size), extent),
  };
}

/** Images with several channels as grey ones, their channels side by side. */
export function sideBySide(
  examples: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
): Float32Array {
  if (channels === 1) return examples;
  const out = new Float32Array(examples.length);
  const size = height * width * channels;
  for (let at = 0; at < out.length; at++) {
    const [image, y, x] = [
      Math.floor(at / size),
      Math.floor(at / (width * channels)) % height,
      at % (width * channels),
    ];
    out[at] = examples[image * size + (y * width + (x % width)) * channels + Math.floor(x / width)]!;
  }
  return out;
}

function ofImages(shape: readonly number[], coloured: boolean): Pictures {
  const dim = sizeOf(shape);
  const [height = 1, width = 1, channels = 1] = shape;
  const grid = (examples: Float32Array, count: number, columns: number): Picture => {
    const images = examples.subarray(0, count * dim);
    return coloured
      ? imageGrid(images, { shape, columns })
      : imageGrid(sideBySide(images, shape), { shape: [height, width * channels, 1], columns });
  };
  return {
    snapshot(examples, calls) {
      const { png, width: wide, height: high } = grid(examples, TILES, 4);
      return { calls, png: base64(png), width: wide, height: high };
    },
    pictured: 64,
    picture: (examples) => grid(examples, examples.length / dim, 8),
  };
}

/** Pictures of examples of data: images of three channels in colour, unless these are stacked grey images. */
export function picturesOf({ train, stacks }: Pick<Data, 'stacks'> & Pick<Data, 'train'>): Pictures {
  const { shape } = train;
  if (shape.length !== 3) return ofPoints(train);
  return ofImages(shape, shape[2] === 3 && stacks === undefined);
}

import { datasetFrom, type Dataset } from '@stillpoint/datasets';
import { sizeOf } from '@stillpoint/operators';
import { imageGrid, type Snapshot } from '@stillpoint/tracking';
import { densityPicture } from './density-picture.js';
import { HELD_OUT, figuresOf, type Figures } from './figures.js';
import type { GanPreset } from './presets/preset.js';

/** How examples become pictures. */
interface Pictures {
  /** Some of the examples as a picture. */
  snapshot(examples: Float32Array, calls: number): Snapshot;
  /** How many examples a live picture shows. */
  readonly pictured: number;
  /** A live picture: a PNG in base64. */
  picture(examples: Float32Array): string;
}

/** How a preset's generated examples become numbers and pictures. */
export interface Measurer extends Figures, Pictures {
  readonly train: Dataset;
}

const TILES = 16;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const round = (x: number | undefined): number => Math.round((x ?? 0) * 1000) / 1000;

function ofPoints(train: Dataset): Pictures {
  const extent =
    train.batch(4096, { seed: 0, call: HELD_OUT }).reduce((far, x) => Math.max(far, Math.abs(x)), 0) * 1.15;
  return {
    snapshot: (examples, calls) => ({
      calls,
      points: Array.from(
        { length: Math.min(512, examples.length / 2) },
        (_, i) => [round(examples[2 * i]), round(examples[2 * i + 1])] as const,
      ),
    }),
    pictured: 4096,
    picture: (examples) => base64(densityPicture(examples, extent)),
  };
}

function ofImages({ shape }: Dataset): Pictures {
  const dim = sizeOf(shape);
  return {
    snapshot(examples, calls) {
      const { png, width, height } = imageGrid(examples.subarray(0, TILES * dim), { shape, columns: 4 });
      return { calls, png: base64(png), width, height };
    },
    pictured: 64,
    picture: (examples) => base64(imageGrid(examples, { shape, columns: 8 }).png),
  };
}

/** Loads a preset's data and binds its metrics and pictures to them. */
export async function measurerOf(preset: GanPreset): Promise<Measurer> {
  const built = await datasetFrom(preset.dataset);
  const { train } = built;
  return {
    train,
    ...figuresOf(preset, built),
    ...(train.shape.length === 3 ? ofImages(train) : ofPoints(train)),
  };
}

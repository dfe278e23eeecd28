import { datasetFrom, type BuiltDataset, type Dataset } from '@stillpoint/datasets';
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
  /** Half the width of pictures of points, in data units. */
  readonly reach?: number;
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

function ofPoints(train: Pick<Dataset, 'batch'>): Pictures {
  const extent =
    train.batch(4096, { seed: 0, call: HELD_OUT }).reduce((far, x) => Math.max(far, Math.abs(x)), 0) * 1.15;
  return {
    reach: extent,
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

function ofImages({ shape }: Pick<Dataset, 'shape'>): Pictures {
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
  return measurerFor(preset, await datasetFrom(preset.dataset));
}

/** What a GAN is measured by, and on how many samples. */
export type Measured = Pick<GanPreset, 'name' | 'dataset' | 'samples' | 'metrics' | 'headline'>;

/** Binds metrics and pictures to data. */
export function measurerFor<
  D extends Pick<Dataset, 'shape' | 'batch'> & { readonly labels?: ArrayLike<number> },
>(
  measured: Measured,
  built: Pick<BuiltDataset, 'test' | 'mixture'> & { readonly train: D },
): Figures & Pictures & { readonly train: D } {
  const { train } = built;
  return {
    train,
    ...figuresOf(measured, built),
    ...(train.shape.length === 3 ? ofImages(train) : ofPoints(train)),
  };
}

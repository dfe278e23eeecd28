import { datasetFrom, type Dataset } from '@stillpoint/datasets';
import { sizeOf } from '@stillpoint/operators';
import { imageGrid, type Snapshot } from '@stillpoint/tracking';
import { densityPicture } from './density-picture.js';
import { figuresOf, type Figures } from './figures.js';
import { measuresOf, type Measures } from './measures.js';
import type { GanPreset } from './presets/preset.js';
import { HELD_OUT, type Data } from './references.js';

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

function ofImages({ shape }: Pick<Dataset, 'shape'>): Pictures {
  const dim = sizeOf(shape);
  const [height = 1, width = 1, channels = 1] = shape;
  const grid = (examples: Float32Array, count: number, columns: number): ReturnType<typeof imageGrid> =>
    imageGrid(sideBySide(examples.subarray(0, count * dim), shape), {
      shape: [height, width * channels, 1],
      columns,
    });
  return {
    snapshot(examples, calls) {
      const { png, width: wide, height: high } = grid(examples, TILES, 4);
      return { calls, png: base64(png), width: wide, height: high };
    },
    pictured: 64,
    picture: (examples) => base64(grid(examples, examples.length / dim, 8).png),
  };
}

const picturesOf = (train: Pick<Dataset, 'shape' | 'batch'>): Pictures =>
  train.shape.length === 3 ? ofImages(train) : ofPoints(train);

/** Loads a preset's data and binds its metrics and pictures to them. */
export async function measurerOf(preset: GanPreset): Promise<Measurer> {
  return measurerFor(preset, await datasetFrom(preset.dataset));
}

/** What a run needs of a measurer: not the best values, which may take long. */
export type RunMeasurer = Pick<Measures, 'measure' | 'dispose'> & Pictures & Pick<Measurer, 'train'>;

/** The same for one run, without what real examples get. */
export async function runMeasurerOf(preset: GanPreset): Promise<RunMeasurer> {
  const built = await datasetFrom(preset.dataset);
  const { measure, dispose } = await measuresOf(preset, built);
  return { train: built.train, measure, dispose, ...picturesOf(built.train) };
}

/** What a GAN is measured by, and on how many samples. */
export type Measured = Pick<GanPreset, 'name' | 'dataset' | 'samples' | 'metrics' | 'headline'>;

/** Binds metrics and pictures to data. */
export async function measurerFor<D extends Data['train']>(
  measured: Measured,
  built: Omit<Data, 'train'> & { readonly train: D },
): Promise<Figures & Pictures & { readonly train: D }> {
  const { train } = built;
  return { train, ...(await figuresOf(measured, built)), ...picturesOf(train) };
}

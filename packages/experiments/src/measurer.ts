import { datasetFrom, type BuiltDataset, type Dataset, type Mixture } from '@stillpoint/datasets';
import { modeCoverage, slicedWasserstein } from '@stillpoint/metrics';
import { InputError, sizeOf } from '@stillpoint/operators';
import { imageGrid, type Measure, type Column, type Snapshot } from '@stillpoint/tracking';
import { densityPicture } from './density-picture.js';
import type { GanPreset } from './presets/preset.js';

/** How examples become numbers. */
interface Figures {
  readonly columns: readonly Column[];
  readonly headline: string;
  readonly centres?: readonly (readonly [number, number])[];
  /** A sample this near to a centre is of high quality, in data units. */
  readonly within?: number;
  readonly settings: { readonly [name: string]: string };
  /** The figures of examples, by metric. */
  measure(examples: Float32Array): { readonly [metric: string]: Measure };
}

/** How examples become pictures. */
interface Pictures {
  /** What some of the examples look like. */
  snapshot(examples: Float32Array, calls: number): Snapshot;
  /** How many examples a live picture is made of. */
  readonly pictured: number;
  /** A live picture: PNG in base64. */
  picture(examples: Float32Array): string;
}

/** How a preset's generated examples become numbers and pictures. */
export interface Measurer extends Figures, Pictures {
  readonly train: Dataset;
}

const PROJECTIONS = 128;
const TILES = 16;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const round = (x: number | undefined): number => Math.round((x ?? 0) * 1000) / 1000;

function ofMixture(mixture: Mixture, samples: number): Figures {
  const centres = mixture.centres.map(([x = 0, y = 0]) => [x, y] as const);
  const ideal = modeCoverage(Float32Array.from(centres.flat()), mixture);
  return {
    centres,
    within: ideal.settings.sigmas * mixture.deviation,
    headline: 'highQuality',
    columns: [
      {
        name: 'modes',
        label: 'modes covered',
        better: 'higher',
        digits: 3,
        best: centres.length,
        bestLabel: `of ${centres.length}`,
      },
      {
        name: 'highQuality',
        label: 'high quality',
        unit: '%',
        better: 'higher',
        digits: 3,
        decimals: 1,
        best: 100 * ideal.ceiling,
        bestLabel: `a perfect sampler: ${(100 * ideal.ceiling).toFixed(3)} %`,
      },
      { name: 'reverseKl', label: 'reverse KL', unit: 'nats', better: 'lower', digits: 2 },
    ],
    settings: {
      'high quality': `within ${ideal.settings.sigmas} standard deviations (σ = ${round(mixture.deviation)}) of a centre`,
      'mode covered': 'at least one high-quality sample',
      'samples per measurement': String(samples),
    },
    measure(examples) {
      const { modes, highQuality, reverseKl } = modeCoverage(examples, mixture);
      return { modes, highQuality: 100 * highQuality, reverseKl };
    },
  };
}

/** Streams of random numbers for real examples that training never draws: its call numbers stay far below. */
const HELD_OUT = 0xf0000000;

function byTransport({ train, test }: BuiltDataset, samples: number): Figures {
  const dim = sizeOf(train.shape);
  const n = test === undefined ? samples : Math.min(samples, test.count);
  const real = test === undefined ? train.batch(n, { seed: 0, call: HELD_OUT }) : test.values(0, n);
  const floor = slicedWasserstein(train.batch(n, { seed: 0, call: 0 }), real, {
    dim,
    projections: PROJECTIONS,
  });
  const words =
    test === undefined
      ? (['points', `${n} generated against ${n} other real points`] as const)
      : (['pixels in [−1, 1]', `${n} generated against ${n} held-out images`] as const);
  return {
    headline: 'slicedWasserstein',
    columns: [
      {
        name: 'slicedWasserstein',
        label: 'sliced Wasserstein',
        better: 'lower',
        digits: 3,
        best: floor,
        bestLabel: `real against real: ${floor.toPrecision(3)}`,
      },
    ],
    settings: {
      'sliced Wasserstein': `W₂ on ${words[0]}, root mean square over ${PROJECTIONS} random directions, ${words[1]}`,
      floor: `${floor.toPrecision(3)}: ${n} real examples against the same ${n}`,
    },
    measure: (examples) => ({
      slicedWasserstein: slicedWasserstein(examples, real, { dim, projections: PROJECTIONS }),
    }),
  };
}

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
export async function measurerOf({ dataset, measure, samples }: GanPreset): Promise<Measurer> {
  const built = await datasetFrom(dataset);
  const { train, mixture } = built;
  if (measure === 'mode-coverage' && mixture === undefined)
    throw new InputError(`mode coverage needs a mixture; ${dataset} is none`);
  const figures =
    measure === 'mode-coverage' && mixture !== undefined
      ? ofMixture(mixture, samples)
      : byTransport(built, samples);
  return { train, ...figures, ...(train.shape.length === 3 ? ofImages(train) : ofPoints(train)) };
}

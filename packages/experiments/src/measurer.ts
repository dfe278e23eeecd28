import { datasetFrom, type Dataset } from '@stillpoint/datasets';
import { modeCoverage, slicedWasserstein } from '@stillpoint/metrics';
import { InputError } from '@stillpoint/operators';
import { imageGrid, type Measure, type MetricColumn, type Snapshot } from '@stillpoint/tracking';
import type { GanPreset } from './presets/preset.js';

/** How a preset's generated examples become numbers and pictures. */
export interface Measurer {
  readonly train: Dataset;
  readonly columns: readonly MetricColumn[];
  readonly headline: string;
  readonly centres?: readonly (readonly [number, number])[];
  /** A sample this near to a centre is of high quality, in data units. */
  readonly within?: number;
  readonly settings: { readonly [name: string]: string };
  measure(examples: Float32Array): { readonly [metric: string]: Measure };
  snapshot(examples: Float32Array, calls: number): Snapshot;
}

const PROJECTIONS = 128;
const TILES = 16;

/** Loads a preset's data and binds its metrics to them. */
export async function measurerOf({ dataset, measure, samples }: GanPreset): Promise<Measurer> {
  const { train, mixture, test } = await datasetFrom(dataset);
  if (measure === 'mode-coverage') {
    if (mixture === undefined) throw new InputError(`mode coverage needs a mixture; ${dataset} is none`);
    const centres = mixture.centres.map(([x = 0, y = 0]) => [x, y] as const);
    const ideal = modeCoverage(Float32Array.from(centres.flat()), mixture);
    return {
      train, centres, within: ideal.settings.sigmas * mixture.deviation, headline: 'highQuality',
      columns: [
        { name: 'modes', label: 'modes covered', unit: 'modes', better: 'higher', digits: 2, best: centres.length, bestLabel: `of ${centres.length}` },
        { name: 'highQuality', label: 'high quality', unit: '%', better: 'higher', digits: 3, best: 100 * ideal.ceiling, bestLabel: `a perfect sampler: ${(100 * ideal.ceiling).toFixed(3)} %` },
        { name: 'reverseKl', label: 'reverse KL', unit: 'nats', better: 'lower', digits: 2 },
      ],
      settings: { 'high quality': `within ${ideal.settings.sigmas} standard deviations (σ = ${mixture.deviation}) of a centre`, 'mode covered': 'at least one high-quality sample', 'samples per measurement': String(samples) },
      measure(examples) {
        const { modes, highQuality, reverseKl } = modeCoverage(examples, mixture);
        return { modes, highQuality: 100 * highQuality, reverseKl };
      },
      snapshot: (examples, calls) => ({ calls, points: Array.from({ length: Math.min(512, examples.length / 2) }, (_, i) => [round(examples[2 * i]), round(examples[2 * i + 1])] as const) }),
    };
  }
  if (test === undefined) throw new InputError(`sliced Wasserstein needs examples that training never sees; ${dataset} has none`);
  const dim = test.shape.reduce((a, b) => a * b, 1);
  const n = Math.min(samples, test.count);
  const real = test.values(0, n);
  const floor = slicedWasserstein(train.batch(n, { seed: 0, call: 0 }), real, { dim, projections: PROJECTIONS });
  return {
    train, headline: 'slicedWasserstein',
    columns: [{ name: 'slicedWasserstein', label: 'sliced Wasserstein', unit: '', better: 'lower', digits: 3, best: floor, bestLabel: `real against real: ${floor.toPrecision(3)}` }],
    settings: { 'sliced Wasserstein': `W₂ on pixels in [−1, 1], root mean square over ${PROJECTIONS} random directions, ${n} generated against ${n} held-out images`, floor: `${floor.toPrecision(3)}: ${n} training images against the same held-out ones` },
    measure: (examples) => ({ slicedWasserstein: slicedWasserstein(examples, real, { dim, projections: PROJECTIONS }) }),
    snapshot(examples, calls) {
      const { png, width, height } = imageGrid(examples.subarray(0, TILES * dim), { shape: test.shape, columns: 4 });
      return { calls, png: Buffer.from(png).toString('base64'), width, height };
    },
  };
}

const round = (x: number | undefined): number => Math.round((x ?? 0) * 1000) / 1000;

import type { MeasuredMoments, Network } from '@stillpoint/networks';
import { normal, type Stream } from '@stillpoint/operators';
import { momentsLength, type Graphs } from './graphs.js';

/** Number of batches on which the moments of normalised layers are measured before sampling. */
export const MOMENT_BATCHES = 16;

/** What the moments of a generator are measured with. */
interface Measured {
  readonly generator: Network;
  /** Examples in each batch. */
  readonly batch: number;
  readonly graphs: Pick<Graphs, 'measure'>;
  /** The generator's parameters. */
  readonly g: Float32Array;
  readonly seed: number;
  /** The labels of a batch; none for a generator without classes. */
  readonly labelsAt: (count: number, stream: Stream) => { readonly labels?: Float32Array };
}

/**
 * The moments over all batches: the mean of means, and the mean of variances plus the variance of means.
 * Every mean of every normalised layer, then every variance, in one vector.
 */
export async function measuredMoments({
  generator,
  batch,
  graphs,
  g,
  seed,
  labelsAt,
}: Measured): Promise<Float32Array> {
  const length = momentsLength(generator);
  const half = length / 2;
  const moments = new Float32Array(length);
  if ((generator.normalised ?? []).length === 0) return moments;
  const measure = await graphs.measure();
  const sums = new Float64Array(length);
  for (let call = 0; call < MOMENT_BATCHES; call++) {
    const { moments: own } = await measure.run({
      g,
      noise: normal(new Float32Array(batch * generator.inputs), { seed, purpose: 'moments', call }),
      ...labelsAt(batch, { seed, purpose: 'labels of moments', call }),
    });
    for (let i = 0; i < half; i++) {
      const [mean, variance] = [own[i] ?? NaN, own[half + i] ?? NaN];
      sums[i] = (sums[i] ?? 0) + mean / MOMENT_BATCHES;
      sums[half + i] = (sums[half + i] ?? 0) + (variance + mean ** 2) / MOMENT_BATCHES;
    }
  }
  for (let i = 0; i < half; i++) {
    moments[i] = sums[i] ?? NaN;
    moments[half + i] = Math.max(0, (sums[half + i] ?? NaN) - (sums[i] ?? NaN) ** 2);
  }
  return moments;
}

/** The parts of such a vector, layer by layer. */
export function byLayer(
  moments: Float32Array,
  { normalised = [] }: Pick<Network, 'normalised'>,
): readonly MeasuredMoments[] {
  const half = moments.length / 2;
  let offset = 0;
  return normalised.map((channels) => {
    const start = offset;
    offset += channels;
    return {
      mean: moments.slice(start, offset),
      variance: moments.slice(half + start, half + offset),
    };
  });
}

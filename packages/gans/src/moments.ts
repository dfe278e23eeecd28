import { momentsLength, pooledMoments, type MeasuredMoments, type Network } from '@stillpoint/networks';
import { normal, type Stream } from '@stillpoint/operators';
import type { Graphs } from './graphs.js';

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

/** The moments over all batches: every mean of every normalised layer, then every variance, in one vector. */
export async function measuredMoments({
  generator,
  batch,
  graphs,
  g,
  seed,
  labelsAt,
}: Measured): Promise<Float32Array> {
  if ((generator.normalised ?? []).length === 0) return new Float32Array(momentsLength(generator));
  const measure = await graphs.measure();
  const batches: Float32Array[] = [];
  for (let call = 0; call < MOMENT_BATCHES; call++) {
    const { moments } = await measure.run({
      g,
      noise: normal(new Float32Array(batch * generator.inputs), { seed, purpose: 'moments', call }),
      ...labelsAt(batch, { seed, purpose: 'labels of moments', call }),
    });
    batches.push(moments.slice());
  }
  return pooledMoments(batches);
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

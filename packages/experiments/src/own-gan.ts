import type { GanGame } from '@stillpoint/gans';
import type { EngineProblem } from '@stillpoint/networks';
import { sizeOf } from '@stillpoint/operators';
import type { Plot } from '@stillpoint/tracking';
import { SAMPLE_SEED } from './finite-values.js';
import { measurerFor, type Measurer } from './measurer.js';

/** How a GAN of one's own is measured and shown. */
export interface OwnGan extends Omit<Measurer, 'train'> {
  /** Generated examples at z: the same noise in all measurements of all runs. */
  readonly sample: (z: Float32Array) => Promise<Float32Array>;
  /** A picture of its examples, if they are points of the plane or images. */
  readonly plots: readonly Plot[];
  /** What is missing for its loss to have its meaning. */
  readonly warnings: readonly string[];
}

/** Generated examples per measurement. */
const SAMPLES = 1000;

/** Whether a problem is one of `ganGame`. */
export const isGan = (problem: EngineProblem): problem is GanGame =>
  'sample' in problem && typeof problem.sample === 'function' && 'data' in problem && 'warnings' in problem;

/**
 * How a problem is measured by what it generates, if it is a GAN of `ganGame`: by the sliced Wasserstein
 * distance to real examples that no run trains on. Undefined for any other problem.
 */
export async function ownGan(problem: EngineProblem): Promise<OwnGan | undefined> {
  if (!isGan(problem)) return undefined;
  const { data, warnings } = problem;
  const metric = 'sliced-wasserstein';
  const { train: _, ...measurer } = await measurerFor(
    { name: problem.name, dataset: data.name, samples: SAMPLES, metrics: [metric], headline: metric },
    { train: data },
  );
  return {
    ...measurer,
    plots:
      data.shape.length === 3 || sizeOf(data.shape) === 2
        ? [
            {
              name: 'samples',
              title: 'what they generate',
              draw: 'samples',
              ...(measurer.reach !== undefined && { reach: measurer.reach }),
            },
          ]
        : [],
    warnings,
    sample: (z) => problem.sample(z, SAMPLES, SAMPLE_SEED),
  };
}

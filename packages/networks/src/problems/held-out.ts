import type * as tf from '@tensorflow/tfjs-core';
import { compile, type EngineName } from '@stillpoint/engine';
import { InputError, shown } from '@stillpoint/operators';
import { givenMoments, momentsLength, pooledMoments, usedMoments } from '../moments.js';
import { countParameters, unflatten, type Network } from '../network.js';
import { checkLabelled, type LabelledData } from './classifier.js';

/** Batches on which the moments of normalised layers are measured. */
const MOMENT_BATCHES = 16;
/** The worker whose draws these are: no run has it. */
const MOMENTS_WORKER = 2 ** 31;

/** Which images a network is measured on, and what computes it. */
export interface HeldOutOptions {
  readonly network: Network;
  /** The images that it learned; batch norm then has their moments. */
  readonly train: LabelledData;
  /** The images on which it is measured, in file order. */
  readonly test: Pick<LabelledData, 'labels'> & {
    /** Images `start` (included) to `end` (excluded), flat, scaled as in `batch` of `train`. */
    readonly values: (start?: number, end?: number) => Float32Array;
  };
  /** How many images of `test` are taken, the first ones. Default: all. */
  readonly count?: number;
  /** Images in one evaluation, and in a batch whose moments are taken. Default 128. */
  readonly batch?: number;
  readonly engine?: EngineName | 'auto';
  /** Default 1. */
  readonly threads?: number;
}

/** What a network returns for images that it does not learn from. */
export interface HeldOut {
  /** How many images. */
  readonly count: number;
  /** Its outputs with these parameters, flat [count, outputs]. */
  readonly outputs: (z: Float32Array) => Promise<Float32Array>;
  /** Frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

/**
 * Computes a network's outputs for images that it does not learn from. Layers with batch norm normalise by
 * the moments of 16 batches of `train`, pooled, so that an image is judged for itself.
 * @param owner what messages call the caller.
 * @throws InputError for a count that is not a whole number from 1 to the images that there are.
 */
export async function heldOutOutputs(owner: string, options: HeldOutOptions): Promise<HeldOut> {
  const { network, train, test, batch = 128, engine = 'auto', threads = 1 } = options;
  const { count = test.labels.length } = options;
  checkLabelled(owner, train);
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= test.labels.length))
    throw new InputError(
      `${owner}: count is ${shown(count)}; expected a whole number from 1 to ${test.labels.length}, the images to measure on`,
    );
  const [z, images] = [[countParameters(network)], [batch, network.inputs]];
  const normalises = (network.normalised ?? []).length > 0;
  const used = normalises
    ? await compile(
        (x: { readonly [name in 'z' | 'images']: tf.Tensor }) => ({
          moments: usedMoments(network, (context) =>
            network.apply(unflatten(x.z, network), x.images, context),
          ),
        }),
        { inputs: { z, images }, engine, threads },
      )
    : undefined;
  const scores = await compile(
    (x: { readonly [name in 'z' | 'images' | 'moments']: tf.Tensor }) => ({
      logits: network.apply(unflatten(x.z, network), x.images, {
        ...(normalises && { given: givenMoments(x.moments, network) }),
      }),
    }),
    { inputs: { z, images, moments: [momentsLength(network)] }, engine, threads },
  );
  const momentsAt = async (at: Float32Array): Promise<Float32Array> => {
    if (used === undefined) return new Float32Array(momentsLength(network));
    const batches: Float32Array[] = [];
    for (let call = 0; call < MOMENT_BATCHES; call++) {
      const seen = train.batch(batch, { seed: 0, call, worker: MOMENTS_WORKER });
      batches.push((await used.run({ z: at, images: seen })).moments.slice());
    }
    return pooledMoments(batches);
  };
  return {
    count,
    async outputs(at) {
      const moments = await momentsAt(at);
      const all = new Float32Array(count * network.outputs);
      for (let from = 0; from < count; from += batch) {
        const some = Math.min(batch, count - from);
        // a graph has one shape: the last batch ends in zeros
        const seen = new Float32Array(batch * network.inputs);
        seen.set(test.values(from, from + some));
        const { logits } = await scores.run({ z: at, images: seen, moments });
        all.set(logits.subarray(0, some * network.outputs), from * network.outputs);
      }
      return all;
    },
    async dispose() {
      await Promise.all([used?.dispose(), scores.dispose()]);
    },
  };
}

import * as tf from '@tensorflow/tfjs-core';
import { areaUnderRoc } from '@stillpoint/metrics';
import { InputError, isFiniteVector, shown, sizeOf, unknownName } from '@stillpoint/operators';
import { countParameters, type Network } from '../network.js';
import { start } from '../user/functions.js';
import { shiftedAndMirrored } from './augment.js';
import { checkLabelled, type ClassifierProblemOptions } from './classifier.js';
import type { CompiledProblem } from './compiled.js';
import { problemFromLosses } from './from-losses.js';
import { heldOutOutputs, type HeldOutOptions } from './held-out.js';
import { applyNetwork, parametersOf } from './networks.js';

/** The numbers of the min-max AUC beside the scores, all scalars. */
export interface AucNumbers {
  /** What the scores of positive examples are compared with; best at their mean. */
  readonly a: tf.Tensor;
  /** The same of negative examples. */
  readonly b: tf.Tensor;
  /** The dual number; best at 1 + b − a. */
  readonly alpha: tf.Tensor;
}

/**
 * The min-max AUC with a squared loss: v, the scores’ network with a and b, minimises F, and α maximises it.
 * With h the scores and p the share of positive examples, F is the mean of
 *   (1 − p)(h − a)²·1[+] + p(h − b)²·1[−] + 2α(p(1 − p) + p·h·1[−] − (1 − p)·h·1[+]) − p(1 − p)α²
 * If p is the share among these examples, min over a, b and max over α of it is p(1 − p) times the mean of
 * (1 − (h₊ − h₋))² over all pairs of a positive and a negative one.
 * Source: Guo, Liu, Yuan, Shen, Liu, Yang 2020, arXiv 2005.02426.
 *
 * @param scores h, one for each example: [batch] or [batch, 1].
 * @param positive 1 for a positive example, 0 for a negative one: [batch].
 * @param share p, in (0, 1): that of all data, not of the batch.
 */
export function minMaxAucLosses(
  scores: tf.Tensor,
  positive: tf.Tensor,
  { a, b, alpha }: AucNumbers,
  share: number,
): { readonly v: tf.Tensor; readonly alpha: tf.Tensor } {
  if (!(share > 0 && share < 1))
    throw new InputError(
      `minMaxAucLosses: share is ${shown(share)}; expected that of positive examples, between 0 and 1`,
    );
  const [p, q] = [share, 1 - share];
  const h = tf.reshape(scores, [-1]);
  const up = tf.reshape(positive, [-1]);
  const down = tf.sub(1, up);
  const apart = tf.add(
    tf.mul(tf.mul(q, up), tf.square(tf.sub(h, a))),
    tf.mul(tf.mul(p, down), tf.square(tf.sub(h, b))),
  );
  // p(1 − p) + p·h·1[−] − (1 − p)·h·1[+]
  const slope = tf.add(p * q, tf.mul(h, tf.sub(tf.mul(p, down), tf.mul(q, up))));
  const dual = tf.sub(tf.mul(tf.mul(2, alpha), slope), tf.mul(p * q, tf.square(alpha)));
  const F = tf.mean(tf.add(apart, dual));
  return { v: F, alpha: tf.neg(F) };
}

/** Options of {@link aucProblem}. */
export interface AucProblemOptions extends Omit<ClassifierProblemOptions, 'network'> {
  /** Images → one score, as `networkFrom('mlp', { inputs: data.shape, outputs: [1] })`. */
  readonly network: Network;
  /** The label of positive examples; all others are negative. Default 1. */
  readonly positive?: number;
  /**
   * What is between the network's output and h: `sigmoid`, so that h is in (0, 1), or nothing, `linear`. The
   * order of the images is the same. Default `sigmoid`: a square loss of scores without bounds needs short
   * steps, and pulls back scores that are far apart.
   */
  readonly scores?: 'sigmoid' | 'linear';
  /** Images that it does not learn from: then the problem measures the AUC on them. Default: none. */
  readonly test?: HeldOutOptions['test'];
}

/** A problem of {@link aucProblem}. */
export interface AucProblem extends CompiledProblem {
  /**
   * The AUC of the scores at z on the held-out images, if the problem has some; NaN where a score is not
   * finite. `compare` reports it.
   */
  readonly heldOutAuc?: (z: Float32Array) => Promise<number>;
}

/**
 * Training of a score of images by the min-max AUC, one class against the rest: players `v`, the network's
 * parameters with `a` and `b`, and `alpha`. Each draw takes images anew, in the data set's order; workers of
 * `federate` draw from the whole set, each in its own order, unless the data look at `stream.worker`. p is
 * the share of the positive class among all images. Parameters of the network come first in z, so that
 * {@link classifierAuc} measures any point; with `test` the problem does so itself.
 * @throws InputError for options that are not valid, for a network of other ends, and if no image, or every
 *   image, is positive.
 */
export async function aucProblem(options: AucProblemOptions): Promise<AucProblem> {
  const {
    data,
    network,
    batch = 128,
    augment = false,
    positive = 1,
    scores = 'sigmoid',
    test,
    name,
    ...rest
  } = options;
  checkLabelled('aucProblem', data);
  checkScores('aucProblem', network);
  const { shape, labels } = data;
  if (network.inputs !== sizeOf(shape))
    throw new InputError(
      `aucProblem: the network ${network.describe} takes ${network.inputs} numbers; expected ${sizeOf(shape)}, an image of shape [${shape.join(', ')}]`,
    );
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new InputError(`aucProblem: batch is ${shown(batch)}; expected a whole number > 0, such as 128`);
  if (scores !== 'sigmoid' && scores !== 'linear')
    throw unknownName('scores of aucProblem', String(scores), ['sigmoid', 'linear']);
  const share = checkBoth(data.name, labels, positive);
  if (test !== undefined) checkBoth('test', test.labels, positive);
  const zero = start.constant([], 0);
  const isPositive = (label: number): number => (label === positive ? 1 : 0);
  const problem = await problemFromLosses({
    ...rest,
    name: name ?? `AUC of ${network.describe} on ${data.name}, class ${positive} against the rest`,
    players: { v: { ...parametersOf(network), a: zero, b: zero }, alpha: { alpha: zero } },
    draw(stream) {
      const images = data.batch(batch, stream);
      return {
        images: {
          shape: [batch, ...shape],
          values: augment ? shiftedAndMirrored(images, shape, stream) : images,
        },
        positive: Float32Array.from(data.indices(batch, stream), (image) => isPositive(labels[image]!)),
      };
    },
    losses({ v, alpha: { alpha } }, { images, positive: up }) {
      const output = applyNetwork(network, v, images!);
      const h = scores === 'sigmoid' ? tf.sigmoid(output) : output;
      return minMaxAucLosses(h, up!, { a: v.a, b: v.b, alpha }, share);
    },
  });
  if (test === undefined) return problem;
  const { engine = 'auto', threads = 1 } = rest;
  const { outputs, dispose } = await heldOutOutputs('aucProblem', {
    network,
    train: data,
    test,
    engine,
    threads,
  });
  return {
    ...problem,
    async heldOutAuc(z) {
      const found = await outputs(z.subarray(0, countParameters(network)));
      return isFiniteVector(found) ? areaUnderRoc(found, test.labels, positive) : NaN;
    },
    async dispose() {
      await Promise.all([problem.dispose(), dispose()]);
    },
  };
}

/** @throws InputError if all of these images are positive, or none is. */
function checkBoth(images: string, labels: ArrayLike<number>, positive: number): number {
  const share = Array.from(labels).filter((label) => label === positive).length / labels.length;
  if (share > 0 && share < 1) return share;
  throw new InputError(
    `aucProblem: ${share === 1 ? 'every' : 'no'} image of ${images} has the label ${shown(positive)}, the positive one; expected one of several labels`,
  );
}

function checkScores(owner: string, network: Network): void {
  if (network.outputs !== 1)
    throw new InputError(
      `${owner}: the network ${network.describe} returns ${network.outputs} numbers; expected one, the score`,
    );
}

/** Options of {@link classifierAuc}. */
export interface AucOptions extends HeldOutOptions {
  /** The label of positive examples; all others are negative. Default 1. */
  readonly positive?: number;
}

/** Measures the AUC of one network's scores. */
export interface MeasuredAuc {
  /** Of a point of {@link aucProblem}, or of the network's parameters alone. */
  readonly measure: (z: Float32Array) => Promise<number>;
  /** Frees the engine's memory. */
  readonly dispose: () => Promise<void>;
}

/**
 * Measures the AUC of a network's scores on images that it does not learn from, as `areaUnderRoc` of
 * `@stillpoint/metrics` does. Layers with batch norm have the moments of `train`.
 * @throws InputError for a count that is not a whole number from 1 to the images that there are, and for a
 *   network of other ends.
 */
export async function classifierAuc(options: AucOptions): Promise<MeasuredAuc> {
  const { network, test, positive = 1 } = options;
  checkScores('classifierAuc', network);
  const { count, outputs, dispose } = await heldOutOutputs('classifierAuc', options);
  const labels: readonly number[] = Array.from({ length: count }, (_, i) => test.labels[i]!);
  return {
    measure: async (z) =>
      areaUnderRoc(await outputs(z.subarray(0, countParameters(network))), labels, positive),
    dispose,
  };
}

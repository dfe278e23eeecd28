import { InputError, shown, sizeOf } from '@stillpoint/operators';
import type { Network } from '../network.js';
import { shiftedAndMirrored } from './augment.js';
import type { CompiledProblem, FromOptions } from './compiled.js';
import { problemFromLosses } from './from-losses.js';
import { crossEntropy } from './language.js';
import { applyNetwork, parametersOf } from './networks.js';
import type { NamedNumbers } from './samples.js';
import type { DrawStream } from './source.js';

/** Labelled images: an image set of @stillpoint/datasets, or any object with these fields. */
export interface LabelledData {
  readonly name: string;
  /** [height, width, channels] of an image. */
  readonly shape: readonly number[];
  /** The class of each image, from 0. */
  readonly labels: ArrayLike<number>;
  /** Which images `batch` returns for the same arguments. */
  readonly indices: (size: number, stream: DrawStream) => ArrayLike<number>;
  /** Returns `size` images, flat [size, height, width, channels]: a pure function of the stream. */
  readonly batch: (size: number, stream: DrawStream) => Float32Array;
}

/** Options of {@link classifierProblem}. */
export interface ClassifierProblemOptions extends Pick<
  FromOptions<NamedNumbers>,
  'name' | 'seed' | 'engine' | 'threads' | 'facts'
> {
  readonly data: LabelledData;
  /** Images → a logit per class: `networkFrom('resnet-classifier', classifierEnds(data))`. */
  readonly network: Network;
  /** Images in a gradient, at least 2 for a network with batch norm. Default 128. */
  readonly batch?: number;
  /** Whether each image of a draw is shifted by up to 4 pixels and mirrored half of the time. Default no. */
  readonly augment?: boolean;
}

/** The largest label. */
const largest = (labels: ArrayLike<number>): number => {
  let most = -1;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]!);
  return most;
};

/** @throws InputError unless these are labelled images of several classes. */
export function checkLabelled(owner: string, given: unknown): void {
  const data: { readonly [field: string]: unknown } = Object(given);
  const { shape, labels } = data;
  if (
    !Array.isArray(shape) ||
    !(Array.isArray(labels) || ArrayBuffer.isView(labels)) ||
    typeof data['batch'] !== 'function' ||
    typeof data['indices'] !== 'function'
  )
    throw new InputError(
      `${owner}: data are ${shown(given)}; expected images with shape, labels, indices and batch, as fashionMnist or cifar10 of @stillpoint/datasets return`,
    );
  if (shape.length !== 3)
    throw new InputError(
      `${owner}: the data have examples of shape [${shape.join(', ')}]; expected images, [height, width, channels]`,
    );
}

/**
 * The shapes of the ends of a network that classifies these images. `classes`: how many there are; default
 * the largest label and one. @throws InputError for one class.
 */
export function classifierEnds(
  { shape, labels }: Pick<LabelledData, 'shape' | 'labels'>,
  classes: number = largest(labels) + 1,
): { readonly inputs: readonly number[]; readonly outputs: readonly [number] } {
  if (!(classes >= 2))
    throw new InputError(
      `the labels are of ${classes} class${classes === 1 ? '' : 'es'}; expected two or more, to tell them apart`,
    );
  return { inputs: shape, outputs: [classes] };
}

/**
 * A classifier's training as a problem of one player, `model`: its loss is the mean cross-entropy in nats of
 * logits with the labels, over images that each draw takes anew, in the data set's order. Batch norm has the
 * moments of the draw; {@link classifierAccuracy} measures what was learned.
 * Source: He, Zhang, Ren, Sun 2015, arXiv 1512.03385, section 4.2, for the augmentation.
 * @throws InputError for options that are not valid, for a network of other ends, and for a label that it has
 *   no logit for.
 */
export async function classifierProblem(options: ClassifierProblemOptions): Promise<CompiledProblem> {
  const { data, network, batch = 128, augment = false, name, ...rest } = options;
  checkLabelled('classifierProblem', data);
  const { shape, labels } = data;
  const classes = network.outputs;
  if (network.inputs !== sizeOf(shape))
    throw new InputError(
      `classifierProblem: the network ${network.describe} takes ${network.inputs} numbers; expected [${shape.join(', ')}], as networkFrom('resnet-classifier', classifierEnds(data)) has them`,
    );
  if (largest(labels) >= classes)
    throw new InputError(
      `classifierProblem: the network ${network.describe} returns ${classes} numbers and a label is ${largest(labels)}; expected ${largest(labels) + 1} or more, a logit per class`,
    );
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new InputError(
      `classifierProblem: batch is ${shown(batch)}; expected a whole number > 0, such as 128`,
    );
  return problemFromLosses({
    ...rest,
    name: name ?? `${network.describe} on ${data.name}`,
    players: { model: parametersOf(network) },
    draw(stream) {
      const images = data.batch(batch, stream);
      return {
        images: {
          shape: [batch, ...shape],
          values: augment ? shiftedAndMirrored(images, shape, stream) : images,
        },
        labels: Float32Array.from(data.indices(batch, stream), (image) => labels[image]!),
      };
    },
    losses: ({ model }, { images, labels: own }) => ({
      model: crossEntropy(applyNetwork(network, model, images!), own!),
    }),
  });
}

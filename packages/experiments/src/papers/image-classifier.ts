import { dataFrom, type ImageSet } from '@stillpoint/datasets';
import type { EngineName } from '@stillpoint/engine';
import {
  classifierAccuracy,
  classifierProblem,
  type Accuracy,
  type CompiledProblem,
} from '@stillpoint/networks';
import { InputError, type Option } from '@stillpoint/operators';
import { classified, isImages, type Classified } from '../training/classifier.js';
import type { FigureOptions } from './paper.js';

/** The option of a figure whose classifiers are trained on labelled images. */
export const imagesOption: Option<string> & { readonly default: string } = {
  about: 'labelled images, as train --data takes them: a data set’s spec, or the path of a folder',
  expected: 'a data set’s spec, as fashion-mnist, or a path',
  default: 'fashion-mnist',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** What images are called in a title, by the data set’s name or spec. */
export const imagesTitle = (name: string): string => (name === 'fashion-mnist' ? 'Fashion-MNIST' : name);

/**
 * The images to train on of a data set's spec or a path. @throws InputError for data that are not labelled
 * images.
 */
export async function labelledImages(data: string): Promise<ImageSet> {
  const { train } = await dataFrom(data);
  if (!isImages(train))
    throw new InputError(
      `data ${data} has no images with labels; expected some, as fashion-mnist or a folder of CIFAR-10’s binary files`,
    );
  return train;
}

/** A classifier of labelled images, as the runs of a figure need it. */
export interface ImageClassifier extends Classified {
  /** The data set’s name in a title: `Fashion-MNIST`. */
  readonly title: string;
  /** What it is compiled with. One run at a time has all processors. */
  readonly compiled: {
    readonly network: Classified['network'];
    readonly engine: EngineName | 'auto';
    readonly threads: number;
  };
  /** Its cross-entropy as a problem; the seed draws the starts and the batches. */
  readonly problem: (of: {
    readonly batch: number;
    readonly seed: number;
    readonly augment?: boolean;
  }) => Promise<CompiledProblem>;
  /** Its accuracy in per cent, and its loss, on the images that are held out. */
  readonly accuracy: Accuracy;
  /** How many these are. */
  readonly heldOut: number;
  /** Frees it, and the problems that were made of it. */
  readonly dispose: () => Promise<void>;
}

/**
 * Puts a network on labelled images: `data` is a data set's spec or a path, and `heldOut` of its images that
 * no run trains on, or all if there are fewer, measure it. @throws InputError for data that are not labelled
 * images.
 */
export async function imageClassifier(
  { data, model, heldOut }: { readonly data: string; readonly model: string; readonly heldOut: number },
  { engine, processes }: Pick<FigureOptions, 'engine' | 'processes'>,
): Promise<ImageClassifier> {
  const { train, test, network } = classified(data, model, await dataFrom(data));
  const compiled = { network, engine, threads: processes };
  const count = Math.min(heldOut, test.count);
  const accuracy = await classifierAccuracy({ ...compiled, train, test, count });
  const made: { readonly dispose: () => Promise<void> }[] = [accuracy];
  return {
    train,
    test,
    network,
    compiled,
    title: imagesTitle(train.name),
    async problem(of) {
      const problem = await classifierProblem({ ...compiled, data: train, ...of });
      made.push(problem);
      return problem;
    },
    accuracy,
    heldOut: count,
    async dispose() {
      await Promise.all(made.map((one) => one.dispose()));
    },
  };
}

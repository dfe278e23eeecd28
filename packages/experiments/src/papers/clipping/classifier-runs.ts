import type { FigureOptions } from '../paper.js';
import { imageClassifier } from '../image-classifier.js';
import type { Row } from '../runs.js';
import { trainingRows, type Contender } from './training-rows.js';

/** How large the runs are. */
export interface ClassifierSize {
  /** The network’s spec. */
  readonly network: string;
  /** Images in a gradient. */
  readonly batch: number;
  /** Times that a run sees all images, or how many steps it makes. */
  readonly length: { readonly epochs: number } | { readonly steps: number };
  /** Images that are held out, by which the accuracy is measured, at most. */
  readonly heldOut: number;
  /** How often a run is measured. */
  readonly points: number;
  readonly seeds: number;
  /** The others follow it. Default: 1. */
  readonly firstSeed?: number;
  /** Whether images are shifted and mirrored. Default: yes. */
  readonly augment?: boolean;
}

/** The rows of the runs, and what they were made on. */
export interface ClassifierRuns {
  readonly rows: readonly Row[];
  /** The data set: its name, that in a title, and what it holds. */
  readonly data: { readonly name: string; readonly title: string; readonly describe: string };
  readonly network: string;
  readonly parameters: number;
  /** Steps of each run, and how many images its accuracy is measured on. */
  readonly steps: number;
  readonly heldOut: number;
}

/**
 * Trains a classifier of labelled images with each method and seed. `data` is a data set's spec, or the path
 * of a folder, as of CIFAR-10's binary files. A seed gives all methods the same start and the same batches.
 * Runs one after another, in this process.
 * @throws InputError for data that are not labelled images.
 */
export async function classifierRuns(
  contenders: readonly Contender[],
  { network: model, batch, length, heldOut, augment = true, ...size }: ClassifierSize,
  {
    data,
    engine,
    processes,
    ...options
  }: Pick<FigureOptions, 'engine' | 'processes' | 'signal' | 'onProgress'> & {
    readonly data: string;
  },
): Promise<ClassifierRuns> {
  const images = await imageClassifier({ data, model, heldOut }, { engine, processes });
  const { train, network } = images;
  const steps = 'steps' in length ? length.steps : Math.ceil((length.epochs * train.count) / batch);
  try {
    const problem = await images.problem({ batch, seed: 1, augment });
    const rows = await trainingRows(
      contenders,
      {
        ...size,
        problem,
        steps,
        heldOut: [
          { column: 'accuracy', series: 'test accuracy' },
          { column: 'testLoss', series: 'test loss' },
        ],
        async measure(z) {
          const found = await images.accuracy.measure(Float32Array.from(z));
          return [found.accuracy, found.loss];
        },
      },
      options,
    );
    return {
      rows,
      data: { name: train.name, title: images.title, describe: train.describe },
      network: network.describe,
      parameters: problem.dim,
      steps,
      heldOut: images.heldOut,
    };
  } finally {
    await images.dispose();
  }
}

import { dataFrom } from '@stillpoint/datasets';
import { classifierAccuracy, classifierProblem } from '@stillpoint/networks';
import { classified } from '../../training/classifier.js';
import type { FigureOptions } from '../paper.js';
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
}

/** The rows of the runs, and what they were made on. */
export interface ClassifierRuns {
  readonly rows: readonly Row[];
  /** The data set: its name, and what it holds. */
  readonly data: { readonly name: string; readonly describe: string };
  readonly network: string;
  readonly parameters: number;
  /** Steps of each run, and how many images its accuracy is measured on. */
  readonly steps: number;
  readonly heldOut: number;
}

/**
 * Trains a classifier of labelled images with each method and seed. `data` is a data set's spec, or the path
 * of a folder, as of CIFAR-10's binary files. Images are shifted and mirrored. A seed gives all methods the
 * same start and the same batches. Runs one after another, in this process.
 * @throws InputError for data that are not labelled images.
 */
export async function classifierRuns(
  contenders: readonly Contender[],
  { network: spec, batch, length, heldOut, points, seeds }: ClassifierSize,
  {
    data,
    engine,
    processes,
    ...options
  }: Pick<FigureOptions, 'engine' | 'processes' | 'signal' | 'onProgress'> & {
    readonly data: string;
  },
): Promise<ClassifierRuns> {
  const { train, test, network } = classified(data, spec, await dataFrom(data));
  const steps = 'steps' in length ? length.steps : Math.ceil((length.epochs * train.count) / batch);
  const count = Math.min(heldOut, test.count);
  // one run at a time has all processors
  const of = { network, batch, engine, threads: processes };
  const problem = await classifierProblem({ ...of, data: train, seed: 1, augment: true });
  const accuracy = await classifierAccuracy({ ...of, train, test, count });
  try {
    const rows = await trainingRows(
      contenders,
      {
        problem,
        steps,
        seeds,
        points,
        heldOut: [
          { column: 'accuracy', series: 'test accuracy' },
          { column: 'testLoss', series: 'test loss' },
        ],
        async measure(z) {
          const found = await accuracy.measure(Float32Array.from(z));
          return [found.accuracy, found.loss];
        },
      },
      options,
    );
    return {
      rows,
      data: { name: train.name, describe: train.describe },
      network: network.describe,
      parameters: problem.dim,
      steps,
      heldOut: count,
    };
  } finally {
    await Promise.all([problem.dispose(), accuracy.dispose()]);
  }
}

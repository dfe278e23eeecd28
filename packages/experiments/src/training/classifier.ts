import type { BuiltDataset, Dataset, ImageSet } from '@stillpoint/datasets';
import {
  classifierAccuracy,
  classifierEnds,
  classifierProblem,
  networkFrom,
  networks,
  type EngineProblem,
  type Network,
} from '@stillpoint/networks';
import { InputError, parseSpec, type Vector } from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';
import type { TrainConfig } from './config.js';

/** The networks that classify images. */
export const classifiers: typeof networks = networks.filter((row) => row.isClassifier === true);
/** Whether a model is a network that classifies images, and not a GAN’s. */
export const isClassifier = (model: string | null): model is string =>
  model !== null && classifiers.some(({ name }) => name === parseSpec(model).name);

/** The metric by which a classifier’s best checkpoint is kept. */
const ACCURACY = 'accuracy';

/** Whether data are images with labels. */
export const isImages = (data: Dataset | undefined): data is ImageSet =>
  data !== undefined && 'labels' in data && 'bytes' in data;

/** Labelled images, those of them that no run learns from, and a network that tells their classes apart. */
export interface Classified {
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly network: Network;
}

/**
 * The data and the network of a classifier. `data` names the data in errors. @throws InputError for data that
 * are no labelled images, or of which none are held out, and for a network that they do not fit.
 */
export function classified(data: string, model: string, { train, test, classes }: BuiltDataset): Classified {
  if (!isImages(train))
    throw new InputError(
      `model ${model} classifies images, and ${data} has none with labels; expected images of several classes, as fashion-mnist or a folder of CIFAR-10’s binary files`,
    );
  if (test === undefined || !isImages(test))
    throw new InputError(
      `${data} has no images that are held out, on which a classifier could be measured; expected some: leave heldOut out, or give a share, as heldOut=0.1`,
    );
  return { train, test, network: networkFrom(model, classifierEnds(train, classes?.length)) };
}

/**
 * The config of a classifier, checked. @throws InputError for settings of GANs, and as {@link classified}.
 */
export function classifierConfig(
  config: TrainConfig & { readonly model: string },
  built: BuiltDataset,
  usual: { readonly loss: string; readonly metrics: readonly string[] },
): TrainConfig {
  const { data, model, loss, constrainD, preset, metrics } = config;
  // a config states GANs’ usual loss and metrics before it is known that its model is a classifier
  const given = { preset, loss: loss === usual.loss ? null : loss, constrainD };
  for (const [key, value] of Object.entries(given))
    if (value !== null)
      throw new InputError(
        `${key} is ${value}, but ${model} is a classifier: it has one player, whose loss is the cross-entropy; leave ${key} out`,
      );
  for (const metric of metrics ?? [])
    if (metric !== ACCURACY && !usual.metrics.includes(metric))
      throw new InputError(
        `metrics has ${metric}, but ${model} is a classifier; expected ${ACCURACY}, or no metrics`,
      );
  classified(data ?? '', model, built);
  return { ...config, loss: null, metrics: [ACCURACY], best: ACCURACY };
}

/** What is measured of a classifier. */
export const classifierColumns: readonly Column[] = [
  { name: ACCURACY, label: 'test accuracy', unit: '%', better: 'higher', digits: 4, best: 100 },
  { name: 'testLoss', label: 'test loss', unit: 'nats', better: 'lower', digits: 4 },
];

/** A classifier as a problem of one player, and what measures it. */
export async function classifierBy(
  { seed, batch, engine, threads, augment }: TrainConfig,
  { train, test, network }: Classified,
): Promise<{
  readonly problem: EngineProblem;
  readonly measure: (z: Vector) => Promise<{ readonly [name: string]: Measure }>;
  readonly dispose: () => Promise<void>;
}> {
  const of = { network, engine, threads };
  const problem = await classifierProblem({
    ...of,
    data: train,
    seed,
    augment,
    ...(batch !== null && { batch }),
  });
  const accuracy = await classifierAccuracy({ ...of, train, test });
  return {
    problem,
    async measure(z) {
      const { accuracy: percent, loss } = await accuracy.measure(Float32Array.from(z));
      return { [ACCURACY]: percent, testLoss: loss };
    },
    async dispose() {
      await Promise.all([problem.dispose(), accuracy.dispose()]);
    },
  };
}

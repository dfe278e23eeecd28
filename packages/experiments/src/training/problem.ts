import { dataFrom } from '@stillpoint/datasets';
import { ganGame, lossFrom, modelFrom, type GanGame } from '@stillpoint/gans';
import type { EngineProblem } from '@stillpoint/networks';
import { InputError, type Buffers, type Vector } from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';
import { measurerFor, type Measurer } from '../measurer.js';
import { isGan } from '../own-gan.js';
import type { Data } from '../references.js';
import { drawnBy } from '../trial/game-source.js';
import { filesOf, type ModuleSource } from '../trial/module-source.js';
import { identifiedBy, ownIn } from '../trial/own-problem.js';
import { ownAuc } from '../own-auc.js';
import { measuring } from '../trial/problem-trial.js';
import { classified, classifierBy, classifierColumns, isClassifier } from './classifier.js';
import { GAN_LOSS, modelFor, type TrainConfig } from './config.js';
import { checkInitialisation } from './initialisation.js';
import { languageModelBy, languageNetworkOf } from './language.js';
import { methodBy, type BuildMethod } from './method.js';

/** What a run trains, with what, and how it is measured. */
export interface Trained {
  readonly problem: EngineProblem;
  readonly method: BuildMethod;
  /** Present if it is a GAN. */
  readonly gan?: GanGame;
  /** How what it generates is measured and drawn; present if it is a GAN. */
  readonly measurer?: Measured;
  /** The data that a GAN's metrics compare with. */
  readonly data?: Data;
  readonly columns: readonly Column[];
  /** Measures a point of a problem that is no GAN: residual and losses, and a classifier’s accuracy. */
  readonly measure: (z: Vector, buffers: Buffers) => Promise<Values>;
  /** What is missing for its loss to have its meaning. */
  readonly warnings: readonly string[];
  /** Frees the memory of the engine and of the metrics. */
  readonly dispose: () => Promise<void>;
}

type Values = { readonly [name: string]: Measure };
type Measured = Omit<Measurer, 'train'> & {
  /** The mean squared deviation of real examples from their mean. */
  readonly spread: number;
};

/** The mean squared deviation of examples, flat [count, size], from their mean: how different they are. */
export function spreadOf(examples: Float32Array, size: number): number {
  const count = examples.length / size;
  let sum = 0;
  for (let j = 0; j < size; j++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += examples[i * size + j]! / count;
    for (let i = 0; i < count; i++) sum += (examples[i * size + j]! - mean) ** 2 / count;
  }
  return sum;
}

/** Real examples whose spread generated ones are compared with. */
const SPREAD = 1000;

/**
 * Builds what a config names. `file` and `methodFile` say where its files are. @throws InputError for a
 * config that cannot be built.
 */
export async function trainedBy(
  config: TrainConfig,
  file?: ModuleSource,
  methodFile?: ModuleSource,
): Promise<Trained> {
  const made = await problemBy(config, file);
  try {
    checkInitialisation(config, made.problem);
    const method = await methodBy(config, made.problem.facts ?? {}, methodFile);
    if (config.onNonFinite === 'halve') method(1); // throws if there is no step size to halve
    if (methodFile === undefined) return { ...made, method };
    return { ...made, problem: identifiedBy(made.problem, await filesOf(methodFile)), method };
  } catch (error) {
    await made.dispose();
    throw error;
  }
}

async function problemBy(config: TrainConfig, file?: ModuleSource): Promise<Omit<Trained, 'method'>> {
  const { seed, engine, threads } = config;
  if (config.file !== null) {
    if (file === undefined) throw new Error(`${config.file} is named but not given`);
    const own = await ownIn(file);
    if ('game' in own)
      throw new InputError(
        `${file.name} exports a game of plain functions; expected a problem, as ganGame({ … }) or problemFromLosses({ … }) return; stillpoint solve ${file.name} --save runs a game`,
      );
    return withMeasures(config, drawnBy(own.problem, seed), {});
  }
  const { data, model, loss, batch, constrainD } = config;
  const built = await dataFrom(data ?? '');
  if (built.text !== undefined) {
    const network = languageNetworkOf(config, built.text, GAN_LOSS);
    return withMeasures(config, await languageModelBy(config, network, built.text), {});
  }
  if (isClassifier(model)) {
    const made = await classifierBy(config, classified(data ?? '', model, built));
    const whole = await withMeasures(config, made.problem, {});
    return {
      ...whole,
      columns: classifierColumns,
      measure: async (z, buffers) => ({ ...(await whole.measure(z, buffers)), ...(await made.measure(z)) }),
      dispose: made.dispose,
    };
  }
  const gan = await ganGame({
    ...modelFrom(model ?? modelFor(built.train.shape), built.train.shape),
    loss: lossFrom(loss ?? GAN_LOSS),
    data: built.train,
    batch: batch ?? 64,
    ...(constrainD === null ? {} : { constraint: { D: constrainD } }),
    seed,
    engine,
    threads,
  });
  return withMeasures(config, gan, built);
}

/** A problem with its measures. `built` is the data set that a spec names. */
async function withMeasures(
  { metrics, best, samples, data }: TrainConfig,
  problem: EngineProblem,
  built: Omit<Data, 'train'>,
): Promise<Omit<Trained, 'method'>> {
  const measure = measuring(problem);
  const dispose = async (): Promise<void> => problem.dispose();
  if (!isGan(problem)) {
    const auc = ownAuc(problem);
    return {
      problem,
      columns: [
        ...(auc ? [auc.column] : []),
        { name: 'residual', label: 'residual', better: 'lower', digits: 3 },
      ],
      measure: async (z, buffers) => ({ ...(await auc?.measure(z)), ...(await measure(z, buffers)) }),
      warnings: [],
      dispose,
    };
  }
  const { data: train } = problem;
  const list = metrics ?? ['sliced-wasserstein'];
  const measurer = await measurerFor(
    {
      name: problem.name,
      dataset: data ?? train.name,
      samples: samples ?? 1000,
      metrics: list,
      headline: best ?? list[0] ?? '',
    },
    { ...built, train },
  );
  const size = train.shape.reduce((n, side) => n * side, 1);
  const spread = spreadOf(train.batch(SPREAD, { seed: 0, call: 0 }), size);
  return {
    problem,
    gan: problem,
    measurer: { ...measurer, spread },
    data: { ...built, train },
    columns: measurer.columns,
    measure,
    warnings: problem.warnings,
    async dispose() {
      await dispose();
      await measurer.dispose();
    },
  };
}

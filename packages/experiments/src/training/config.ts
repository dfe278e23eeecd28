import { dataFrom, dataSpec } from '@stillpoint/datasets';
import { engineNames } from '@stillpoint/engine';
import { lossFrom, modelFrom, models } from '@stillpoint/gans';
import { metricFrom } from '@stillpoint/metrics';
import {
  InputError,
  choice,
  findRow,
  flag,
  formatData,
  formatSpec,
  integer,
  number,
  parseRows,
  parseSpec,
  seed,
  type Data,
  type Full,
  type Option,
} from '@stillpoint/operators';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { guardActions } from '@stillpoint/optimizers/drivers';
import { presets } from '../presets/registry.js';
import { isMethodFile } from './method.js';
import type { GanPreset } from '../presets/preset.js';
import { classifierConfig, classifiers, isClassifier } from './classifier.js';
import { checkInitialisation } from './initialisation.js';
import { languageNetwork, languageNetworkOf } from './language.js';

const isText = (value: Data): value is string => typeof value === 'string' && value.trim() !== '';

/** A text, by default one that is chosen from other settings. */
const text = (
  about: string,
  expected: string,
  orNull: string,
): Option<string | null> & { default: null } => ({
  about,
  expected: `${expected}; null: ${orNull}`,
  default: null,
  accepts: isText,
});

/** Texts, by default those that are chosen from other settings. */
const texts = (
  about: string,
  expected: string,
  orNull: string,
): Option<readonly string[] | null> & { default: null } => ({
  about,
  expected: `${expected}; null: ${orNull}`,
  default: null,
  accepts: (value) => Array.isArray(value) && value.every(isText),
});

/** A whole number that is chosen from other settings unless it is given. */
const whole = <const D extends number | null>(
  about: string,
  from: number,
  fallback: D,
  orNull = '',
): Option<number | D> & { default: D } => ({
  about,
  expected: `a whole number >= ${from}${fallback === null ? `; null: ${orNull}` : ''}`,
  default: fallback,
  accepts: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= from,
});

/** Every setting of a training run: the keys of a config file and of `--set`. */
export const trainTable = {
  preset: text('the preset whose settings are the defaults', 'a preset’s name', 'a file or data are given'),
  file: text('a file that exports a problem, as ganGame makes it', 'a path', 'a preset or data are given'),
  data: text('what is learned: a data set’s spec', 'a spec, as ring(modes=25)', 'the preset’s'),
  model: text(
    'the networks: a GAN’s, a language model’s on a text, or a classifier’s on labelled images',
    'a spec, as dcgan(channels=16), lstm or resnet-classifier',
    'the preset’s',
  ),
  loss: text('what the players minimise', 'a spec, as hinge', 'the preset’s, or non-saturating'),
  batch: whole('real and generated examples in a gradient', 1, null, 'the preset’s, or 64'),
  augment: flag({
    about: 'whether a classifier’s images are shifted by up to 4 pixels and mirrored half of the time',
    default: false,
  }),
  constrainD: text('the set in which D’s parameters stay', 'a spec, as box(lower=-0.01, upper=0.01)', 'none'),
  method: text(
    'the optimizer',
    'a spec, as adam(stepSize=0.001), or a file that exports a method',
    'the preset’s, or alternating Adam',
  ),
  initialisation: text(
    'what each tensor of the start is scaled by before training, out of the budget',
    'a spec, as gradcosine(weight=1)',
    'the start stays as it is drawn',
  ),
  seed: seed({ about: 'of the start, the order of the data and the noise', default: 1 }),
  calls: whole('budget, in gradients of all players', 1, null, 'the preset’s, or 2,000'),
  engine: choice({ about: 'what computes', among: ['auto', ...engineNames], default: 'auto' }),
  threads: integer({ about: 'threads of one evaluation', from: 1, to: 1024, default: 1 }),
  metrics: texts('what is measured on the way', 'specs of metrics, as [sliced-wasserstein]', 'the preset’s'),
  best: text('the metric by which the best checkpoint is kept', 'one of the metrics', 'the first of them'),
  samples: whole('generated examples in a measurement', 2, null, 'the preset’s, or 1,000'),
  recordEvery: whole('calls between two rows of losses and gradients', 1, null, 'a 200th of the budget'),
  measureEvery: whole('calls between two measurements', 1, null, 'a 20th of the budget'),
  pictureEvery: whole('calls between two pictures', 1, null, 'a 10th of the budget'),
  checkpointSeconds: number({
    about: 'seconds between two checkpoints; longer if writing them would take over a 100th of the time',
    from: 0,
    default: 30,
  }),
  keep: integer({ about: 'checkpoints kept beside the best and the last good one', from: 1, default: 3 }),
  onNonFinite: choice({
    about: 'what follows a value that is not finite',
    among: guardActions,
    default: 'stop',
  }),
  tries: integer({ about: 'times that this may happen before the run stops', from: 0, default: 3 }),
};

/** A run's settings, with every default: what config.json in a run directory holds. */
export type TrainConfig = Full<typeof trainTable>;

/** Settings as a user gives them: any of the keys. */
export type GivenConfig = { readonly [key: string]: unknown };

/** The settings that a preset states, under the names of a config. */
const ofPreset = (preset: GanPreset): GivenConfig => ({
  data: preset.dataset,
  model: preset.model,
  loss: preset.loss,
  batch: preset.batch,
  method: preset.trained,
  calls: preset.calls,
  metrics: preset.metrics,
  best: preset.headline,
  samples: preset.samples,
});

/** What D and G minimise where nothing else is stated. */
export const GAN_LOSS = 'non-saturating';

/** What holds where neither the user nor a preset states a setting. */
const otherwise = {
  loss: GAN_LOSS,
  batch: 64,
  method: 'alternating-adam(stepSize=0.001, beta1=0.5)',
  calls: 2000,
  metrics: ['sliced-wasserstein'],
  samples: 1000,
} as const;

const without = (given: GivenConfig): GivenConfig =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));

/** The name of a metric in `best`: `sliced-wasserstein(directions=10)` as `sliced-wasserstein`. */
const nameOf = (spec: string): string => parseSpec(spec).name;

/**
 * The settings of a run with every default filled in. `owner` names their source in errors: `run.json`.
 * @throws InputError for an unknown key (with the nearest), an unacceptable value, an unknown preset, and
 *   settings that exclude each other.
 */
export function trainConfig(owner: string, given: unknown): TrainConfig {
  const asked = parseRows(owner, trainTable, given);
  const { preset: name, file, data } = asked;
  const sources = [name, file, data].filter((source) => source !== null);
  if (sources.length === 0)
    throw new InputError(
      `${owner} names nothing to train; expected a preset (${presets.map((one) => one.name).join(', ')}), a file or data`,
    );
  if (file !== null) {
    const extra = (
      ['preset', 'data', 'model', 'loss', 'batch', 'augment', 'constrainD', 'engine', 'threads'] as const
    ).find((key) => asked[key] !== trainTable[key].default);
    if (extra !== undefined)
      throw new InputError(
        `${owner}: ${extra} is ${formatData(asked[extra])}; expected it in ${file}, which states the whole problem`,
      );
  }
  const preset = name === null ? undefined : findRow('preset', presets, name);
  const stated = { ...otherwise, ...(preset && ofPreset(preset)), ...without(asked) };
  const full = parseRows(owner, trainTable, stated);
  const calls = full.calls ?? otherwise.calls;
  const every = (parts: number): number => Math.max(1, Math.ceil(calls / parts));
  const metrics = full.metrics ?? otherwise.metrics;
  const best = full.best === null ? undefined : nameOf(full.best);
  if (best !== undefined && !metrics.some((spec) => nameOf(spec) === best) && asked.best !== null)
    throw new InputError(
      `${owner}: best is ${full.best}; expected one of the metrics ${metrics.map(nameOf).join(', ')}`,
    );
  const known = metrics.map(nameOf).find((metric) => metric === best);
  return {
    ...full,
    ...(file === null ? {} : { loss: null, batch: null }),
    calls,
    metrics,
    best: known ?? (metrics[0] === undefined ? null : nameOf(metrics[0])),
    recordEvery: full.recordEvery ?? every(200),
    measureEvery: full.measureEvery ?? every(20),
    pictureEvery: full.pictureEvery ?? every(10),
  };
}

/**
 * The same settings with data and networks as specs, where a path or nothing was given. The rest is checked
 * before any work. @throws InputError for a spec that cannot be built, or networks that do not fit the data.
 */
export async function checkedConfig(config: TrainConfig): Promise<TrainConfig> {
  const { file, data, model, loss, method, metrics } = config;
  const by = method ?? otherwise.method;
  // a step size that is not given may follow from the problem
  if (!isMethodFile(by)) methodFrom(by, { lipschitz: 1 });
  checkInitialisation(config);
  if (file === null && data !== null && isClassifier(model)) {
    const spec = await dataSpec(data);
    const stated = { ...config, model, data: formatSpec(spec) };
    return classifierConfig(stated, await dataFrom(spec), otherwise);
  }
  for (const metric of metrics ?? []) metricFrom(metric);
  if (config.augment)
    throw new InputError(
      'augment is true, which is a setting of a classifier; expected a model that is one, as resnet-classifier',
    );
  if (file !== null || data === null) return config;
  const spec = await dataSpec(data);
  const { train, text } = await dataFrom(spec);
  if (text !== undefined) {
    const stated = { ...config, data: formatSpec(spec) };
    languageNetworkOf(stated, text, GAN_LOSS);
    return { ...stated, model: model ?? languageNetwork, loss: null };
  }
  if (loss !== null) lossFrom(loss);
  const networks = model ?? modelFor(train.shape);
  findRow('model', [...models, ...classifiers], parseSpec(networks).name); // with the nearest of both kinds
  modelFrom(networks, train.shape);
  return { ...config, data: formatSpec(spec), model: networks };
}

/** The networks for data of which nothing else is known: DCGAN where the sides allow, else an MLP. */
export function modelFor(shape: readonly number[]): string {
  const [height = 0, width = 0] = shape;
  const fits = shape.length === 3 && height % 4 === 0 && width % 4 === 0;
  return fits ? 'dcgan(channels=16)' : 'mlp(latent=8, generator=[128,128], discriminator=[128,128])';
}

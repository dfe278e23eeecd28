import type { EngineName } from '@stillpoint/engine';
import { lossFrom, modelFrom, warningsOf } from '@stillpoint/gans';
import { dataSpec } from '@stillpoint/datasets';
import { defaultPrices, formatSpec, type Problem, type Spec } from '@stillpoint/operators';
import { settledValues, type Goal, type Plot, type Section } from '@stillpoint/tracking';
import { contendersOf } from './contenders.js';
import { playerPlots } from './player-plots.js';
import { measurerOf, type Measurer } from './measurer.js';
import type { GanPreset } from './presets/preset.js';
import { sectionOf } from './section.js';
import { targetColumns, targetFrom, targetWords, toTarget } from './target.js';
import { engineNamed, engineUsed, keepFor, keptOnce, type Shared } from './trial/identity.js';
import { buildOf, sourcesOf, type Compared } from './trial/method-source.js';
import { runTrials } from './trial/pool.js';
import type { TrialRecord } from './trial/record.js';
import { endedTrial } from './trial/trial-folder.js';
import type { GanTrial } from './trial/trial.js';
import { inlineWorker, placesFor, type Places } from './trial/worker.js';

const ganPlayers: readonly string[] = ['D', 'G'];

/** A game of a GAN's players, on which a method is checked before any GAN is built. */
export const anyGan: Problem = {
  name: 'a GAN',
  dim: ganPlayers.length,
  players: ganPlayers.map((name, p) => ({ name, start: p, end: p + 1 })),
  operator: () => undefined,
  losses: () => undefined,
};

/** The plots of a GAN's section. */
function plotsOf({ columns, headline, centres, within, reach }: Measurer, seeds: number): readonly Plot[] {
  // figuresOf checks that the headline is one of the columns
  const column = columns.find(({ name }) => name === headline)!;
  const { label, unit, best, bestLabel = 'best possible' } = column;
  return [
    {
      name: 'samples',
      title: 'what they generate',
      draw: 'samples',
      ...(centres && within !== undefined
        ? {
            centres,
            within,
            note: 'Dark dots are samples of high quality, red ones are not. The faint rings only mark where the modes are; a sample of high quality is much nearer to a centre.',
          }
        : reach === undefined
          ? {}
          : { reach }),
    },
    {
      name: 'metric',
      title: `${label} against oracle calls`,
      draw: 'lines',
      panels: [{ series: headline }],
      y: { label: `${label}${unit === undefined ? '' : `, ${unit}`}`, scale: 'linear', zero: true },
      dots: true,
      ...(best === undefined ? {} : { reference: { value: best, label: bestLabel } }),
    },
    ...(seeds > 1
      ? [
          {
            name: 'results',
            title: `${label} at the end of each run`,
            draw: 'ends',
            column: headline,
          } as const,
        ]
      : []),
    ...playerPlots(ganPlayers),
  ];
}

/** A preset with other data. Its words and its goal are about its own data. */
function withData(preset: GanPreset, data: Spec | undefined): GanPreset {
  if (data === undefined) return preset;
  const { goal: _, goalWords: __, ...rest } = preset;
  const dataset = formatSpec(data);
  return {
    ...rest,
    dataset,
    title: `${data.name}, by the preset ${preset.name}`,
    about: `The methods, networks and budget of the preset ${preset.name} with other data: ${dataset}.`,
  };
}

/** How many runs are made at once, in words. */
const atOnce = (processes: number): string =>
  processes === Infinity
    ? 'as many runs at once as the queue’s workers make'
    : `${processes} run${processes === 1 ? '' : 's'} at once`;

/** Options of {@link compareOnGan}. */
export interface GanComparison extends Places {
  /** Specs, and methods of your own. If one is an object, all runs are made in this process. */
  readonly methods?: readonly Compared[];
  readonly seeds?: number;
  /** The first seed; the others follow. Default 1. */
  readonly firstSeed?: number;
  /** How the step sizes were chosen, in words. */
  readonly stepSizes?: string;
  readonly calls?: number;
  readonly steps?: number;
  /**
   * Other data, as `dataFrom` of @stillpoint/datasets reads them: a spec, or the path of a file or folder.
   * Default: the preset's own. With others the preset's goal does not count.
   */
  readonly data?: string;
  /**
   * What runs are to reach, as {@link targetFrom} reads it: `high-quality>=80`. The section then states each
   * run's calls and seconds at its first measurement within. Default: the preset's goal, if it has one.
   */
  readonly target?: string;
  /** The model and the loss. Default: the preset's own. */
  readonly model?: string;
  readonly loss?: string;
  /** Default `auto`. */
  readonly engine?: EngineName | 'auto';
  /**
   * A folder in which each trial of a spec keeps a run directory. A trial that it holds already, with the
   * same identity, is read if it has ended, and goes on bit for bit if not. Default: nothing is kept. Methods
   * of files and objects, whose code may have changed, are run again.
   */
  readonly folder?: string;
  /** Seconds between two checkpoints of a trial. Default 30, more where writing takes over 1 % of it. */
  readonly checkpointSeconds?: number;
  /**
   * Called whenever a trial has made progress, with the records of all trials and a function that returns the
   * section they make so far.
   */
  readonly onProgress?: (records: readonly TrialRecord<GanTrial>[], section: () => Section) => void;
  /** Stops the trials. The section then says which were stopped and which were never begun. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a preset: every method with every seed, each in a process of its own, from the same start with the
 * same data and budget.
 */
export async function compareOnGan(given: GanPreset, options: GanComparison = {}): Promise<Section> {
  const {
    methods = given.methods,
    seeds = given.seeds,
    firstSeed = 1,
    calls,
    steps,
    data,
    model = given.model,
    loss = given.loss,
    onProgress,
    signal,
  } = options;
  const asked = options.engine ?? 'auto';
  const engine = options.queue === undefined ? asked : await engineNamed(asked);
  const preset = withData({ ...given, model, loss }, data === undefined ? undefined : await dataSpec(data));
  const { sources, given: own } = await sourcesOf(methods);
  const built = (await Promise.all(sources.map(async (source) => buildOf(source, own)))).map((build) =>
    build({}, anyGan),
  );
  const contenders = contendersOf(built, sources);
  const places = placesFor(options, own.length > 0 ? inlineWorker({ methods: own }) : undefined);
  const budget = steps === undefined ? { calls: calls ?? preset.calls } : { steps };
  const measurer = await measurerOf(preset);
  const shared: Shared | undefined =
    options.folder === undefined
      ? undefined
      : {
          folder: options.folder,
          data: measurer.train.identity ?? preset.dataset,
          engine: await engineUsed(engine),
          ...(options.checkpointSeconds === undefined ? {} : { everySeconds: options.checkpointSeconds }),
        };
  // All methods of one seed before the next seed, so that an interrupted comparison has compared something.
  const trials = Array.from({ length: seeds }, (_, i) =>
    sources.map((method, m): GanTrial => {
      const trial: GanTrial = { kind: 'gan', preset, method, seed: firstSeed + i, ...budget, engine };
      if (shared === undefined || typeof method !== 'string') return trial;
      return { ...trial, keep: keepFor(trial, contenders[m]!.method, shared) };
    }),
  )
    .flat()
    .map(keptOnce());
  const networks = modelFrom(model, measurer.train.shape);
  const notes = warningsOf({
    loss: lossFrom(loss),
    discriminator: networks.discriminator,
    constrained: false,
  });

  const words =
    budget.calls === undefined ? `${steps} steps` : `${budget.calls.toLocaleString('en')} oracle calls`;
  const goal: Goal | undefined =
    preset.goal && !preset.look
      ? {
          verb: 'solved',
          column: 'solved',
          statuses: ['budget', 'converged'],
          values: preset.goal,
          ...(preset.goalWords ? { words: preset.goalWords } : {}),
        }
      : undefined;
  const { columns } = measurer;
  const bounds = options.target === undefined ? preset.goal : targetFrom(options.target, columns);
  const target = bounds && targetWords(bounds, columns);
  const made = (records: readonly TrialRecord<GanTrial>[]): Section => {
    const begun = records.find(({ engine: used }) => used !== '');
    return sectionOf(records, contenders, {
      title: preset.title,
      problem: data === undefined ? `the ${preset.name}` : `the data ${measurer.train.name}`,
      about: preset.about,
      players: ganPlayers,
      prices: defaultPrices(ganPlayers.length), // until a trial reports its prices
      terms: 1,
      columns: bounds ? [...columns, ...targetColumns] : columns,
      headline: measurer.headline,
      ...(goal ? { goal } : {}),
      ...(target === undefined ? {} : { target }),
      seeds,
      ...(preset.look ? { look: words } : {}),
      identity: {
        preset: preset.name,
        // by content: files may be moved, and their path may come to hold others
        dataset: measurer.train.identity ?? preset.dataset,
        model,
        loss,
        batch: preset.batch,
        ...budget,
      },
      plotsOf: () => plotsOf(measurer, seeds),
      valuesOf: (series) => ({
        ...settledValues(
          series,
          columns.map(({ name }) => name),
          preset.tail,
        ),
        ...(bounds && toTarget(bounds, series, preset.tail)),
      }),
      settings: {
        preset: preset.name,
        data: `${preset.dataset}: ${measurer.train.describe}`,
        networks: `${model}: G ${networks.generator.describe}; D ${networks.discriminator.describe}`,
        loss: [loss, ...notes].join('. Note: '),
        batch: String(preset.batch),
        budget: budget.calls === undefined ? `${steps} steps each` : `${budget.calls} oracle calls each`,
        'step sizes':
          options.stepSizes ??
          (methods === given.methods
            ? `each method’s own, from its own sweep on other seeds${data === undefined ? '' : ' and the preset’s own data'} (“Methods, in full”)`
            : 'as given (“Methods, in full”)'),
        seeds: `${firstSeed} to ${firstSeed + seeds - 1}; a seed gives every method the same start, data and noise`,
        engine: begun
          ? `${begun.engine} (${begun.version}), 1 thread a run, ${atOnce(places.processes)}`
          : 'none started',
        ...measurer.settings,
        ...(target === undefined
          ? {}
          : {
              target: `${target}; calls and seconds are those of the first measurement within it${preset.tail === 1 ? '' : `, among the first ${preset.tail} successive ones whose medians are within it`}`,
            }),
        'what is measured':
          'z, the point that each method recommends (of lookahead the slow point); seconds are those of the method and its oracle, without measuring',
        result:
          preset.tail === 1
            ? 'the last measurement of a run'
            : `the median of the last ${preset.tail} of ${preset.evaluations} measurements of a run, evenly spread`,
      },
    });
  };
  return made(
    await runTrials(trials, {
      ...places,
      ended: (trial) => trial.keep && endedTrial(trial, trial.keep),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (records) => onProgress(records, () => made(records)) } : {}),
    }),
  );
}

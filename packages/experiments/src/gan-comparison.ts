import { availableParallelism } from 'node:os';
import type { EngineName } from '@stillpoint/engine';
import { lossFrom, modelFrom } from '@stillpoint/gans';
import { familyOf, methodFrom, specOf } from '@stillpoint/optimizers/registry';
import { formatSpec } from '@stillpoint/operators';
import { settledMeasures, type GanRun, type GanSection } from '@stillpoint/tracking';
import { labelsOf } from './labels.js';
import { measurerOf } from './measurer.js';
import type { GanPreset } from './presets/preset.js';
import { runTrials } from './trial/pool.js';
import { endOf, type TrialRecord } from './trial/record.js';
import type { GanTrial } from './trial/trial.js';
import type { OpenWorker } from './trial/worker.js';
import { goalVerdict, lookVerdict } from './verdict/gan-verdict.js';

/** What to compare on a GAN: options of {@link compareOnGan}. */
export interface GanComparison {
  readonly methods?: readonly string[];
  readonly seeds?: number;
  readonly calls?: number;
  readonly steps?: number;
  /** Instead of the preset's own. */
  readonly model?: string;
  readonly loss?: string;
  /** Default `auto`. */
  readonly engine?: EngineName | 'auto';
  /** Runs at once. Default: as many as there are processors. */
  readonly processes?: number;
  /** What runs the trials. Default: processes of their own. */
  readonly worker?: OpenWorker;
  /**
   * Called whenever a trial has come further: all trials as they stand, and the section that they make by
   * then.
   */
  readonly onProgress?: (records: readonly TrialRecord<GanTrial>[], section: () => GanSection) => void;
  /** Ends the trials; the section then says which were stopped and which never began. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a preset: every method with every seed, each in a process of its own, from the same start with the
 * same data and budget.
 */
export async function compareOnGan(given: GanPreset, options: GanComparison = {}): Promise<GanSection> {
  const {
    methods = given.methods,
    seeds = given.seeds,
    calls,
    steps,
    model = given.model,
    loss = given.loss,
    engine = 'auto',
    processes = availableParallelism(),
    worker,
    onProgress,
    signal,
  } = options;
  const preset = { ...given, model, loss };
  const built = methods.map((spec) => methodFrom(spec));
  const labels = labelsOf(built);
  const full = built.map((method) => formatSpec(specOf(method)));
  const budget = steps === undefined ? { calls: calls ?? preset.calls } : { steps };
  // All methods of one seed before the next seed: an interrupted comparison has compared something.
  const trials = Array.from({ length: seeds }, (_, i) =>
    methods.map((method): GanTrial => ({ kind: 'gan', preset, method, seed: i + 1, ...budget, engine })),
  ).flat();
  const measurer = await measurerOf(preset);
  const networks = modelFrom(model, measurer.train.shape);
  lossFrom(loss);
  const column = measurer.columns.find(({ name }) => name === measurer.headline);

  const sectionOf = (records: readonly TrialRecord<GanTrial>[]): GanSection => {
    const runs = records.flatMap((record, i): GanRun[] => {
      const {
        trial: { seed },
        steps: made,
        oracleCalls,
        seconds,
        measures,
        players,
        snapshots,
      } = record;
      const which = i % methods.length;
      if (record.status === 'waiting') return [];
      return [
        {
          method: full[which] ?? '',
          label: labels[which] ?? '',
          family: familyOf(methods[which] ?? ''),
          seed,
          ...endOf(record),
          steps: made,
          oracleCalls,
          seconds,
          result: settledMeasures(measures, preset.tail),
          measures,
          players,
          snapshots,
        },
      ];
    });
    const waiting = records.flatMap(({ status, trial: { seed } }, i) =>
      status === 'waiting' ? [{ label: labels[i % methods.length] ?? '', seed }] : [],
    );
    runs.sort((a, b) => labels.indexOf(a.label) - labels.indexOf(b.label) || a.seed - b.seed);
    const begun = records.find(({ engine: used }) => used !== '');
    const verdict = (): string[] => {
      if (preset.goal && !preset.look)
        return goalVerdict(runs, {
          name: preset.name,
          goal: preset.goal,
          seeds,
          waiting,
          ...(column ? { headline: column } : {}),
        });
      return column
        ? lookVerdict(
            runs,
            column,
            budget.calls === undefined
              ? `${steps} steps`
              : `${budget.calls.toLocaleString('en')} oracle calls`,
            waiting,
          )
        : [];
    };
    return {
      kind: 'gan',
      title: preset.title,
      about: preset.about,
      metrics: measurer.columns,
      headline: measurer.headline,
      ...(measurer.centres ? { centres: measurer.centres, within: measurer.within ?? 0 } : {}),
      ...(preset.goal ? { goal: preset.goal } : {}),
      ...(preset.goalWords ? { goalWords: preset.goalWords } : {}),
      seeds,
      calls: budget.calls ?? 0,
      runs,
      verdict: runs.length === 0 ? ['Nothing was run.'] : verdict(),
      settings: {
        preset: preset.name,
        data: `${preset.dataset}: ${measurer.train.describe}`,
        networks: `${model}: G ${networks.generator.describe}; D ${networks.discriminator.describe}`,
        loss,
        batch: String(preset.batch),
        budget: budget.calls === undefined ? `${steps} steps each` : `${budget.calls} oracle calls each`,
        'step sizes':
          methods === given.methods
            ? 'each method’s own, from its own sweep on other seeds (“Methods, in full”)'
            : 'as given (“Methods, in full”)',
        seeds: `1 to ${seeds}; a seed gives every method the same start, data and noise`,
        engine: begun
          ? `${begun.engine} (${begun.version}), 1 thread a run, ${processes} run${processes === 1 ? '' : 's'} at once`
          : 'none started',
        ...measurer.settings,
        'what is measured':
          'z, the point each method recommends (of lookahead the slow point); seconds exclude measuring',
        result:
          preset.tail === 1
            ? 'the last measurement of a run'
            : `the median of the last ${preset.tail} of ${preset.evaluations} measurements of a run, evenly spread`,
      },
    };
  };
  return sectionOf(
    await runTrials(trials, {
      processes,
      ...(worker ? { worker } : {}),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (records) => onProgress(records, () => sectionOf(records)) } : {}),
    }),
  );
}

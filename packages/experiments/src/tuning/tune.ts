import { formatSpec, parseSpec } from '@stillpoint/operators';
import { methodFrom, specOf } from '@stillpoint/optimizers/registry';
import { finished, reached, resultOf, type Claim, type Measure, type Section } from '@stillpoint/tracking';
import { compareOnGan, type GanComparison } from '../gan-comparison.js';
import type { GanPreset } from '../presets/preset.js';
import type { TrialRecord } from '../trial/record.js';
import type { GanTrial } from '../trial/trial.js';
import { sentencesOf } from '../verdict/sentences.js';
import { bare, candidate, spacesOf, type Search } from './spaces.js';

/** The first seed of tuning; comparisons count from 1, and have at most 1,000. */
export const TUNING_SEED = 1001;
/** The share of a comparison's budget that each trial of its tuning has. */
export const TUNING_SHARE = 0.25;

/** Options of {@link tuneOnGan}. */
export interface Tuning extends Omit<
  GanComparison,
  'methods' | 'seeds' | 'firstSeed' | 'stepSizes' | 'onProgress' | 'target'
> {
  /** Specs; what one states is not searched. Default: the preset's, without the options that are searched. */
  readonly methods?: readonly string[];
  /** How many trials each method has. Default 8. */
  readonly trials?: number;
  /** On how many seeds each trial is run, from {@link TUNING_SEED} on. Default 1. */
  readonly seeds?: number;
  /** Seed of the choice of trials. Default 0. */
  readonly seed?: number;
  /** What replaces the table's search of an option, wherever it occurs. */
  readonly ranges?: { readonly [option: string]: Search };
  /** Called whenever a trial has made progress, as that of a comparison. */
  readonly onProgress?: (records: readonly TrialRecord<GanTrial>[], section: () => Section) => void;
}

/** One trial of a method: means over its seeds. */
export interface TunedTrial {
  /** The spec that was run. */
  readonly method: string;
  /** How its runs ended: one status a seed. */
  readonly statuses: readonly string[];
  /** On how many seeds it reached the goal. */
  readonly reached: number;
  /** The mean of each column; null if a run has none, since it overflowed or failed. */
  readonly values: { readonly [column: string]: Measure };
}

/** A method after its trials. */
export interface Tuned {
  /** The spec as it was given. */
  readonly method: string;
  readonly trials: readonly TunedTrial[];
  /** The spec of the best trial; null if a trial has not finished, or none has a value. */
  readonly chosen: string | null;
}

/** What tuning found, and its runs as a section of a report. */
export interface TuningResult {
  readonly methods: readonly Tuned[];
  readonly section: Section;
}

/** The specs that tuning runs, `trials` of each method. @throws InputError if one cannot be tuned. */
export function candidatesOf(
  preset: GanPreset,
  { methods, trials = 8, seed = 0, ranges = {} }: Pick<Tuning, 'methods' | 'trials' | 'seed' | 'ranges'>,
): readonly { readonly method: string; readonly trials: readonly string[] }[] {
  const specs = methods ?? preset.methods.map((text) => formatSpec(bare(parseSpec(text))));
  return spacesOf(specs, ranges).map(({ spec, space }) => ({
    method: formatSpec(spec),
    trials: Array.from({ length: trials }, (_, i) => formatSpec(candidate(spec, space, seed, i))),
  }));
}

/** A full spec, with every default: what a run states of its method. */
const full = (spec: string): string => formatSpec(specOf(methodFrom(spec)));

function trialOf(spec: string, { runs, columns, goal }: Section): TunedTrial {
  const method = full(spec);
  // a spec that came up twice was run once: these are its runs
  const own = runs.filter((run) => run.method === method);
  const mean = (name: string): Measure => {
    const values = own.map((run) => resultOf(run)[name] ?? null);
    if (values.length === 0 || values.includes(null)) return null;
    return values.reduce<number>((sum, x) => sum + (x ?? 0), 0) / values.length;
  };
  return {
    method: spec,
    statuses: own.map(({ status }) => status),
    reached: goal === undefined ? 0 : own.filter((run) => reached(goal, run)).length,
    values: Object.fromEntries(columns.map(({ name }) => [name, mean(name)])),
  };
}

/** The best of a method's trials: by how often they reached the goal, then by the headline. */
export function chosenOf(
  trials: readonly TunedTrial[],
  { columns, headline }: Pick<Section, 'columns' | 'headline'>,
): string | null {
  const sign = columns.find(({ name }) => name === headline)?.better === 'lower' ? -1 : 1;
  const good = ({ values }: TunedTrial): number => {
    const value = values[headline];
    return value === null || value === undefined ? -Infinity : sign * value;
  };
  const [best] = trials.toSorted((a, b) => b.reached - a.reached || Math.sign(good(b) - good(a)) || 0);
  return best === undefined || good(best) === -Infinity ? null : best.method;
}

/**
 * Chooses each method's options by the same number of trials on a preset, on seeds that no comparison uses: a
 * trial's options are a pure function of (search space, seed, trial). A trial that diverges or fails counts
 * as one. An interrupted tuning goes on in its `folder` as a comparison does.
 */
export async function tuneOnGan(preset: GanPreset, options: Tuning = {}): Promise<TuningResult> {
  const { methods: _, trials = 8, seeds = 1, seed = 0, ranges: __, onProgress, ...rest } = options;
  const asked = candidatesOf(preset, options);
  const budget = options.steps === undefined ? { calls: options.calls ?? shareOf(preset.calls) } : {};
  const specs = [...new Set(asked.flatMap((one) => one.trials))];
  const words =
    options.steps === undefined ? `${budget.calls} oracle calls each` : `${options.steps} steps each`;
  const madeOf = (section: Section): TuningResult => {
    const whole = section.runs.length === specs.length * seeds && section.runs.every(wasRun);
    const methods = asked.map(({ method, trials: own }): Tuned => {
      const made = own.map((spec) => trialOf(spec, section));
      return { method, trials: made, chosen: whole ? chosenOf(made, section) : null };
    });
    const claims: readonly Claim[] = [
      { claim: 'tuned', trials, seeds, methods: methods.map(({ method, chosen }) => ({ method, chosen })) },
      ...section.claims.filter(({ claim }) => ['failed', 'stopped', 'not-begun', 'short'].includes(claim)),
    ];
    return {
      methods,
      section: {
        ...section,
        title: `Tuning on ${section.title}`,
        plots: section.plots.filter(({ name }) => name === 'metric' || name === 'results'),
        claims,
        verdict: sentencesOf(claims, section),
        settings: {
          ...section.settings,
          tuning: `${trials} trials of each method, chosen by Halton’s points with shifts of seed ${seed}, on ${seeds === 1 ? `seed ${TUNING_SEED}` : `seeds ${TUNING_SEED} to ${TUNING_SEED + seeds - 1}`}, ${words}; a trial that diverges counts`,
        },
      },
    };
  };
  const section = await compareOnGan(
    { ...preset, snapshots: 1 },
    {
      ...rest,
      ...budget,
      methods: specs,
      seeds,
      firstSeed: TUNING_SEED,
      stepSizes: 'each trial’s own',
      ...(onProgress && {
        onProgress: (records, made) => onProgress(records, () => madeOf(made()).section),
      }),
    },
  );
  return madeOf(section);
}

/** What a trial of tuning has of a budget. */
export const shareOf = (budget: number): number => Math.max(1, Math.round(TUNING_SHARE * budget));

/** Whether a run was not stopped: one that failed counts as a trial. */
const wasRun = (run: Section['runs'][number]): boolean => finished(run) || run.status === 'failed';

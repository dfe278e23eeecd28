import { InputError } from '@stillpoint/operators';
import type { Section } from '@stillpoint/tracking';
import { compareOnGan, type GanComparison } from '../gan-comparison.js';
import type { GanPreset } from '../presets/preset.js';
import type { Compared } from '../trial/method-source.js';
import type { TrialRecord } from '../trial/record.js';
import type { GanTrial } from '../trial/trial.js';
import type { Search } from './spaces.js';
import { TUNING_SEED, TUNING_SHARE, shareOf, tuneOnGan, type TuningResult } from './tune.js';

/** Options of {@link compareTuned}. */
export interface TunedComparison extends Omit<GanComparison, 'onProgress' | 'stepSizes'> {
  /** How many trials each method has. */
  readonly trials: number;
  /** What replaces the table's search of an option, wherever it occurs. */
  readonly ranges?: { readonly [option: string]: Search };
  /** Called whenever a trial or a run has made progress; with the sections that there are so far. */
  readonly onProgress?: (
    records: readonly TrialRecord<GanTrial>[],
    sections: () => readonly Section[],
  ) => void;
}

/** Methods as specs. @throws InputError for one of a file or an object: its options have no search space. */
export function specsToTune(methods: readonly Compared[] | undefined): readonly string[] | undefined {
  return methods?.map((method) => {
    if (typeof method === 'string') return method;
    const name = 'module' in method ? method.name : 'a method given as an object';
    throw new InputError(`${name} cannot be tuned: its options have no search space; expected specs`);
  });
}

/** What was chosen; undefined after a stop. @throws Error if no trial of a method has a value. */
function choices({ methods }: TuningResult, signal: AbortSignal | undefined): readonly string[] | undefined {
  const chosen = methods.flatMap((one) => (one.chosen === null ? [] : [one.chosen]));
  if (chosen.length === methods.length) return chosen;
  if (signal?.aborted) return undefined;
  const { method, trials } = methods.find((one) => one.chosen === null)!;
  const statuses = [...new Set(trials.flatMap((trial) => trial.statuses))].join(', ');
  throw new Error(
    `nothing can be chosen for ${method}: none of its ${trials.length} trials has a value (${statuses})`,
  );
}

/**
 * Tunes each method on seeds of its own, each trial with a quarter of the comparison's budget, and compares
 * what was chosen. Returns the sections of the comparison and of the tuning; after a stop perhaps only the
 * latter.
 */
export async function compareTuned(
  preset: GanPreset,
  { trials, ranges, onProgress, ...options }: TunedComparison,
): Promise<readonly Section[]> {
  const { methods: given, seeds = preset.seeds, firstSeed = 1, target: _, calls, steps, ...rest } = options;
  if (firstSeed <= TUNING_SEED && TUNING_SEED < firstSeed + seeds)
    throw new InputError(
      `seeds ${firstSeed} to ${firstSeed + seeds - 1}: methods are tuned on seed ${TUNING_SEED}; expected others`,
    );
  const methods = specsToTune(given);
  const tuning = await tuneOnGan(preset, {
    ...rest,
    ...(methods && { methods }),
    ...(steps === undefined ? { calls: shareOf(calls ?? preset.calls) } : { steps: shareOf(steps) }),
    trials,
    ...(ranges && { ranges }),
    ...(onProgress && { onProgress: (records, section) => onProgress(records, () => [section()]) }),
  });
  const chosen = choices(tuning, options.signal);
  if (chosen === undefined) return [tuning.section];
  const section = await compareOnGan(preset, {
    ...options,
    methods: chosen,
    stepSizes: `tuned: the best of ${trials} trials of each method on seed ${TUNING_SEED}, each with ${100 * TUNING_SHARE} % of the budget (“${tuning.section.title}”)`,
    ...(onProgress && {
      onProgress: (records, made) => onProgress(records, () => [made(), tuning.section]),
    }),
  });
  return [section, tuning.section];
}

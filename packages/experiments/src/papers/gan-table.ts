import { meanAndError, type Measure, type Run, type Section } from '@stillpoint/tracking';
import type { GanPreset } from '../presets/preset.js';
import { compareTuned, type TunedComparison } from '../tuning/tuned-comparison.js';
import type { Claimed, FigureOptions, Finding } from './paper.js';
import { sharesOf } from './runs.js';
import { short } from './words.js';

/** Methods of a paper's table that are tuned and compared with each other. */
export interface TableGroup {
  /** The names of the paper's methods with their specs; what a spec states is not tuned. */
  readonly methods: { readonly [name: string]: string };
  /** What is searched of their options in place of the usual. */
  readonly ranges: NonNullable<TunedComparison['ranges']>;
}

/** The methods of a table are compared on this preset, each tuned by so many trials. */
export interface GanTable {
  readonly preset: GanPreset;
  readonly groups: readonly TableGroup[];
  readonly trials: number;
}

/** Calls of each run of the quick form, which only shows that the table can be made. */
const QUICK_CALLS = 20;

/**
 * Tunes and compares the methods of a table. Sections: of each group its comparison, then its tuning. In the
 * quick form only the first two methods of the first group are run, for a few calls.
 */
export async function makeTable(
  { preset, groups, trials }: GanTable,
  { quick, engine, processes, folder, signal, onProgress }: FigureOptions,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const [i, { methods, ranges }] of (quick ? groups.slice(0, 1) : groups).entries()) {
    const specs = Object.values(methods);
    const made = await compareTuned(preset, {
      methods: quick ? specs.slice(0, 2) : specs,
      ranges,
      trials: quick ? 1 : trials,
      engine,
      processes,
      ...(quick ? { seeds: 1, calls: QUICK_CALLS } : {}),
      ...(folder === undefined ? {} : { folder }),
      ...(signal ? { signal } : {}),
      onProgress: (records) =>
        onProgress?.(
          (i + sharesOf(records)) / groups.length,
          `${specs.length} methods, ${records.length} runs`,
        ),
    });
    sections.push(...made);
    if (signal?.aborted) break;
  }
  return sections;
}

/** The runs of a method of the table, by the paper's name for it, in its group's comparison. */
function runsNamed({ groups }: GanTable, sections: readonly Section[], name: string): readonly Run[] {
  const at = groups.findIndex(({ methods }) => Object.hasOwn(methods, name));
  const { methods = {} } = groups[at] ?? {};
  const count = Object.keys(methods).length;
  const place = Object.keys(methods).indexOf(name);
  return (sections[2 * at]?.runs ?? []).filter((_, i) => i % count === place);
}

/** A method's column over its seeds: mean and standard error; undefined if a run has no value. */
function valueOf(runs: readonly Run[], column: string): { mean: number; words: string } | undefined {
  const values: readonly Measure[] = runs.map((run) => run.values[column] ?? null);
  if (values.length === 0 || values.includes(null)) return undefined;
  const { mean, error, n } = meanAndError(values);
  if (mean === null) return undefined;
  return { mean, words: `${short(mean)} ± ${error === null ? '–' : short(error)} (${n} seeds)` };
}

/** Whether one method's mean of a column is lower than that of each of some others. */
export function lower(
  table: GanTable,
  sections: readonly Section[],
  [name, ...others]: readonly [string, ...string[]],
  column: string,
): Finding | undefined {
  const [own, ...rest] = [name, ...others].map((one) => {
    const runs = runsNamed(table, sections, one);
    return { one, runs, value: valueOf(runs, column) };
  });
  if (own === undefined || [own, ...rest].some(({ runs }) => runs.length < table.preset.seeds))
    return undefined;
  const words = ({ one, value }: { one: string; value: ReturnType<typeof valueOf> }): string =>
    `${one} ${value?.words ?? 'overflowed'}`;
  return {
    holds:
      own.value !== undefined &&
      rest.every(({ value }) => value === undefined || own.value!.mean < value.mean),
    measured: [own, ...rest].map(words).join(', '),
  };
}

/** The claim that a method has a lower mean of the headline's column than others. */
export const beats = (
  table: () => GanTable,
  names: readonly [string, ...string[]],
  frame: Pick<Claimed, 'name' | 'statement' | 'source' | 'scaled'>,
): Claimed => ({
  ...frame,
  expected: false,
  needs: 'the whole form, without --quick',
  judge: (sections, quick) => (quick ? undefined : lower(table(), sections, names, table().preset.headline)),
});

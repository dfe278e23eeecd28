import { integer, type Full } from '@stillpoint/operators';
import type { Measure, Run, Section } from '@stillpoint/tracking';
import { listed } from '../labels.js';
import { columnOf } from '../measures.js';
import type { GanPreset } from '../presets/preset.js';
import { compareTuned, type TunedComparison } from '../tuning/tuned-comparison.js';
import { seedOptions } from './figure.js';
import { imagesOption } from './image-classifier.js';
import type { Claimed, FigureOptions, Finding } from './paper.js';
import { runsAt, sharesOf } from './runs.js';
import { short } from './words.js';

/** Methods of a paper's table that are tuned and compared with each other. */
export interface TableGroup {
  /** The names of the paper's methods with their specs; what a spec states is not tuned. */
  readonly methods: { readonly [name: string]: string };
  /** What is searched of their options in place of the usual. */
  readonly ranges: NonNullable<TunedComparison['ranges']>;
}

/** The methods of a table are compared on this preset, each tuned by `trials` trials. */
export interface GanTable {
  readonly preset: GanPreset;
  readonly groups: readonly TableGroup[];
  readonly trials: number;
}

/** What can be chosen of a table. The defaults are the table's. */
export const tableOptions = ({ preset, trials }: GanTable) => ({
  ...seedOptions(preset.seeds),
  calls: integer({
    about: 'oracle calls of each run; a trial of the tuning has a quarter of them',
    from: 4,
    to: 10_000_000,
    default: preset.calls,
  }),
  trials: integer({ about: 'trials by which each method is tuned', from: 1, to: 1000, default: trials }),
  data: { ...imagesOption, about: 'images of 28 × 28, as train --data takes them: a spec or a path' },
});
/** What is chosen of a table. */
export type TableValues = Full<ReturnType<typeof tableOptions>>;
/** The data in words: `Fashion-MNIST`. */
export const dataInWords = ({ data }: Pick<TableValues, 'data'>): string =>
  data === imagesOption.default ? 'Fashion-MNIST' : data;
/** The values of the quick form, which only shows that the table can be made. */
export const quickTable = { seeds: 1, calls: 20, trials: 1 } as const;

/**
 * Tunes and compares the methods of a table. Sections: of each group its comparison, then its tuning. In the
 * quick form only the first two methods of the first group are run.
 */
export async function makeTable(
  { preset, groups }: GanTable,
  { seeds, firstSeed, calls, trials, data }: TableValues,
  { quick, engine, processes, worker, folder, signal, onProgress }: FigureOptions,
): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const [i, { methods, ranges }] of (quick ? groups.slice(0, 1) : groups).entries()) {
    const specs = Object.values(methods);
    const made = await compareTuned(preset, {
      methods: quick ? specs.slice(0, 2) : specs,
      ranges,
      trials,
      seeds,
      firstSeed,
      calls,
      ...(data === imagesOption.default ? {} : { data }),
      engine,
      processes,
      ...(worker ? { worker } : {}),
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
  return runsAt(sections[2 * at], Object.keys(methods).indexOf(name));
}

/** A column of a method's runs, by seed; null where a run overflowed. */
function columnOfRuns(runs: readonly Run[], column: string): readonly Measure[] {
  return runs.map(({ label, values }) => {
    const value = values[column];
    if (value === undefined) throw new Error(`a run of ${label} has no column ${column}`);
    return value;
  });
}

/**
 * Whether a method has a lower value of the headline's column than each of some others, with every seed: by
 * chance alone, of n seeds, once in 2ⁿ times against one other. A run that overflowed is worse
 * than any other. Undefined if runs are missing.
 */
export function lower(
  table: GanTable,
  seeds: number,
  sections: readonly Section[],
  names: readonly [string, ...string[]],
): Finding | undefined {
  const column = columnOf(table.preset.headline);
  const all = names.map((name) => ({ name, runs: runsNamed(table, sections, name) }));
  if (all.some(({ runs }) => runs.length < seeds)) return undefined;
  const [own, ...rest] = all.map(({ runs }) => columnOfRuns(runs, column));
  const size = (x: Measure | undefined): number => x ?? Infinity;
  return {
    holds: own!.every((x, seed) => rest.every((other) => size(x) < size(other[seed]))),
    measured: all
      .map(({ name, runs }) => {
        const values = columnOfRuns(runs, column);
        return `${name} ${values.map((x) => (x === null ? 'overflowed' : short(x))).join(', ')}`;
      })
      .join('; '),
  };
}

/**
 * The claim that a method has a lower Fréchet distance, which is the headline of these tables, than others
 * with every seed.
 */
export function beats(
  table: GanTable,
  { seeds }: TableValues,
  [name, ...others]: readonly [string, ...string[]],
  frame: Pick<Claimed, 'source' | 'scaled'>,
): Claimed {
  const rest = listed(others);
  return {
    name: `${name} against ${rest}`,
    statement: `${name} has a lower Fréchet distance than ${rest} with each seed`,
    ...frame,
    expected: false,
    needs: 'the whole form, without --quick',
    judge: (sections, quick) => (quick ? undefined : lower(table, seeds, sections, [name, ...others])),
  };
}

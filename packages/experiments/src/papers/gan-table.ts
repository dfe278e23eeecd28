import type { Measure, Run, Section } from '@stillpoint/tracking';
import { listed } from '../labels.js';
import { columnOf } from '../measures.js';
import type { GanPreset } from '../presets/preset.js';
import { compareTuned, type TunedComparison } from '../tuning/tuned-comparison.js';
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
  { quick, engine, processes, worker, folder, signal, onProgress }: FigureOptions,
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
 * Whether a method has a lower value of the headline's column than each of some others, with every seed: of
 * three seeds, chance alone gives that once in eight times against one other. A run that overflowed is worse
 * than any other. Undefined if runs are missing.
 */
export function lower(
  table: GanTable,
  sections: readonly Section[],
  names: readonly [string, ...string[]],
): Finding | undefined {
  const column = columnOf(table.preset.headline);
  const all = names.map((name) => ({ name, runs: runsNamed(table, sections, name) }));
  if (all.some(({ runs }) => runs.length < table.preset.seeds)) return undefined;
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
    judge: (sections, quick) => (quick ? undefined : lower(table, sections, [name, ...others])),
  };
}

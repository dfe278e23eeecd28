import type { Measure, Run, RunStatus, Series } from './run.js';
import type { Bounds, Goal, Section } from './section.js';

/** Whether a run came to an end of its own: one that failed or was stopped says nothing about its method. */
export function finished({ status }: { readonly status: RunStatus }): boolean {
  return status !== 'failed' && status !== 'stopped';
}

/**
 * What a run of a goal is judged by: what it measured before it overflowed, failed or was stopped is no
 * result.
 */
export function resultOf({ status, values }: Pick<Run, 'status' | 'values'>): Run['values'] {
  return status === 'non-finite' || !finished({ status }) ? {} : values;
}

/** Whether every value named is within its bound; false where one is missing. */
export function within(bounds: Bounds, values: { readonly [column: string]: Measure }): boolean {
  return Object.entries(bounds).every(([column, bound]) => {
    const value = values[column];
    if (value === null || value === undefined) return false;
    return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
  });
}

/** Whether a run reached the goal. */
export function reached(goal: Goal, run: Pick<Run, 'status' | 'values'>): boolean {
  return goal.statuses.includes(run.status) && within(goal.values, run.values);
}

/**
 * The median of each series' last `tail` values: training that has settled still dips now and then, and one
 * measurement may catch it there. A missing value counts as the worst. The upper median where their number is
 * even.
 */
export function settledValues(
  series: { readonly [name: string]: Series },
  names: readonly string[],
  tail: number,
): { readonly [column: string]: Measure } {
  return Object.fromEntries(
    names.flatMap((name) => {
      const sorted = (series[name]?.y ?? [])
        .slice(-tail)
        .map((value) => value ?? Infinity)
        .sort((a, b) => a - b);
      if (sorted.length === 0) return [];
      const median = sorted[Math.floor(sorted.length / 2)]!;
      return [[name, Number.isFinite(median) ? median : null] as const];
    }),
  );
}

/** Mean and standard error of the finite values. */
export function meanAndError(values: readonly Measure[]): {
  readonly n: number;
  readonly mean: number;
  readonly error: number;
} {
  const finite = values.filter((x): x is number => x !== null && Number.isFinite(x));
  const n = finite.length;
  const mean = finite.reduce((a, b) => a + b, 0) / n;
  return { n, mean, error: Math.sqrt(finite.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n) };
}

/** Fewer seeds than this: single values and no ranking. */
export const SEEDS_TO_RANK = 5;

/** The labels of a section in their order; a label's index is its colour. */
export const labelsIn = ({ runs }: Pick<Section, 'runs'>): readonly string[] => [
  ...new Set(runs.map(({ label }) => label)),
];

/** The seeds of a section in order; none where nothing is random. */
export const seedsIn = ({ runs }: Pick<Section, 'runs'>): readonly number[] =>
  [...new Set(runs.flatMap(({ seed }) => (seed === null ? [] : [seed])))].sort((a, b) => a - b);

/** The groups of a section in their order. */
export const groupsIn = (runs: readonly Pick<Run, 'group'>[]): readonly string[] => [
  ...new Set(runs.map(({ group }) => group)),
];

import type { Measure, Run, RunStatus, Series } from './run.js';
import type { Bounds, Goal, Section } from './section.js';

/** Whether a run ended by itself: one that failed or was stopped says nothing about its method. */
export function finished({ status }: { readonly status: RunStatus }): boolean {
  return status !== 'failed' && status !== 'stopped';
}

/**
 * The values by which a run is judged. There are none if it overflowed, failed or was stopped: what it
 * measured before is no result.
 */
export function resultOf({ status, values }: Pick<Run, 'status' | 'values'>): Run['values'] {
  return status === 'non-finite' || !finished({ status }) ? {} : values;
}

/** Whether every value that has a bound is within it; false if one is missing. */
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
 * The median of each series' last `tail` values: training that has settled still gets worse for a moment now
 * and then, and a single measurement may fall on such a moment. A missing value counts as the largest. If
 * `tail` is even, it is the upper median.
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

/** What of a series is known after its first `length` values. */
const begun = ({ x, y }: Series, length: number): Series => ({
  x: x.slice(0, length),
  y: y.slice(0, length),
});

/**
 * The index of the measurement at which a run first was within the bounds and stayed: of the first `tail`
 * successive measurements whose medians are within, the first that is itself, or the last of them if none is.
 * So a run whose settled values are within the bounds has one. Undefined if there are no such measurements.
 * The series must be of the same measurements.
 */
export function firstWithin(
  bounds: Bounds,
  series: { readonly [name: string]: Series },
  tail: number,
): number | undefined {
  const names = Object.keys(bounds);
  const measured = Object.fromEntries(names.map((name) => [name, series[name] ?? { x: [], y: [] }]));
  const counts = names.map((name) => measured[name]!.y.length);
  const count = Math.min(...counts);
  if (names.length === 0 || count === 0) return undefined;
  const at = (index: number): { readonly [name: string]: Measure } =>
    Object.fromEntries(names.map((name) => [name, measured[name]!.y[index] ?? null]));
  for (let end = Math.min(tail, count); end <= count; end++) {
    const upTo = Object.fromEntries(names.map((name) => [name, begun(measured[name]!, end)]));
    if (!within(bounds, settledValues(upTo, names, tail))) continue;
    for (let i = Math.max(0, end - tail); i < end; i++) if (within(bounds, at(i))) return i;
    return end - 1;
  }
  return undefined;
}

/** The number of finite values, their mean and its standard error. */
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

/** With fewer seeds than this, single values are shown and methods are not ranked. */
export const SEEDS_TO_RANK = 5;
/** Reports name no more seeds than this one by one; of more they state counts and means. */
export const SEEDS_TO_NAME = 10;

/** The labels of a section in their order. A label's index determines its colour. */
export const labelsIn = ({ runs }: Pick<Section, 'runs'>): readonly string[] => [
  ...new Set(runs.map(({ label }) => label)),
];

/** The seeds of a section in ascending order; none if nothing is random. */
export const seedsIn = ({ runs }: Pick<Section, 'runs'>): readonly number[] =>
  [...new Set(runs.flatMap(({ seed }) => (seed === null ? [] : [seed])))].sort((a, b) => a - b);

/** The runs that were made: without the copies that stand for other seeds of a deterministic method. */
export const runsMade = ({ runs }: Pick<Section, 'runs'>): readonly Run[] =>
  runs.filter(({ copyOf }) => copyOf === undefined);

/** Whether one run of the method serves every seed: it has copies. */
export const isDeterministic = ({ runs }: Pick<Section, 'runs'>, label: string): boolean =>
  runs.some((run) => run.label === label && run.copyOf !== undefined);

/** Said of a method whose run serves every seed. */
export const DETERMINISTIC = 'deterministic: one run serves every seed';

/** A run's name where each run is named: with its seed, if there are several seeds that matter to it. */
export function nameOf(section: Pick<Section, 'runs' | 'seeds'>, { label, seed }: Run): string {
  const alone = section.seeds === 1 || seed === null || isDeterministic(section, label);
  return alone ? label : `${label}, seed ${seed}`;
}

/** The groups of a section in their order. */
export const groupsIn = (runs: readonly Pick<Run, 'group'>[]): readonly string[] => [
  ...new Set(runs.map(({ group }) => group)),
];

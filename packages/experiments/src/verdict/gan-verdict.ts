import {
  SEEDS_TO_RANK,
  finished,
  meanAndError,
  resultOf,
  solved,
  type GanRun,
  type Goal,
  type MetricColumn,
} from '@stillpoint/tracking';
import { listed } from '../labels.js';
import { count, incomplete, named, unfinished, type Named } from './unfinished.js';

/** The method of the paper Stillpoint grew from: if it loses, the verdict says so. */
/** A method's finished runs: all that a verdict speaks of. */
interface Group {
  readonly label: string;
  readonly family: GanRun['family'];
  readonly runs: readonly GanRun[];
  readonly solved: number;
}

function grouped(runs: readonly GanRun[], goal: Goal): Group[] {
  const labels = [...new Set(runs.map(({ label }) => label))];
  return labels.map((label) => {
    const own = runs.filter((run) => run.label === label);
    return {
      label,
      family: own[0]?.family ?? 'adam',
      runs: own,
      solved: own.filter((run) => solved(goal, run)).length,
    };
  });
}

/** What runs that solved equally often are ranked by. */
type Headline = Pick<MetricColumn, 'name' | 'label' | 'better'>;

/** What a verdict is on, beside its runs. */
export interface Contest {
  readonly name: string;
  readonly goal: Goal;
  /** How many runs of each method were asked for. */
  readonly seeds: number;
  readonly headline?: Headline;
  /** Runs that never began. */
  readonly waiting?: readonly Named[];
}

/**
 * Sentences on who reached the goal, the most important first. They speak of finished runs and name the
 * others. Methods with fewer than five finished runs are not ranked.
 */
export function goalVerdict(runs: readonly GanRun[], contest: Contest): string[] {
  const {
    name,
    goal,
    seeds,
    waiting = [],
    headline = { name: 'highQuality', label: 'quality', better: 'higher' },
  } = contest;
  const groups = grouped(runs.filter(finished), goal);
  const missing = incomplete(runs, waiting);
  const lines = groups.length === 0 ? ['No run finished.'] : [...solvers(name, groups, seeds, missing)];
  if (seeds >= SEEDS_TO_RANK) lines.push(...rankings(groups, headline));
  const overflowed = runs.filter(({ status }) => status === 'non-finite');
  if (overflowed.length > 0)
    lines.push(`${count(overflowed.length, 'run')} overflowed: ${named(overflowed)}.`);
  lines.push(...unfinished(runs, waiting));
  if (seeds < SEEDS_TO_RANK)
    lines.push(
      `${count(seeds, 'seed')} ${seeds === 1 ? 'is' : 'are'} too few to rank methods: the dots show each run, and other seeds may end differently.`,
    );
  return lines;
}

/** Who solved it, how often. */
function solvers(name: string, groups: readonly Group[], seeds: number, missing: boolean): string[] {
  const each =
    seeds === 1 ? 'with the one seed' : seeds === 2 ? 'with both seeds' : `with all ${seeds} seeds`;
  const ratio = (group: Group): string =>
    `${group.label} (${group.solved} of ${group.runs.length}${group.runs.length < seeds ? ' finished' : ''})`;
  const always = groups.filter((group) => group.solved >= seeds);
  const sofar = groups.filter(
    (group) => group.solved > 0 && group.solved < seeds && group.solved === group.runs.length,
  );
  const partly = groups.filter((group) => group.solved > 0 && group.solved < group.runs.length);
  const never = groups.filter((group) => group.solved === 0);
  const lines: string[] = [];
  if (never.length === groups.length)
    lines.push(
      missing
        ? `No run that finished solved the ${name} within this budget.`
        : `No method solved the ${name} within this budget.`,
    );
  if (always.length > 0)
    lines.push(`${listed(always.map(({ label }) => label))} solved the ${name} ${each}.`);
  if (sofar.length > 0)
    lines.push(
      `${listed(sofar.map(ratio))} solved ${always.length > 0 ? 'it' : `the ${name}`} with every seed that finished.`,
    );
  if (partly.length > 0)
    lines.push(
      `${listed(partly.map(ratio))} solved ${always.length + sofar.length > 0 ? 'it' : `the ${name}`} with some seeds and not with others.`,
    );
  if (never.length > 0 && never.length < groups.length)
    lines.push(
      `${listed(never.map((group) => (group.runs.length < seeds ? ratio(group) : group.label)))} did not solve it with any.`,
    );
  return lines;
}

/** The headline's value, the greater the better; the worst where there is none. */
function quality(run: GanRun, { name, better }: Headline): number {
  const value = resultOf(run)[name];
  if (value === null || value === undefined) return better === 'higher' ? 0 : -Infinity;
  return better === 'higher' ? value : -value;
}

/**
 * One ranking per family, by the share of runs solved, then by the headline metric; neighbours within two
 * standard errors are called a tie.
 */
function rankings(all: readonly Group[], headline: Headline): string[] {
  const groups = all.filter(({ runs }) => runs.length >= SEEDS_TO_RANK);
  const few = all.filter(({ runs }) => runs.length < SEEDS_TO_RANK);
  const lines = (['adam', 'gradient'] as const).flatMap((family) => {
    const members = groups
      .filter((group) => group.family === family)
      .map((group) => ({
        ...group,
        share: group.solved / group.runs.length,
        quality: meanAndError(group.runs.map((run) => quality(run, headline))),
      }));
    if (members.length < 2) return [];
    members.sort((a, b) => b.share - a.share || b.quality.mean - a.quality.mean);
    const words = members.map((member, i) => {
      const above = members[i - 1];
      const tie =
        above !== undefined &&
        above.share === member.share &&
        above.quality.mean - member.quality.mean < 2 * Math.hypot(above.quality.error, member.quality.error);
      return `${i === 0 ? '' : tie ? ' ≈ ' : ' > '}${member.label} (${member.solved} of ${member.runs.length})`;
    });
    return [
      `By finished runs solved, then ${headline.label}, ${family === 'adam' ? 'among methods with Adam’s direction' : 'among gradient methods'}: ${words.join('')}.`,
    ];
  });
  if (few.length === 0) return lines;
  const each = few.map(({ label, runs }) => `${label} (${runs.length} finished)`);
  return [...lines, `Not ranked, for want of ${SEEDS_TO_RANK} finished runs: ${listed(each)}.`];
}

/**
 * For a preset that is to be looked at: the range of its figures beside what real data give, and no claim.
 */
export function lookVerdict(
  runs: readonly GanRun[],
  column: MetricColumn,
  budget: string,
  waiting: readonly Named[] = [],
): string[] {
  const values = runs.flatMap((run) => {
    const value = resultOf(run)[column.name];
    return value === null || value === undefined ? [] : [value];
  });
  const overflowed = runs.filter(({ status }) => status === 'non-finite');
  return [
    `A look, not a result: one run each, stopped after ${budget}. Judge the pictures yourself.`,
    ...(values.length > 0
      ? [
          `The ${column.label} distance to held-out images ended between ${Math.min(...values).toPrecision(2)} and ${Math.max(...values).toPrecision(2)}${column.best === undefined ? '' : `; two sets of real images are ${column.best.toPrecision(2)} apart`}.`,
        ]
      : []),
    ...(overflowed.length > 0
      ? [`${count(overflowed.length, 'run')} overflowed: ${named(overflowed)}.`]
      : []),
    ...unfinished(runs, waiting),
  ];
}

import { SEEDS_TO_RANK, meanAndError, reaches, type GanRun, type Goal, type MetricColumn } from '@stillpoint/tracking';
import { listed } from './labels.js';

/** The method of the paper Stillpoint grew from: if it loses, the verdict says so. */
const FLAGSHIP = 'rapp-adam';

interface Group {
  readonly label: string;
  readonly family: GanRun['family'];
  readonly runs: readonly GanRun[];
  readonly solved: number;
}

const numerals = ['no', 'one', 'two', 'three', 'four'];
const count = (n: number, noun: string): string => capital(`${numerals[n] ?? n} ${noun}${n === 1 ? '' : 's'}`);
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function grouped(runs: readonly GanRun[], goal: Goal): Group[] {
  const labels = [...new Set(runs.map(({ label }) => label))];
  return labels.map((label) => {
    const own = runs.filter((run) => run.label === label);
    return { label, family: own[0]?.family ?? 'adam', runs: own, solved: own.filter((run) => reaches(goal, run.result)).length };
  });
}

/** Sentences on who reached the goal, the most important first. Below five seeds they rank nobody. */
export function goalVerdict(name: string, runs: readonly GanRun[], goal: Goal, seeds: number, headline: Headline = { name: 'highQuality', label: 'quality', better: 'higher' }): string[] {
  const groups = grouped(runs, goal);
  const always = groups.filter(({ solved, runs: own }) => solved === own.length && solved > 0);
  const partly = groups.filter(({ solved, runs: own }) => solved > 0 && solved < own.length);
  const never = groups.filter(({ solved }) => solved === 0);
  const each = seeds === 1 ? 'with the one seed' : seeds === 2 ? 'with both seeds' : `with all ${seeds} seeds`;
  const lines: string[] = [];
  if (always.length + partly.length === 0) lines.push(`No method solved the ${name} within this budget.`);
  if (always.length > 0) lines.push(`${listed(always.map(({ label }) => label))} solved the ${name} ${each}.`);
  if (partly.length > 0) lines.push(`${listed(partly.map(({ label, solved, runs: own }) => `${label} (${solved} of ${own.length})`))} solved it with some seeds and not with others.`);
  if (never.length > 0 && always.length + partly.length > 0) lines.push(`${listed(never.map(({ label }) => label))} did not solve it with any.`);
  if (seeds >= SEEDS_TO_RANK) lines.push(...rankings(groups, headline));
  const flagship = groups.find(({ label }) => label.split('(')[0] === FLAGSHIP);
  const best = Math.max(0, ...groups.filter(({ family }) => family === 'adam').map(({ solved }) => solved));
  if (flagship !== undefined && flagship.solved < best) lines.push(`${FLAGSHIP}, the flagship (the method of the paper this toolkit grew from), loses here: it solved ${flagship.solved} of ${flagship.runs.length} runs, the best method ${best}.`);
  const broken = runs.filter(({ status }) => status === 'failed' || status === 'non-finite');
  if (broken.length > 0) lines.push(`${count(broken.length, 'run')} did not finish: ${listed(broken.map(({ label, seed, message }) => `${label}, seed ${seed} (${message.replace(/\.$/, '')})`))}.`);
  if (seeds < SEEDS_TO_RANK) lines.push(`${count(seeds, 'seed')} ${seeds === 1 ? 'is' : 'are'} too few to rank methods: the dots show each run, and other seeds may end differently.`);
  return lines;
}

/** What runs that solved equally often are ranked by. */
type Headline = Pick<MetricColumn, 'name' | 'label' | 'better'>;

/** The headline's value, the greater the better; the worst where there is none. */
function quality({ result }: GanRun, { name, better }: Headline): number {
  const value = result[name];
  if (value === null || value === undefined) return better === 'higher' ? 0 : -Infinity;
  return better === 'higher' ? value : -value;
}

/** One ranking per family, by solved runs, then by the headline metric; neighbours within two standard errors are called a tie. */
function rankings(groups: readonly Group[], headline: Headline): string[] {
  return (['adam', 'gradient'] as const).flatMap((family) => {
    const members = groups.filter((group) => group.family === family).map((group) => ({ ...group, quality: meanAndError(group.runs.map((run) => quality(run, headline))) }));
    if (members.length < 2) return [];
    members.sort((a, b) => b.solved - a.solved || b.quality.mean - a.quality.mean);
    const words = members.map((member, i) => {
      const above = members[i - 1];
      const tie = above !== undefined && above.solved === member.solved && above.quality.mean - member.quality.mean < 2 * Math.hypot(above.quality.error, member.quality.error);
      return `${i === 0 ? '' : tie ? ' ≈ ' : ' > '}${member.label} (${member.solved} of ${member.runs.length})`;
    });
    return [`By runs solved, then ${headline.label}, ${family === 'adam' ? 'among methods with Adam’s direction' : 'among gradient methods'}: ${words.join('')}.`];
  });
}

/** For a preset that is to be looked at: the range of its figures beside what real data give, and no claim. */
export function lookVerdict(runs: readonly GanRun[], column: MetricColumn, budget: string): string[] {
  const values = runs.flatMap((run) => {
    const value = run.result[column.name];
    return value === null || value === undefined ? [] : [value];
  });
  const broken = runs.filter(({ status }) => status === 'failed' || status === 'non-finite');
  return [
    `A look, not a result: one run each, stopped after ${budget}. Judge the pictures yourself.`,
    ...(values.length > 0 ? [`The ${column.label} distance to held-out images ended between ${Math.min(...values).toPrecision(2)} and ${Math.max(...values).toPrecision(2)}${column.best === undefined ? '' : `; two sets of real images are ${column.best.toPrecision(2)} apart`}.`] : []),
    ...(broken.length > 0 ? [`${count(broken.length, 'run')} did not finish: ${listed(broken.map(({ label, message }) => `${label} (${message.replace(/\.$/, '')})`))}.`] : []),
  ];
}

import {
  SEEDS_TO_RANK,
  finished,
  groupsIn,
  labelsIn,
  meanAndError,
  reached,
  resultOf,
  type Claim,
  type Column,
  type Goal,
  type Named,
  type Reached,
  type Run,
  type RunStatus,
} from '@stillpoint/tracking';
import { SAMPLERS } from '../groups.js';
import { TO_TARGET } from '../target.js';

/** What claims are derived from: the runs of a section and their goal. */
export interface Evidence {
  readonly runs: readonly Run[];
  readonly columns: readonly Column[];
  /** The column by which methods are compared; `calls` if a run ends as soon as it reaches the goal. */
  readonly headline: string;
  readonly goal?: Goal;
  /** What runs are to reach, in words, if a column states the calls that they needed for it. */
  readonly target?: string;
  /** How many runs of each method were asked for. */
  readonly seeds: number;
  /** Runs that were never begun. */
  readonly waiting?: readonly Named[];
  /** If only the pictures of short runs are to be judged: their budget in words. */
  readonly look?: string;
}

/** A method's finished runs, which alone count in a verdict. */
interface Finished {
  readonly label: string;
  readonly group: string;
  readonly runs: readonly Run[];
}

const methodsOf = (runs: readonly Run[]): readonly Finished[] =>
  labelsIn({ runs }).map((label) => {
    const own = runs.filter((run) => run.label === label);
    return { label, group: own[0]!.group, runs: own };
  });

const reachedOf = ({ label, runs }: Finished, { goal, seeds }: Evidence): Reached => ({
  label,
  reached: goal === undefined ? 0 : runs.filter((run) => reached(goal, run)).length,
  finished: runs.length,
  asked: seeds,
});

const isIncomplete = ({ runs, waiting = [] }: Evidence): boolean =>
  waiting.length > 0 || !runs.every(finished);

/** Whether a run ends as soon as it reaches the goal, so that fewer calls mean a better method. */
const endsAtGoal = ({ headline }: Evidence): boolean => headline === 'calls';

/**
 * Which methods reached the goal: how often, or with how many calls if runs end at the goal, in the mean over
 * seeds.
 */
function goalClaims(evidence: Evidence, methods: readonly Finished[]): Claim[] {
  const { goal, runs, seeds } = evidence;
  if (goal === undefined) return [];
  const none = !runs.some((run) => reached(goal, run));
  const claims: Claim[] = none ? [{ claim: 'none-reached', incomplete: isIncomplete(evidence) }] : [];
  if (!endsAtGoal(evidence))
    return [
      ...claims,
      { claim: 'reached', seeds, methods: methods.map((method) => reachedOf(method, evidence)) },
    ];
  const groups = groupsIn(runs);
  for (const group of groups) {
    const done = methods
      .filter((method) => method.group === group && method.runs.every((run) => reached(goal, run)))
      .map(({ label, runs: own }) => ({ label, calls: meanAndError(own.map(({ calls }) => calls)).mean }))
      .sort((a, b) => a.calls - b.calls);
    const [first] = done;
    if (first === undefined) continue;
    claims.push({
      claim: 'fewest-calls',
      among: groups.length > 1 ? group : null,
      calls: first.calls,
      labels: done.filter(({ calls }) => calls === first.calls).map(({ label }) => label),
      others: done.filter(({ calls }) => calls !== first.calls),
      ...(seeds > 1 ? { seeds } : {}),
    });
  }
  return claims;
}

/** The headline's value with a sign such that larger is better; −∞ if there is none. */
function goodness(run: Run, { name, better }: Column): number {
  const value = resultOf(run)[name];
  if (value === null || value === undefined) return -Infinity;
  return better === 'higher' ? value : -value;
}

/**
 * One ranking for each group, of the methods with at least five finished runs: by the share of runs that
 * reached the goal, then by the headline. Neighbours within two standard errors are a tie.
 */
function rankingClaims(evidence: Evidence, all: readonly Finished[], column: Column): Claim[] {
  const enough = all.filter(({ runs }) => runs.length >= SEEDS_TO_RANK);
  const few = all.filter(({ runs }) => runs.length < SEEDS_TO_RANK);
  const claims = groupsIn(enough.flatMap(({ runs }) => runs)).flatMap((group): Claim[] => {
    const members = enough
      .filter((method) => method.group === group)
      .map((method) => ({
        ...reachedOf(method, evidence),
        ...meanAndError(method.runs.map((run) => goodness(run, column))),
        missing: method.runs.some((run) => goodness(run, column) === -Infinity),
      }));
    if (members.length < 2) return [];
    const share = (member: Reached): number => member.reached / member.finished;
    const value = (member: (typeof members)[number]): number => (member.missing ? -Infinity : member.mean);
    members.sort((a, b) => share(b) - share(a) || (value(a) === value(b) ? 0 : value(b) - value(a)));
    const order = members.map((member, i) => {
      const above = members[i - 1];
      const tie =
        above !== undefined &&
        share(above) === share(member) &&
        (value(above) === value(member) ||
          value(above) - value(member) < 2 * Math.hypot(above.error, member.error));
      const { label, reached: good, finished: done, asked, mean } = member;
      return {
        label,
        reached: good,
        finished: done,
        asked,
        mean: Number.isFinite(mean) ? (column.better === 'higher' ? mean : -mean) : 0,
        tie,
      };
    });
    return [{ claim: 'ranking', group, by: column.label, goal: evidence.goal !== undefined, order }];
  });
  if (few.length === 0) return claims;
  const unranked = few.map(({ label, runs }) => ({ label, finished: runs.length }));
  return [...claims, { claim: 'unranked', methods: unranked }];
}

const valuesIn = (runs: readonly Run[], name: string): readonly number[] =>
  runs.flatMap((run) => {
    const value = resultOf(run)[name];
    return value === null || value === undefined ? [] : [value];
  });

/** Between which values each method's runs ended, if there is no goal. */
function valueClaims({ goal }: Evidence, methods: readonly Finished[], column: Column): Claim[] {
  if (goal !== undefined) return [];
  const ranges = methods.flatMap(({ label, runs }) => {
    const values = valuesIn(runs, column.name);
    return values.length === 0 ? [] : [{ label, least: Math.min(...values), most: Math.max(...values) }];
  });
  return ranges.length === 0 ? [] : [{ claim: 'values', column: column.label, methods: ranges }];
}

/** Between how many calls each method's finished runs needed to the target. */
function targetClaims({ target }: Evidence, methods: readonly Finished[]): Claim[] {
  if (target === undefined || methods.length === 0) return [];
  const each = methods.map(({ label, runs }) => {
    const calls = valuesIn(runs, TO_TARGET.calls);
    const [least, most] = calls.length === 0 ? [null, null] : [Math.min(...calls), Math.max(...calls)];
    return { label, reached: calls.length, finished: runs.length, least, most };
  });
  return [{ claim: 'to-target', target, methods: each }];
}

/** The methods whose every run reached the target, ranked by their calls to it. */
function targetRanking(evidence: Evidence, methods: readonly Finished[]): Claim[] {
  const column = evidence.columns.find(({ name }) => name === TO_TARGET.calls);
  if (evidence.target === undefined || column === undefined) return [];
  const reaching = methods.filter(
    ({ runs }) => runs.length >= SEEDS_TO_RANK && valuesIn(runs, column.name).length === runs.length,
  );
  const { goal: _, ...rest } = evidence;
  return rankingClaims(rest, reaching, column);
}

/** Runs that ended without reaching the goal, by status. */
function shortClaims({ runs, columns, headline, goal }: Evidence): Claim[] {
  // if the goal allows the budget to be used up, that is no failure
  const statuses: readonly RunStatus[] = ['ended', 'diverged', 'non-finite', 'budget', 'rounding'];
  const [measured] = columns;
  return statuses.flatMap((status): Claim[] => {
    if (goal === undefined ? status === 'budget' : goal.statuses.includes(status)) return [];
    const own = runs.filter((run) => run.status === status);
    const name = headline === 'calls' ? measured?.name : undefined;
    if (own.length === 0) return [];
    return [
      {
        claim: 'short',
        status,
        runs: own.map(({ label, seed, values, message }) => ({
          label,
          seed,
          value: name === undefined ? null : (values[name] ?? null),
          message,
        })),
      },
    ];
  });
}

/** Runs that failed, were stopped or were never begun: they say nothing about their methods. */
function unfinishedClaims({ runs, waiting = [] }: Evidence): Claim[] {
  const named = ({ label, seed }: Named): Named => ({ label, seed });
  const failed = runs.filter(({ status }) => status === 'failed');
  const stopped = runs.filter(({ status }) => status === 'stopped');
  return [
    ...(failed.length > 0
      ? [{ claim: 'failed', runs: failed.map((run) => ({ ...named(run), message: run.message })) } as const]
      : []),
    ...(stopped.length > 0 ? [{ claim: 'stopped', runs: stopped.map(named) } as const] : []),
    ...(waiting.length > 0 ? [{ claim: 'not-begun', runs: waiting.map(named) } as const] : []),
  ];
}

/** Runs that broke their theorem's bound. */
function brokenClaims({ runs }: Evidence): Claim[] {
  const broken = runs.flatMap(({ label, claims }) =>
    claims.flatMap((claim) =>
      claim.claim === 'bound' && !claim.holds ? [{ label, theorem: claim.theorem }] : [],
    ),
  );
  return broken.length > 0 ? [{ claim: 'bound-broken', runs: broken }] : [];
}

function lookClaims(evidence: Evidence, budget: string, column: Column | undefined): Claim[] {
  const values = column === undefined ? [] : valuesIn(evidence.runs, column.name);
  return [
    { claim: 'look', budget },
    ...(column !== undefined && values.length > 0
      ? [
          {
            claim: 'range',
            column: column.label,
            unit: column.unit ?? null,
            better: column.better,
            least: Math.min(...values),
            most: Math.max(...values),
            best: column.bestLabel ?? null,
          } as const,
        ]
      : []),
  ];
}

/**
 * The conclusions that the runs allow, the most important first. They are about finished runs, and name the
 * others. Methods of different groups, and those with fewer than five finished runs, are not ranked.
 */
export function claimsOf(all: Evidence): Claim[] {
  // one that overflowed, failed or was stopped is spoken of like any other run
  const samples = ({ group, status }: Run): boolean => group === SAMPLERS && status === 'budget';
  const labels = labelsIn({ runs: all.runs.filter(samples) });
  if (labels.length === 0) return rankedClaims(all);
  const rest: Evidence = { ...all, runs: all.runs.filter((run) => !samples(run)) };
  const others = rest.runs.length === 0 ? unfinishedClaims(rest) : rankedClaims(rest);
  return [...others, { claim: 'samplers', labels }];
}
function rankedClaims(evidence: Evidence): Claim[] {
  const { runs, columns, headline, seeds, look } = evidence;
  const random = runs.some(({ seed }) => seed !== null);
  const column = columns.find(({ name }) => name === headline);
  if (runs.length === 0) return [{ claim: 'nothing-run' }, ...unfinishedClaims(evidence)];
  if (look !== undefined)
    return [
      ...lookClaims(evidence, look, column),
      ...targetClaims(evidence, methodsOf(runs.filter(finished))),
      ...shortClaims(evidence),
      ...unfinishedClaims(evidence),
    ];
  const methods = methodsOf(runs.filter(finished));
  const ranked = random && seeds >= SEEDS_TO_RANK && column !== undefined;
  return [
    ...(methods.length === 0 ? [{ claim: 'none-finished' } as const] : goalClaims(evidence, methods)),
    ...(column === undefined ? [] : valueClaims(evidence, methods, column)),
    ...(ranked ? rankingClaims(evidence, methods, column) : []),
    ...targetClaims(evidence, methods),
    ...(ranked ? targetRanking(evidence, methods) : []),
    ...shortClaims(evidence),
    ...unfinishedClaims(evidence),
    ...(random && seeds < SEEDS_TO_RANK ? [{ claim: 'few-seeds', seeds } as const] : []),
    ...brokenClaims(evidence),
  ];
}

import { SEEDS_TO_RANK, type Claim, type Goal, type Named, type Reached } from '@stillpoint/tracking';
import { listed } from '../labels.js';

/** The names that sentences need beside the claims. */
export interface Subject {
  readonly problem: string;
  readonly goal?: Pick<Goal, 'verb'>;
}

const numerals = ['no', 'one', 'two', 'three', 'four'];
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const bare = (message: string): string => message.replace(/\.$/, '');
const short = (x: number, digits = 2): string => String(Number(x.toPrecision(digits)));
/** Calls, which may be fractions, as text. */
const whole = (calls: number): string => String(Math.round(100 * calls) / 100);

/** `Two runs`, `One seed`. */
const count = (n: number, noun: string): string =>
  capital(`${numerals[n] ?? n} ${noun}${n === 1 ? '' : 's'}`);

/** Runs in words: `adam (seeds 1 and 2) and gda (seed 1)`; labels alone if there are no seeds. */
function named(runs: readonly Named[]): string {
  const labels = [...new Set(runs.map(({ label }) => label))];
  return listed(
    labels.map((label) => {
      const seeds = runs.flatMap((run) =>
        run.label === label && run.seed !== null ? [String(run.seed)] : [],
      );
      return seeds.length === 0 ? label : `${label} (seed${seeds.length === 1 ? '' : 's'} ${listed(seeds)})`;
    }),
  );
}

const were = (runs: readonly Named[]): string =>
  `${count(runs.length, 'run')} ${runs.length === 1 ? 'was' : 'were'}`;

/** Which methods reached the goal, and how often. */
function reachedWords(methods: readonly Reached[], seeds: number, { problem, goal }: Subject): string[] {
  const verb = goal?.verb ?? 'reached the goal on';
  const each =
    seeds === 1 ? 'with the one seed' : seeds === 2 ? 'with both seeds' : `with all ${seeds} seeds`;
  const ratio = (method: Reached): string =>
    `${method.label} (${method.reached} of ${method.finished}${method.finished < seeds ? ' finished' : ''})`;
  const good = methods.filter(({ reached }) => reached > 0);
  const always = good.filter(({ reached }) => reached >= seeds);
  const soFar = good.filter(({ reached, finished }) => reached < seeds && reached === finished);
  const partly = good.filter(({ reached, finished }) => reached < finished);
  const never = methods.filter(({ reached }) => reached === 0);
  const it = (...before: readonly Reached[][]): string =>
    before.some((list) => list.length > 0) ? 'it' : problem;
  return [
    ...(always.length > 0 ? [`${listed(always.map(({ label }) => label))} ${verb} ${problem} ${each}.`] : []),
    ...(soFar.length > 0
      ? [`${listed(soFar.map(ratio))} ${verb} ${it(always)} with every seed that finished.`]
      : []),
    ...(partly.length > 0
      ? [`${listed(partly.map(ratio))} ${verb} ${it(always, soFar)} with some seeds and not with others.`]
      : []),
    ...(never.length > 0 && good.length > 0
      ? [
          `${listed(never.map((method) => (method.finished < seeds ? ratio(method) : method.label)))} did not with any.`,
        ]
      : []),
  ];
}

/** Runs that ended without reaching the goal. */
function shortWords({ status, runs }: Extract<Claim, { claim: 'short' }>): string {
  if (status === 'diverged') return `${named(runs)} diverged.`;
  if (status === 'non-finite') return `${count(runs.length, 'run')} overflowed: ${named(runs)}.`;
  if (status === 'budget')
    return `${listed(
      [...new Set(runs.map(({ label }) => label))].map((label) => {
        const own = runs.filter((run) => run.label === label);
        const residuals = own.map(({ value }) => (value === null ? 'unknown' : short(value)));
        return `${label} (residual ${listed([...new Set(residuals)])})`;
      }),
    )} did not get there within the budget.`;
  if (status === 'ended')
    return `${named(runs)} ended by ${runs.length === 1 ? 'its' : 'their'} own stopping rule, which is not that of the residual.`;
  return `${listed(runs.map(({ label, message }) => `${label} (${bare(message)})`))} did not converge.`;
}

function sentence(claim: Claim, subject: Subject): string[] {
  const { problem, goal } = subject;
  switch (claim.claim) {
    case 'nothing-run':
      return ['Nothing was run.'];
    case 'none-finished':
      return ['No run finished.'];
    case 'none-reached': {
      const who = claim.incomplete ? 'run that finished' : 'method';
      return [`No ${who} ${goal?.verb ?? 'reached the goal on'} ${problem} within this budget.`];
    }
    case 'fewest-calls': {
      const among = claim.among === null ? '' : `Among ${claim.among}, `;
      const rest = claim.others.map(({ label, calls }) => `${label} (${whole(calls)})`);
      return [
        `${among}${listed(claim.labels)} ${goal?.verb ?? 'reached the goal on'} ${problem} with the fewest oracle calls${claim.seeds === undefined ? '' : `, in the mean of ${claim.seeds} seeds`}: ${whole(
          claim.calls,
        )}.${rest.length > 0 ? ` Then ${listed(rest)}.` : ''}`,
      ];
    }
    case 'reached':
      return reachedWords(claim.methods, claim.seeds, subject);
    case 'ranking': {
      const order = claim.order.map(
        ({ label, reached, finished, mean, tie }, i) =>
          `${i === 0 ? '' : tie ? ' ≈ ' : ' > '}${label} (${claim.goal ? `${reached} of ${finished}` : short(mean)})`,
      );
      const by = claim.goal ? `By finished runs that reached the goal, then ${claim.by}` : `By ${claim.by}`;
      return [`${by}, among ${claim.group}: ${order.join('')}.`];
    }
    case 'unranked': {
      const each = claim.methods.map(({ label, finished }) => `${label} (${finished} finished)`);
      return [`Not ranked, for want of ${SEEDS_TO_RANK} finished runs: ${listed(each)}.`];
    }
    case 'few-seeds':
      return [
        `${count(claim.seeds, 'seed')} ${
          claim.seeds === 1 ? 'is' : 'are'
        } too few to rank methods: each run is shown, and other seeds may end differently.`,
      ];
    case 'values': {
      const each = claim.methods.map(({ label, least, most }) =>
        least === most ? `${label} ${short(least)}` : `${label} ${short(least)} to ${short(most)}`,
      );
      return [`On ${problem} the ${claim.column} ended at: ${each.join(', ')}.`];
    }
    case 'range': {
      const { column, unit, better, least, most, best } = claim;
      const how = [...(unit === null ? [] : [unit]), `${better} is better`].join(', ');
      const perfect = best === null ? '' : ` (${best})`;
      return [
        `${capital(column)}, ${how}, ended between ${least.toPrecision(2)} and ${most.toPrecision(2)}${perfect}.`,
      ];
    }
    case 'to-target': {
      const each = claim.methods.map(({ label, reached, finished, least, most }) => {
        if (least === null || most === null) return `${label} in no run`;
        const range = least === most ? whole(least) : `${whole(least)} to ${whole(most)}`;
        return `${label} ${range}${finished === 1 ? '' : ` (${reached} of ${finished})`}`;
      });
      return [`Oracle calls to the target (${claim.target}): ${each.join(', ')}.`];
    }
    case 'tuned': {
      const { trials, seeds } = claim;
      const chosen = claim.methods.flatMap((one) => (one.chosen === null ? [] : [one.chosen]));
      const none = claim.methods.flatMap(({ method, chosen: best }) => (best === null ? [method] : []));
      const budget = `${count(trials, 'trial').toLowerCase()} each${seeds === 1 ? '' : `, on ${seeds} seeds`}`;
      return [
        ...(chosen.length > 0 ? [`Chosen by ${budget}: ${chosen.join('; ')}.`] : []),
        ...(none.length > 0 ? [`Nothing was chosen for ${listed(none)}.`] : []),
      ];
    }
    case 'short':
      return [shortWords(claim)];
    case 'failed': {
      const each = claim.runs.map(
        ({ label, seed, message }) => `${label}${seed === null ? '' : `, seed ${seed}`} (${bare(message)})`,
      );
      return [`${count(claim.runs.length, 'run')} did not finish: ${listed(each)}.`];
    }
    case 'stopped':
      return [`${were(claim.runs)} stopped before the end: ${named(claim.runs)}.`];
    case 'not-begun':
      return [`${were(claim.runs)} never begun: ${named(claim.runs)}.`];
    case 'bound-broken':
      return [
        `${listed(claim.runs.map(({ label, theorem }) => `${label} (${theorem})`))} did what the theorem rules out: a constant that ${problem} states (L, ρ or the solution) is wrong.`,
      ];
    case 'samplers':
      return [
        `${listed(claim.labels)} ${claim.labels.length === 1 ? 'is a sampler: its' : 'are samplers: their'} points spread around low losses by a law of ${claim.labels.length === 1 ? 'its' : 'their'} own, so no residual ranks ${claim.labels.length === 1 ? 'it' : 'them'}.`,
      ];
    case 'look':
      return [
        `A look, not a result: one run each, stopped after ${claim.budget}. Judge the pictures yourself.`,
      ];
  }
}

/** The claims in sentences. No other module puts results into words. */
export const sentencesOf = (claims: readonly Claim[], subject: Subject): string[] =>
  claims.flatMap((claim) => sentence(claim, subject));

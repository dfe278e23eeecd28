import { finished, type GameRun } from '@stillpoint/tracking';
import { listed } from '../labels.js';
import { incomplete, unfinished, type Named } from './unfinished.js';

const families = [
  ['gradient', 'gradient methods'],
  ['adam', 'methods with Adam’s direction'],
] as const;

/**
 * Sentences on who converged, at what cost, and what became of the others; families are not ranked against
 * each other.
 */
export function gameVerdict(
  game: string,
  runs: readonly GameRun[],
  waiting: readonly Named[] = [],
): string[] {
  const converged = runs.filter(({ status }) => status === 'converged');
  const left = (...statuses: readonly GameRun['status'][]): readonly GameRun[] =>
    runs.filter(({ status }) => statuses.includes(status));
  if (runs.length === 0) return ['Nothing was run.', ...unfinished(runs, waiting)];
  const lines: string[] = [];
  const who = incomplete(runs, waiting) ? 'run that finished' : 'method';
  if (!runs.some(finished)) lines.push('No run finished.');
  else if (converged.length === 0) lines.push(`No ${who} converged on ${game} within this budget.`);
  for (const [family, words] of families) {
    const done = converged
      .filter((run) => run.family === family)
      .sort((a, b) => a.oracleCalls - b.oracleCalls);
    const [first] = done;
    if (first === undefined) continue;
    const fastest = done.filter(({ oracleCalls }) => oracleCalls === first.oracleCalls);
    const among = runs.some((run) => run.family !== family) ? `Among ${words}, ` : '';
    const rest = done
      .filter((run) => !fastest.includes(run))
      .map(({ label, oracleCalls }) => `${label} (${oracleCalls})`);
    lines.push(
      `${among}${listed(fastest.map(({ label }) => label))} converged on ${game} with the fewest oracle calls: ${first.oracleCalls}.${rest.length > 0 ? ` Then ${listed(rest)}.` : ''}`,
    );
  }
  const away = left('diverged', 'non-finite');
  if (away.length > 0) lines.push(`${listed(away.map(({ label }) => label))} diverged.`);
  const still = left('budget').map(
    ({ label, residual }) =>
      `${label} (residual ${residual === null ? 'unknown' : Number(residual.toPrecision(2))})`,
  );
  if (still.length > 0) lines.push(`${listed(still)} did not get there within the budget.`);
  const known: readonly GameRun['status'][] = [
    'converged',
    'diverged',
    'non-finite',
    'budget',
    'failed',
    'stopped',
  ];
  const others = runs
    .filter(({ status }) => !known.includes(status))
    .map(({ label, message }) => `${label} (${message.replace(/\.$/, '')})`);
  if (others.length > 0) lines.push(`${listed(others)} did not converge.`);
  lines.push(...unfinished(runs, waiting));
  const broken = runs.flatMap(({ label, theory }) =>
    theory !== undefined && 'theorem' in theory && theory.broken ? [`${label} (${theory.theorem})`] : [],
  );
  if (broken.length > 0)
    lines.push(
      `${listed(broken)} did what the theorem rules out: a constant that ${game} states (L, ρ or the solution) is wrong.`,
    );
  return lines;
}

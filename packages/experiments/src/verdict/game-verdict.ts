import type { GameRun } from '@stillpoint/tracking';
import { listed } from './labels.js';

const families = [['gradient', 'gradient methods'], ['adam', 'methods with Adam’s direction']] as const;

/** Sentences on who converged, at what cost, and what became of the others; families are not ranked against each other. */
export function gameVerdict(game: string, runs: readonly GameRun[]): string[] {
  const converged = runs.filter(({ status }) => status === 'converged');
  const lines: string[] = [];
  if (runs.length === 0) return ['Nothing was run.'];
  if (converged.length === 0) lines.push(`No method converged on ${game} within this budget.`);
  for (const [family, words] of families) {
    const members = runs.filter((run) => run.family === family);
    const done = members.filter(({ status }) => status === 'converged').sort((a, b) => a.oracleCalls - b.oracleCalls);
    const [first] = done;
    if (first === undefined) continue;
    const fastest = done.filter(({ oracleCalls }) => oracleCalls === first.oracleCalls);
    const among = runs.some((run) => run.family !== family) ? `Among ${words}, ` : '';
    const rest = done.filter((run) => !fastest.includes(run));
    lines.push(`${among}${listed(fastest.map(({ label }) => label))} converged on ${game} with the fewest oracle calls: ${first.oracleCalls}.${rest.length > 0 ? ` Then ${listed(rest.map(({ label, oracleCalls }) => `${label} (${oracleCalls})`))}.` : ''}`);
  }
  const left = (status: GameRun['status']): readonly GameRun[] => runs.filter((run) => run.status === status);
  const away = [...left('diverged'), ...left('non-finite')];
  if (away.length > 0) lines.push(`${listed(away.map(({ label }) => label))} diverged.`);
  const still = left('budget');
  if (still.length > 0) lines.push(`${listed(still.map(({ label, residual }) => `${label} (residual ${residual === null ? 'unknown' : Number(residual.toPrecision(2))})`))} did not get there within the budget.`);
  const failed = left('failed');
  if (failed.length > 0) lines.push(`${listed(failed.map(({ label, message }) => `${label} failed (${message.replace(/\.$/, '')})`))}.`);
  const broken = runs.flatMap(({ label, theory }) => (theory !== undefined && 'theorem' in theory && theory.broken ? [`${label} (${theory.theorem})`] : []));
  if (broken.length > 0) lines.push(`${listed(broken)} did what the theorem rules out: a constant that ${game} states (L, ρ or the solution) is wrong.`);
  const flagship = runs.find(({ label }) => label.split('(')[0] === 'rapp');
  const rivals = converged.filter(({ family, label }) => family === 'gradient' && label !== flagship?.label);
  if (flagship !== undefined && flagship.status !== 'failed' && rivals.some(({ oracleCalls }) => flagship.status !== 'converged' || oracleCalls < flagship.oracleCalls)) lines.push('rapp, the flagship (the method of the paper this toolkit grew from), loses here.');
  return lines;
}

import type { GameRun, Section } from '@stillpoint/tracking';

const levels = '▁▂▃▄▅▆▇█';
const WIDTH = 24;

/**
 * What a comparison found, for a terminal: the verdict; with `curves`, before it, each method's residual on a
 * game as a line of bars.
 */
export function inWords(section: Section, curves: boolean): string {
  return [
    section.title,
    ...(curves && section.kind === 'game' ? residualLines(section.runs) : []),
    ...section.verdict.map((sentence) => `  ${sentence}`),
    '',
  ].join('\n');
}

/**
 * Log-residuals over the same calls for all, from the smallest anyone reached to a little above the largest
 * at the start.
 */
function residualLines(runs: readonly GameRun[]): string[] {
  const drawn = runs.filter(({ curve }) => curve.some(({ residual }) => residual > 0));
  if (drawn.length === 0) return [];
  const calls = Math.max(...drawn.map(({ oracleCalls }) => oracleCalls));
  const starts = drawn.flatMap(({ curve }) => curve.slice(0, 1)).map(({ residual }) => Math.log10(residual));
  const low = Math.max(
    -8,
    Math.min(...drawn.flatMap(({ curve }) => curve.slice(-1)).map(({ residual }) => Math.log10(residual))),
  );
  const high = Math.max(...starts) + 1;
  const name = Math.max(...drawn.map(({ label }) => label.length));
  return [
    '  residual against oracle calls, logarithmic',
    ...drawn.map(
      (run) => `  ${run.label.padEnd(name)}  ${sparkline(run, calls, low, high)}  ${outcome(run)}`,
    ),
    '',
  ];
}

/** The last residual within each of `WIDTH` equal shares of the calls; blank once the run has ended. */
function sparkline({ curve, oracleCalls }: GameRun, calls: number, low: number, high: number): string {
  return Array.from({ length: WIDTH }, (_, i) => {
    if (oracleCalls <= (calls * i) / WIDTH) return ' ';
    const by = curve.filter((point) => point.calls <= (calls * (i + 1)) / WIDTH).at(-1);
    if (by === undefined) return ' ';
    const share = Math.max(0, Math.min(1, (Math.log10(by.residual) - low) / (high - low)));
    return levels[Math.round((levels.length - 1) * share)] ?? ' ';
  }).join('');
}

function outcome({ status, residual, oracleCalls, message }: GameRun): string {
  if (status === 'converged') return `converged after ${oracleCalls} calls`;
  if (status === 'diverged' || status === 'non-finite') return `diverged after ${oracleCalls} calls`;
  if (status === 'failed') return `failed: ${message}`;
  return residual === null ? status : `still ${Number(residual.toPrecision(2))} after ${oracleCalls} calls`;
}

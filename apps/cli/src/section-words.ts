import { DETERMINISTIC, isDeterministic, runsMade, type Run, type Section } from '@stillpoint/tracking';

const levels = '▁▂▃▄▅▆▇█';
const WIDTH = 24;

/**
 * A section as text for a terminal: its verdict; with `curves`, before it, each method's residual as a line
 * of bars.
 */
export function inWords(section: Section, curves: boolean): string {
  return [
    section.title,
    ...(curves ? residualLines(section) : []),
    ...section.verdict.map((sentence) => `  ${sentence}`),
    '',
  ].join('\n');
}

/** The positive residuals of a run, which have a logarithm. */
function residualsOf({ series }: Run): readonly { readonly calls: number; readonly residual: number }[] {
  const { x, y } = series['residual'] ?? { x: [], y: [] };
  return x.flatMap((calls, i) => {
    const residual = y[i] ?? null;
    return residual === null || residual <= 0 ? [] : [{ calls, residual }];
  });
}

/**
 * The logarithms of all runs' residuals over the same calls, from the smallest final one (at least −8) to one
 * above the largest at the start.
 */
function residualLines(section: Section): string[] {
  const drawn = runsMade(section).filter((run) => residualsOf(run).length > 0);
  if (drawn.length === 0) return [];
  const calls = Math.max(...drawn.map((run) => run.calls));
  const at = (run: Run, index: number): number => Math.log10(residualsOf(run).at(index)?.residual ?? NaN);
  const low = Math.max(-8, Math.min(...drawn.map((run) => at(run, -1))));
  const high = Math.max(...drawn.map((run) => at(run, 0))) + 1;
  const name = Math.max(...drawn.map(({ label }) => label.length));
  return [
    '  residual against oracle calls, logarithmic',
    ...drawn.map(
      (run) =>
        `  ${run.label.padEnd(name)}  ${sparkline(run, calls, low, high)}  ${outcome(run)}${
          isDeterministic(section, run.label) ? `; ${DETERMINISTIC}` : ''
        }`,
    ),
    '',
  ];
}

/** The last residual in each of `WIDTH` equal shares of the calls; blank after the end of the run. */
function sparkline(run: Run, calls: number, low: number, high: number): string {
  const points = residualsOf(run);
  return Array.from({ length: WIDTH }, (_, i) => {
    if (run.calls <= (calls * i) / WIDTH) return ' ';
    const by = points.filter((point) => point.calls <= (calls * (i + 1)) / WIDTH).at(-1);
    if (by === undefined) return ' ';
    const share = Math.max(0, Math.min(1, (Math.log10(by.residual) - low) / (high - low)));
    return levels[Math.round((levels.length - 1) * share)]!;
  }).join('');
}

function outcome({ status, values, calls, message }: Run): string {
  const spent = `after ${Math.round(100 * calls) / 100} calls`;
  if (status === 'converged') return `converged ${spent}`;
  if (status === 'diverged' || status === 'non-finite') return `diverged ${spent}`;
  if (status === 'ended') return `ended by its own rule ${spent}`;
  if (status === 'failed') return `failed: ${message}`;
  const residual = values['residual'] ?? null;
  return residual === null ? status : `still ${Number(residual.toPrecision(2))} ${spent}`;
}

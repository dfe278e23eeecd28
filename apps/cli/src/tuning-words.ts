import type { TunedTrial, TuningResult } from '@stillpoint/experiments';
import { resultOf, type Measure } from '@stillpoint/tracking';

const short = (x: Measure | undefined): string =>
  x === null || x === undefined ? '–' : String(Number(x.toPrecision(3)));

/** Rows below each other: the first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row.map((text, c) => (c === 0 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!))).join('  '),
  );
}

/** How the runs of a trial ended: nothing if all used their budget. */
const ending = ({ statuses }: TunedTrial): string =>
  [...new Set(statuses.length === 0 ? ['not run'] : statuses.filter((status) => status !== 'budget'))].join(
    ', ',
  );

/** Every trial as a table, the choice, and the command that compares what was chosen. */
export function tuningInWords(
  { methods, section }: TuningResult,
  compare: string | null,
  report: string,
): string {
  const columns = section.columns.filter(({ name }) =>
    section.runs.some((run) => resultOf(run)[name] != null),
  );
  const rows = methods.flatMap(({ trials, chosen }) =>
    trials.map((trial) => [
      `${trial.method === chosen ? '* ' : '  '}${trial.method}`,
      ...columns.map(({ name }) => short(trial.values[name])),
      ending(trial),
    ]),
  );
  const heads = [
    '  trial',
    ...columns.map(({ label, unit }) => (unit === undefined ? label : `${label}, ${unit}`)),
    '',
  ];
  return [
    section.title,
    ...aligned([heads, ...rows]).map((line) => `  ${line.trimEnd()}`),
    '',
    ...section.verdict.map((sentence) => `  ${sentence}`),
    '',
    ...(compare === null ? [] : [`To compare them:\n  ${compare}`, '']),
    `The report: ${report}`,
  ].join('\n');
}

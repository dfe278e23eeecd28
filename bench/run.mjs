// node bench/run.mjs [name …] [--json] [--strict]: runs the benches and prints one table each.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { columns } from './columns.mjs';

const names = ['solve-startup', 'extragradient', 'vectors', 'training'];

/**
 * A line of a benchmark's table. `ratio` and `bar` are absent if the line is for orientation only.
 * @typedef {{ case: string, figure: string, ratio?: number, versus?: string, bar?: { atMost: number } | {
 * atLeast: number } }} Row
 */
const ratioOf = ({ ratio, versus }) =>
  ratio === undefined ? '' : `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1)} x ${versus}`;
const barOf = ({ bar }) =>
  bar === undefined ? '' : 'atMost' in bar ? `<= ${bar.atMost} x` : `>= ${bar.atLeast} x`;
/** Whether the bar is met; null if there is no bar, or nothing was measured against it. */
const isMet = ({ ratio, bar }) =>
  bar === undefined || ratio === undefined
    ? null
    : 'atMost' in bar
      ? ratio <= bar.atMost
      : ratio >= bar.atLeast;
const metOf = (row) =>
  row.bar === undefined ? '' : { true: 'met', false: 'missed', null: 'not measured' }[String(isMet(row))];

const table = (rows) =>
  columns([
    ['case', 'figure', 'ratio', 'bar', ''],
    ...rows.map((row) => [row.case, row.figure, ratioOf(row), barOf(row), metOf(row)]),
  ]);

const {
  values: { json, strict },
  positionals,
} = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, strict: { type: 'boolean' } },
});
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`unknown bench "${unknown}"; expected one of: ${names.join(', ')}`);
  process.exit(2);
}
const results = [];
for (const name of positionals.length > 0 ? positionals : names) {
  const { about, run } = await import(`./${name}.mjs`);
  const rows = await run();
  const date = new Date().toISOString().slice(0, 10);
  results.push({
    name,
    date,
    node: process.version,
    cores: availableParallelism(),
    rows: rows.map((row) => ({ ...row, met: isMet(row) })),
  });
  console.log(
    `${name}: ${about}\n${table(rows)}\n  node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${date}\n`,
  );
}
if (json) console.log(JSON.stringify(results));
process.exitCode = strict && results.some(({ rows }) => rows.some(({ met }) => met === false)) ? 1 : 0;

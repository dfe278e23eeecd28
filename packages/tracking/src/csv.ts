import type { Results } from './results.js';

type Cell = string | number | null;

/**
 * Puts an apostrophe before text that a spreadsheet would run as a formula. Numbers, negative ones too, stay
 * numbers.
 */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
const cell = (x: Cell): string => (x === null ? '' : typeof x === 'number' ? String(x) : quoted(harmless(x)));

/** One row of a CSV file, with its newline. */
export const csvRow = (row: readonly Cell[]): string => `${row.map(cell).join(',')}\n`;

/**
 * Rows as CSV (RFC 4180): quoted where needed, with plain newlines, which common readers accept. A null is an
 * empty cell.
 */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map(csvRow).join('');
}

/** Every value of every series of every run as CSV, one row each: section, method, seed, series, x, y. */
export function measuresCsv({ sections }: Results): string {
  const rows = sections.flatMap(({ title, runs }) =>
    runs.flatMap(({ label, seed, series }) =>
      Object.entries(series).flatMap(([name, { x, y }]) =>
        x.map((at, i): Cell[] => [title, label, seed, name, at, y[i] ?? null]),
      ),
    ),
  );
  return csv(['section', 'method', 'seed', 'series', 'x', 'y'], rows);
}

import type { Results } from './results.js';

type Cell = string | number | null;

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers, signs included, stay
 * numbers.
 */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
const cell = (x: Cell): string => (x === null ? '' : typeof x === 'number' ? String(x) : quoted(harmless(x)));

/** RFC 4180: quotes where needed, CRLF not needed by any reader we know, so plain newlines. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

/** Every value of every series of every run, one row each: section, method, seed, x, series, y. */
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

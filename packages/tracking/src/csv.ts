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

/** Every measure of every run, one row each: section, method, seed, calls, metric, value. */
export function measuresCsv({ sections }: Results): string {
  const rows = sections.flatMap((section) =>
    section.kind === 'game'
      ? section.runs.flatMap(({ label, curve }) =>
          curve.map(({ calls, residual }): Cell[] => [
            section.title,
            label,
            null,
            calls,
            'residual',
            residual,
          ]),
        )
      : section.runs.flatMap(({ label, seed, measures, players }) => [
          ...measures.flatMap(({ calls, values }) =>
            Object.entries(values).map(([metric, value]): Cell[] => [
              section.title,
              label,
              seed,
              calls,
              metric,
              value,
            ]),
          ),
          ...players.flatMap(({ calls, losses, gradientNorms, rotations }) =>
            Object.entries({ loss: losses, 'gradient norm': gradientNorms, rotation: rotations }).flatMap(
              ([what, values]) =>
                Object.entries(values).map(([player, value]): Cell[] => [
                  section.title,
                  label,
                  seed,
                  calls,
                  `${what} ${player}`,
                  value,
                ]),
            ),
          ),
        ]),
  );
  return csv(['section', 'method', 'seed', 'oracleCalls', 'metric', 'value'], rows);
}

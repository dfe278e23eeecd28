import { csvRow } from '../csv.js';
import { writePieces } from '../files/whole.js';
import { FILES, part } from './layout.js';
import { eachRow } from './lines.js';
import { asRow } from './rows.js';

/**
 * Writes the table of all rows: step, calls, seconds, then every value in the order in which they first
 * appear.
 */
export function writeTable(root: string): void {
  const metrics = part(root, 'file', FILES.metrics);
  const names = new Set<string>();
  eachRow(metrics, asRow, ({ values }) => {
    for (const name of Object.keys(values)) names.add(name);
  });
  writePieces(part(root, 'file', FILES.table), (append) => {
    append(csvRow(['step', 'calls', 'seconds', ...names]));
    eachRow(metrics, asRow, ({ step, calls, seconds, values }) => {
      const value = (name: string): number | null =>
        Object.hasOwn(values, name) ? (values[name] ?? null) : null;
      append(csvRow([step, calls, seconds, ...Array.from(names, value)]));
    });
  });
}

import { join } from 'node:path';
import { FORMAT, measuresCsv, type Results, type Section } from '@stillpoint/tracking';
import { makeFolders, writeWhole } from '@stillpoint/tracking/files';
import type { Drawing } from './drawing.js';
import { machine } from './environment.js';

/** The results of sections. @param command the command that makes them again. */
export const resultsOf = (
  sections: readonly Section[],
  { command, interrupted, notBegun }: Pick<Results, 'command' | 'interrupted' | 'notBegun'>,
): Results => ({
  title: sections.map(({ title }) => title).join(' · ') || 'Nothing was run',
  format: FORMAT,
  command,
  interrupted,
  notBegun,
  sections,
  environment: machine(),
});

/** Writes results, their table and their report into a folder. */
export function writeResults(out: string, results: Results, { report }: Drawing): void {
  makeFolders(out); // the folder may have been removed meanwhile
  // first and alone: the other files are made from it
  writeWhole({ [join(out, 'results.json')]: `${JSON.stringify(results)}\n` });
  writeWhole({
    [join(out, 'measures.csv')]: measuresCsv(results),
    [join(out, 'report.html')]: report(results),
  });
}

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { figures, measuresCsv, readResults, report } from '@stillpoint/tracking';
import { fileAt, makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { print, type Command } from '../command.js';
import { readFigures } from '../compare-arguments.js';

/** A results file's path and text. @throws InputError if there is none, or if it cannot be read. */
function resultsAt(given: string): { readonly path: string; readonly text: string } {
  const there = fileAt(given, given);
  const path = there?.isDirectory() ? join(given, 'results.json') : given;
  if (!fileAt(path, path)?.isFile())
    throw new InputError(`there is no ${path}; expected a folder that compare wrote, or its results.json`);
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

export const command: Command = {
  name: 'report',
  about: 'Makes report.html and measures.csv again from a results.json, without running anything.',
  usage: '<folder|results.json>',
  flags: {
    figures: {
      value: 'svg',
      about: 'write each picture of the report to figures/*.svg as well, with its title and legend',
    },
  },
  examples: ['stillpoint report stillpoint-report', 'stillpoint report stillpoint-report --figures svg'],
  run(args) {
    const [given, ...more] = args.positionals;
    if (given === undefined || more.length > 0)
      throw new InputError(
        `report takes one folder or results.json; found ${args.positionals.length === 0 ? 'none' : args.positionals.join(' ')}`,
      );
    const drawn = readFigures(args.text('figures'));
    const { path, text } = resultsAt(given);
    const results = readResults(text, path);
    const folder = resolve(path, '..');
    writeWhole({
      [join(folder, 'measures.csv')]: measuresCsv(results),
      [join(folder, 'report.html')]: report(results),
    });
    if (drawn) {
      const pictures = figures(results).map(
        ({ name, svg }) => [join(folder, 'figures', `${name}.svg`), svg] as const,
      );
      makeFolders(join(folder, 'figures'));
      writeWhole(Object.fromEntries(pictures));
    }
    print(`The report: ${join(path, '..', 'report.html')}`);
    return Promise.resolve(0);
  },
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { measuresCsv, readResults, type Results } from '@stillpoint/tracking';
import { fileAt, makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { readRun } from '@stillpoint/tracking/run';
import { commandLine, print, type Command } from '../command.js';
import { readFigures } from '../compare-arguments.js';
import { loadDrawing } from '../drawing.js';
import { resultsOf } from '../runs/report.js';

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

/** Writes a report and its table into a folder; with `drawn`, each picture as a file too. */
async function writeReport(folder: string, results: Results, drawn: boolean): Promise<string> {
  const { figures, report } = await loadDrawing();
  makeFolders(folder);
  const path = join(folder, 'report.html');
  writeWhole({ [join(folder, 'measures.csv')]: measuresCsv(results), [path]: report(results) });
  if (drawn) {
    const pictures = figures(results).map(
      ({ name, svg }) => [join(folder, 'figures', `${name}.svg`), svg] as const,
    );
    makeFolders(join(folder, 'figures'));
    writeWhole(Object.fromEntries(pictures));
  }
  return path;
}

/** Whether a path is a run directory of `train`. */
const isRun = (path: string): boolean => fileAt(path, join(path, 'run.json'))?.isFile() === true;

const DEFAULT = 'stillpoint-runs';

export const command: Command = {
  name: 'report',
  about:
    'Makes a report without running anything: again from a results.json of compare, or of run directories of train, also of runs that go on; several runs stand side by side.',
  usage: '<folder|results.json|run …>',
  flags: {
    figures: {
      value: 'svg',
      about: 'write each picture of the report to figures/*.svg as well, with its title and legend',
    },
    out: {
      value: 'folder',
      about: `where the report of several runs is written; default ${DEFAULT}; of one, into its folder`,
    },
  },
  examples: [
    'stillpoint report stillpoint-report --figures svg',
    'stillpoint report run-a run-b --out side-by-side',
  ],
  async run(args) {
    const { positionals } = args;
    const [given] = positionals;
    if (given === undefined)
      throw new InputError('report takes a folder, a results.json or runs of train; found none');
    const drawn = readFigures(args.text('figures'));
    const runs = positionals.filter(isRun);
    if (runs.length < positionals.length && positionals.length > 1)
      throw new InputError(
        `report takes one folder or results.json of compare, or runs of train; ${positionals.find((path) => !runs.includes(path))} is no run`,
      );
    const out = args.text('out');
    if (out === '') throw new InputError('--out ""; expected a folder’s path');
    if (runs.length > 0) {
      const results = resultsOf(
        runs.map((path) => readRun(path)),
        commandLine(command, args),
      );
      const path = await writeReport(out ?? (runs.length === 1 ? given : DEFAULT), results, drawn);
      print(`The report: ${path}`);
      return 0;
    }
    const { path, text } = resultsAt(given);
    print(`The report: ${await writeReport(out ?? join(path, '..'), readResults(text, path), drawn)}`);
    return 0;
  },
};

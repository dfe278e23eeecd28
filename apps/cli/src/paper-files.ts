import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Figure, KeptSections, Paper } from '@stillpoint/experiments/papers';
import { InputError, formatData, messageOf } from '@stillpoint/operators';
import {
  measuresCsv,
  readResults,
  type PaperResults,
  type Results,
  type Section,
} from '@stillpoint/tracking';
import { checkWritable, fileAt, makeFolders, wholeName, writeWhole } from '@stillpoint/tracking/files';
import { resultsOf } from './comparison-files.js';
import { quoted } from './command.js';
import type { Drawing } from './drawing.js';
import { environment } from './environment.js';

const FILES = ['claims.json', 'report.html', 'measures.csv'];

/** The folder of a paper's reproduction. */
export interface PaperFolder extends KeptSections {
  readonly path: string;
  /** Whether a figure is complete there. */
  holds(figure: Figure): boolean;
  /** Removes what there is of figures. */
  remove(figures: readonly Figure[]): void;
  /** Writes the claims, the tables, the pictures and the report. */
  writeAll(results: PaperResults): void;
}

/**
 * The folder of a paper's reproduction. Figures that it holds are read instead of made again, unless they
 * were made with other settings, on another engine or by another version.
 * @throws InputError if it cannot be written to, or holds files that no reproduction wrote.
 */
export function paperFolder(
  path: string,
  { figures, paperReport }: Drawing,
  {
    paper,
    quick,
    engine,
    data,
    version,
  }: { paper: Paper; quick: boolean; engine: string; data: string | undefined; version: string },
): PaperFolder {
  const names = paper.figures.map(({ name }) => name);
  try {
    makeFolders(path);
    for (const file of FILES) checkWritable('--out', join(path, file));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`--out ${path} cannot be made: ${messageOf(cause)}`, { cause });
  }
  const other = readdirSync(path).find((name) => ![...FILES, ...names].includes(wholeName(name)));
  if (other !== undefined)
    throw new InputError(
      `--out ${path} holds ${other}, which no reproduction of ${paper.name} wrote; choose another folder`,
    );
  const within = ({ name }: Figure): string => join(path, name);
  const command = ({ name, data: needed, chosen = {} }: Figure): string =>
    [
      `npx stillpoint reproduce ${paper.name}/${name}`,
      ...(quick ? ['--quick'] : []),
      ...Object.entries(chosen).map(([option, value]) => `--set ${quoted(`${option}=${formatData(value)}`)}`),
      ...(needed === undefined || data === undefined ? [] : [`--data '${data}'`]),
    ].join(' ');

  /** What a figure's sections depend on, beside the code and the command. */
  const identityOf = ({ settings }: Figure): { readonly [name: string]: string } => ({
    stillpoint: version,
    engine,
    settings: JSON.stringify(settings),
  });
  const asResults = (figure: Figure, sections: readonly Section[]): Results => ({
    ...resultsOf(sections, { command: command(figure), interrupted: false, notBegun: [] }),
    environment: { ...environment(version), ...identityOf(figure) },
  });
  /** @throws InputError for a damaged file. */
  function read(figure: Figure): readonly Section[] | undefined {
    const file = join(within(figure), 'results.json');
    if (!fileAt(file, file)?.isFile()) return undefined;
    const { command: made, environment: found, sections } = readResults(readFileSync(file, 'utf8'), file);
    const same = Object.entries(identityOf(figure)).every(([key, value]) => found[key] === value);
    return same && made === command(figure) ? sections : undefined;
  }
  return {
    path,
    folder: (figure) => resolve(within(figure), 'trials'),
    read,
    holds(figure) {
      try {
        return read(figure) !== undefined;
      } catch (error) {
        if (error instanceof InputError) return false;
        throw error;
      }
    },
    remove(some) {
      for (const figure of some) rmSync(within(figure), { recursive: true, force: true });
    },
    write(figure, sections) {
      const folder = within(figure);
      makeFolders(folder);
      writeWhole({ [join(folder, 'results.json')]: `${JSON.stringify(asResults(figure, sections))}\n` });
    },
    writeAll(results) {
      for (const { name, sections } of results.figures) {
        const drawn = figures({ ...resultsOf(sections, { ...results, notBegun: [] }) });
        if (drawn.length === 0) continue;
        makeFolders(join(path, name));
        writeWhole(
          Object.fromEntries(drawn.map(({ name: file, svg }) => [join(path, name, `${file}.svg`), svg])),
        );
      }
      const sections = results.figures.flatMap((figure) => figure.sections);
      writeWhole({
        [join(path, 'claims.json')]: `${JSON.stringify(summaryOf(results), null, 2)}\n`,
        [join(path, 'measures.csv')]: measuresCsv(resultsOf(sections, { ...results, notBegun: [] })),
        [join(path, 'report.html')]: paperReport(results),
      });
    },
  };
}

/** A reproduction without curves and pictures, for scripts: the runs are in each figure's results.json. */
export function summaryOf(results: PaperResults): object {
  return {
    ...results,
    figures: results.figures.map(({ sections, ...figure }) => ({
      ...figure,
      sections: sections.map(({ title, problem, verdict, settings, runs }) => ({
        title,
        problem,
        verdict,
        settings,
        runs: runs.map(({ series: _, pictures: __, ...run }) => run),
      })),
    })),
  };
}

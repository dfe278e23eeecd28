import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { sectionsWith, trainConfig, type RunRemains, type TrainConfig } from '@stillpoint/experiments';
import { InputError, decodeCheckpoint, emptyLedger } from '@stillpoint/operators';
import {
  FORMAT,
  readResults,
  runStatuses,
  type Results,
  type RunStatus,
  type Section,
  type Snapshot,
} from '@stillpoint/tracking';
import { writeWhole } from '@stillpoint/tracking/files';
import type { RunRecord } from '@stillpoint/tracking/run';
import { loadDrawing } from '../drawing.js';

/** The file in a run directory that states what its report says besides the run. */
export const RESULTS = 'results.json';

/** The file that only a run of a comparison has. */
const TRIAL = 'trial.json';

/** Where to look at a run of a comparison, in words. */
const reportOf = (path: string): string =>
  `whose report shows it: stillpoint report ${join(path, '..', '..')}; expected`;

/**
 * The settings of a run. @throws InputError if they are not those of this version, or of a run on a game,
 * which has nothing to train.
 */
export function configOf({ path, config }: RunRecord): TrainConfig {
  if ('game' in Object(config) && existsSync(join(path, TRIAL)))
    throw new InputError(
      `${path} is a run of a comparison on a game, ${reportOf(path)} a run that trains networks`,
    );
  return trainConfig(join(path, 'config.json'), config);
}

/** The section that a run's results file states. */
function sectionIn({ path }: RunRecord): Section {
  const file = join(path, RESULTS);
  if (existsSync(join(path, TRIAL)))
    throw new InputError(`${path} is a run of a comparison, ${reportOf(path)} runs of train`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(`${file} cannot be read; expected it as train wrote it`, { cause });
  }
  const [section] = readResults(text, file).sections;
  if (section === undefined) throw new InputError(`${file} has no section; expected it as train wrote it`);
  return section;
}

const isStatus = (value: unknown): value is RunStatus => runStatuses.some((status) => status === value);

/** How a run ended, as its last note says. */
function endOf(run: RunRecord): { readonly status: RunStatus; readonly message: string } {
  const last = run.notes().findLast(({ kind }) => ['begun', 'resumed', 'stopped', 'ended'].includes(kind));
  const { status }: { readonly status?: unknown } = Object(last?.data);
  return last !== undefined && isStatus(status)
    ? { status, message: last.message }
    : { status: 'stopped', message: 'Had not ended when this was written.' };
}

/** Pictures that a report shows, evenly spread. */
const PICTURES = 8;

function snapshotsOf(run: RunRecord): readonly Snapshot[] {
  const all = run.pictures();
  const chosen = all.filter(
    (_, i) => all.length <= PICTURES || i === all.length - 1 || i % Math.ceil(all.length / PICTURES) === 0,
  );
  return chosen.map(({ calls, width, height, png }) => ({
    calls,
    width,
    height,
    png: Buffer.from(png).toString('base64'),
  }));
}

/** All that a report needs of a run. `name` is what it is called there. */
function remainsOf(run: RunRecord, name: string): { section: Section; remains: RunRemains } {
  const last = run.checkpoints.isEmpty() ? undefined : run.checkpoints.latest();
  const rows = run.metrics();
  const ledger = last === undefined ? emptyLedger(2) : decodeCheckpoint(last.bytes).ledger;
  return {
    section: sectionIn(run),
    remains: {
      name,
      config: configOf(run),
      rows,
      pictures: snapshotsOf(run),
      ledger,
      calls: last?.entry.calls ?? 0,
      seconds: rows.at(-1)?.seconds ?? 0,
      ...endOf(run),
      happened: run
        .notes()
        .filter(({ kind }) => kind === 'warning' || kind === 'incident')
        .map(({ message }) => message),
    },
  };
}

/** The results of runs, side by side. */
export function resultsOf(runs: readonly RunRecord[], command: string): Results {
  const names = runs.map(({ path }) => basename(resolve(path)));
  const sections = sectionsWith(
    runs.map((run, i) => {
      const name = names[i]!;
      const twice = names.some((other, j) => j !== i && other === name);
      return remainsOf(run, twice ? run.path : name);
    }),
  );
  return {
    title: sections.map(({ title }) => title).join(' · '),
    format: FORMAT,
    command,
    interrupted: false,
    notBegun: [],
    sections,
    environment: environmentIn(runs[0]),
  };
}

function environmentIn(run: RunRecord | undefined): { readonly [name: string]: string } {
  const found: readonly (readonly [string, unknown])[] = Object.entries(Object(run?.environment));
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
}

/** The results file with which a run begins: its section, without runs. */
export const firstResults = (
  section: Section,
  command: string,
  environment: Results['environment'],
): string =>
  `${JSON.stringify({
    title: section.title,
    format: FORMAT,
    command,
    interrupted: true,
    notBegun: [],
    sections: [section],
    environment,
  } satisfies Results)}\n`;

/** Writes the report of a run into its folder; returns its path. */
export async function writeRunReport(run: RunRecord, command: string): Promise<string> {
  const { report } = await loadDrawing();
  const results = resultsOf([run], command);
  const path = join(run.path, 'report.html');
  writeWhole({ [join(run.path, RESULTS)]: `${JSON.stringify(results)}\n` });
  writeWhole({ [path]: report(results) });
  return path;
}

import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { checkWritable, discardFolders, makeFolders, wholeName } from '@stillpoint/tracking/files';
import { hasLock, takeLock, type Lock } from '@stillpoint/tracking/run';

/** A folder that one comparison writes to. */
export interface ResultsFolder {
  readonly path: string;
  /** Where runs keep their run directories. */
  readonly trials: string;
  /** Removes an earlier report with its runs, unless it continues: none of its files stays beside the new. */
  clear(): void;
  /** Removes the folder if it was made and nothing was written. */
  discard(): void;
  /** Lets other programs write to it. */
  close(): void;
}

/** What a comparison writes; `samples` and `figures` hold pictures. */
const FILES = ['results.json', 'measures.csv', 'report.html'];
const PICTURES = { samples: /\.png$/, figures: /\.(svg|pdf)$/ } as const;
const TRIALS = 'trials';
const DEFAULT = 'stillpoint-report';

/** Whether a folder holds what an earlier comparison wrote. */
function isReport(path: string): boolean {
  try {
    const found: unknown = JSON.parse(readFileSync(join(path, 'results.json'), 'utf8'));
    // results of another version count too: they are replaced, not read
    return found !== null && typeof found === 'object' && 'command' in found && 'sections' in found;
  } catch {
    return false;
  }
}

/** The names in a folder, without locks. */
const contentOf = (path: string): readonly string[] => readdirSync(path).filter((name) => !hasLock([name]));

/** Whether a folder holds only what a comparison writes, which may have been killed before its end. */
const isOurs = (path: string): boolean =>
  contentOf(path).every((name) => [...FILES, ...Object.keys(PICTURES), TRIALS].includes(wholeName(name)));

/** The run directories in a folder, by their names. */
const runsIn = (folder: string): readonly string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).filter((name) => /-[0-9a-f]{12}(\.removed)?$/.test(name))
    : [];

function remove(path: string): void {
  for (const name of readdirSync(path)) if (FILES.includes(wholeName(name))) rmSync(join(path, name));
  for (const [folder, kind] of Object.entries(PICTURES)) {
    const within = join(path, folder);
    if (!statSync(within, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const name of readdirSync(within)) if (kind.test(wholeName(name))) rmSync(join(within, name));
    discardFolders([within]);
  }
  for (const name of runsIn(join(path, TRIALS))) rmSync(join(path, TRIALS, name), { recursive: true });
  discardFolders([join(path, TRIALS)]);
}

/**
 * Makes a folder if none is named: `stillpoint-report`, or `stillpoint-report-2` and so on if that exists.
 */
function fresh(): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? DEFAULT : `${DEFAULT}-${n}`;
    if (statSync(path, { throwIfNoEntry: false })) continue;
    try {
      mkdirSync(path);
      return path;
    } catch (cause) {
      // another process has made it meanwhile
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    }
  }
}

/**
 * Makes this program the only one that writes to a folder; undefined where no lock can be written, as on a
 * full disk. @throws InputError if another program writes to it.
 */
function lockOn(path: string): Lock | undefined {
  try {
    return takeLock(path);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`--out ${error.message}`, { cause: error });
    return undefined;
  }
}

/**
 * The folder for a comparison's results. A folder that holds files is used only to replace an earlier report,
 * or to continue the comparison that wrote them.
 * @throws InputError if it cannot be made or written to, holds other files, or another program writes to it.
 */
export function resultsFolder(
  given: string | undefined,
  { overwrite, goOn }: { readonly overwrite: boolean; readonly goOn: boolean },
): ResultsFolder {
  if (given === '') throw new InputError('--out ""; expected a folder’s path');
  if (overwrite && goOn)
    throw new InputError('--continue and --overwrite exclude each other: one keeps runs, one removes them');
  if (goOn && given === undefined)
    throw new InputError('--continue needs the folder of the comparison: --out <folder> --continue');
  const name = normalize(given ?? DEFAULT);
  let made: readonly string[];
  let path = name;
  let earlier = false;
  try {
    if (given === undefined && !overwrite) made = [(path = fresh())];
    else made = makeFolders(name);
    earlier = contentOf(path).length > 0;
  } catch (cause) {
    throw new InputError(`--out ${name} cannot be made: ${messageOf(cause)}`, { cause });
  }
  if (earlier && goOn && !isOurs(path))
    throw new InputError(
      `--out ${path} holds files that no comparison wrote; expected the folder of one that --continue goes on with`,
    );
  if (earlier && !overwrite && !goOn)
    throw new InputError(
      `--out ${path} holds files already; choose another folder, or give --continue to go on with that comparison, or --overwrite to replace an earlier report`,
    );
  if (earlier && overwrite && !isReport(path))
    throw new InputError(
      `--out ${path} holds files, but no results.json of an earlier report that --overwrite could replace; choose another folder`,
    );
  let lock: Lock | undefined;
  try {
    for (const file of FILES) checkWritable('--out', join(path, file));
    lock = lockOn(path);
  } catch (error) {
    discardFolders(made);
    throw error;
  }
  return {
    path,
    trials: join(path, TRIALS),
    clear: () => {
      if (earlier && overwrite) remove(path);
    },
    discard() {
      lock?.release();
      discardFolders(made);
    },
    close: () => lock?.release(),
  };
}

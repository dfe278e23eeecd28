import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { checkWritable, discardFolders, makeFolders, wholeName } from '@stillpoint/tracking/files';

/** A folder that one comparison writes to. */
export interface ResultsFolder {
  readonly path: string;
  /** Removes an earlier report, so that none of its files stays beside the new one. */
  clear(): void;
  /** Removes the folder if it was made and nothing was written. */
  discard(): void;
}

/** What a comparison writes; `samples` and `figures` hold pictures. */
const FILES = ['results.json', 'measures.csv', 'report.html'];
const PICTURES = { samples: /\.png$/, figures: /\.(svg|pdf)$/ } as const;
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

function remove(path: string): void {
  for (const name of readdirSync(path)) if (FILES.includes(wholeName(name))) rmSync(join(path, name));
  for (const [folder, kind] of Object.entries(PICTURES)) {
    const within = join(path, folder);
    if (!statSync(within, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const name of readdirSync(within)) if (kind.test(wholeName(name))) rmSync(join(within, name));
    discardFolders([within]);
  }
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
 * The folder for a comparison's results. A folder that holds files is used only to replace an earlier report.
 * @throws InputError if it cannot be made or written to, or holds other files.
 */
export function resultsFolder(given: string | undefined, overwrite: boolean): ResultsFolder {
  if (given === '') throw new InputError('--out ""; expected a folder’s path');
  const name = normalize(given ?? DEFAULT);
  let made: readonly string[];
  let path = name;
  let earlier = false;
  try {
    if (given === undefined && !overwrite) made = [(path = fresh())];
    else made = makeFolders(name);
    earlier = readdirSync(path).length > 0;
  } catch (cause) {
    throw new InputError(`--out ${name} cannot be made: ${messageOf(cause)}`, { cause });
  }
  if (earlier && !overwrite)
    throw new InputError(
      `--out ${path} holds files already; choose another folder, or give --overwrite to replace an earlier report`,
    );
  if (earlier && !isReport(path))
    throw new InputError(
      `--out ${path} holds files, but no results.json of an earlier report that --overwrite could replace; choose another folder`,
    );
  try {
    for (const file of FILES) checkWritable('--out', join(path, file));
  } catch (error) {
    discardFolders(made);
    throw error;
  }
  return {
    path,
    clear: () => {
      if (earlier) remove(path);
    },
    discard: () => discardFolders(made),
  };
}

import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { checkPath, fileAt } from '../files/at.js';
import { discardFolders, makeFolders } from '../files/folders.js';
import { writeWhole } from '../files/whole.js';
import { writing, type RunDirectory } from './directory.js';
import { isObject } from './json.js';
import { FILES, FOLDERS } from './layout.js';
import { hasLock, takeLock } from './lock.js';
import {
  aboutText,
  asAbout,
  fixedFiles,
  recordAt,
  type About,
  type Beginning,
  type RunRecord,
} from './record.js';

/** Options of {@link createRun}. */
export interface CreateOptions {
  /** How many of the newest checkpoints are kept. Default: 3. */
  readonly keep?: number;
  /** By which value the best checkpoint is chosen, which is kept too. Default: none is. */
  readonly best?: About['best'];
}

/** Checks the names and contents of a caller's own files. @throws InputError if one cannot be in a run. */
function checkFiles(files: unknown): { readonly [name: string]: string | Uint8Array } {
  if (files === undefined) return {};
  if (!isObject(files)) throw new InputError(`files are ${shown(files)}; expected contents by name`);
  const taken: readonly string[] = Object.values(FILES);
  const checked = Object.entries(files).map(([name, content]): [string, string | Uint8Array] => {
    const [first = '', ...within] = name.split('/');
    if (!/^[\p{L}\p{N}_][\p{L}\p{N} _.+@-]{0,99}$/u.test(first) || /\.partial-\d+$/.test(name))
      throw new InputError(
        `the file ${shown(name)} cannot be in a run; expected a name of at most 100 letters, digits and _ - + @ . or blanks, or a folder of such a name with files`,
      );
    if (taken.includes(first.toLowerCase()) || hasLock([first.toLowerCase()]))
      throw new InputError(`the file ${name} has the name of a part of every run; expected another name`);
    if (!within.every((part) => part.length <= 255 && /^(?!\.{1,2}$)[^\p{Cc}\\:]+$/u.test(part)))
      throw new InputError(
        `the file ${shown(name)} cannot be in a run; expected names of files and folders between the slashes`,
      );
    if (typeof content !== 'string' && !(content instanceof Uint8Array))
      throw new InputError(`the file ${name} is ${shown(content)}; expected text or a Uint8Array`);
    return [name, content];
  });
  return Object.fromEntries(checked);
}

/**
 * Checks that a run may begin in a folder: it must be empty, or hold what a process left that was killed as
 * it made a run there: a lock and settings, but no `run.json`, from which on it is a run, and nothing that is
 * made after that. @throws InputError that names what it holds.
 */
function checkEmpty(path: string): void {
  const names = readdirSync(path);
  if (names.includes(FILES.about))
    throw new InputError(
      `${path} holds a run already: resume continues it; choose another folder to begin one`,
    );
  const later: readonly string[] = [...FOLDERS, FILES.metrics, FILES.notes];
  if (names.length > 0 && (!hasLock(names) || names.some((name) => later.includes(name))))
    throw new InputError(
      `${path} holds files already (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}); expected an empty folder, or a path where nothing is`,
    );
}

/**
 * Begins a run in a folder, which is made if it is missing.
 * @throws InputError if the folder holds anything, or what is given cannot be written as it is; Error if the
 * disk does not take it, in which case nothing is left.
 */
export function createRun(path: string, begin: Beginning, options: CreateOptions = {}): RunDirectory {
  checkPath('run', path);
  if (!isObject(begin))
    throw new InputError(`a run begins with ${shown(begin)}; expected { config, environment, identity }`);
  if (!isObject(options)) throw new InputError(`options are ${shown(options)}; expected { keep, best }`);
  const about = asAbout(options.keep ?? 3, options.best);
  const fixed = fixedFiles(begin);
  const given = checkFiles(begin.files);
  const found = fileAt(`run ${path}`, path);
  if (found && !found.isDirectory())
    throw new InputError(`run ${path} is a file; expected an empty folder, or a path where nothing is`);
  let made: readonly string[];
  try {
    made = makeFolders(path);
  } catch (cause) {
    throw new InputError(`the run’s folder ${path} cannot be made: ${messageOf(cause)}`, { cause });
  }
  try {
    checkEmpty(path);
    const lock = takeLock(path);
    try {
      checkEmpty(path); // another process may have begun one meanwhile
      const all = { ...given, ...fixed };
      try {
        for (const name of Object.keys(given)) makeFolders(join(path, dirname(name)));
        writeWhole(
          Object.fromEntries(Object.entries(all).map(([name, content]) => [join(path, name), content])),
        );
        // last: what has this file is a run
        writeWhole({ [join(path, FILES.about)]: aboutText(about, fixed) });
        const { record } = recordAt(path);
        return writing(record, about, lock);
      } catch (error) {
        for (const name of [FILES.about, ...Object.keys(all), FILES.metrics, FILES.notes, ...FOLDERS])
          rmSync(join(path, name.split('/')[0] ?? name), { recursive: true, force: true });
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    discardFolders(made);
    throw error;
  }
}

/**
 * Opens a run to go on with it. No other process may write it meanwhile: this one gets its lock, which it
 * also gets if the process that had it has ended. What a killed process has left is put in order.
 * @throws InputError for what is no run, has another format or is damaged, and if another process writes it.
 */
export function openRun(path: string): RunDirectory {
  recordAt(path); // before the first write
  const lock = takeLock(path);
  try {
    const { record, about } = recordAt(path);
    return writing(record, about, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A run to read, also while another process writes it. @throws InputError if it is none or damaged. */
export function readRun(path: string): RunRecord {
  return recordAt(path).record;
}

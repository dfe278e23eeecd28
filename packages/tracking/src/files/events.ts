import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { restartRecord, summaryRecord, versionRecord, type SummaryEvent } from '../tensorboard/event.js';
import { checkPath, fileAt } from './at.js';
import { openNew } from './growing.js';

/** An event file that is open. */
export interface EventFile {
  /** Its path: the folder, then `events.out.tfevents.<seconds>.<host>.<process>`. */
  readonly path: string;
  /**
   * Adds an event; it is in the file when this returns. @throws InputError if the event is none, Error if it
   * cannot be written, as on a full disk; the file then accepts no more and another can be opened.
   */
  write(event: SummaryEvent): void;
  /** Flushes the events so far to the disk. @throws Error if this fails. */
  flush(): void;
  /** Flushes the file to the disk and closes it. @throws Error if this fails. */
  close(): void;
}

/** Options of {@link openEvents}. */
export interface EventFileOptions {
  /** The time, in seconds since 1970, as `Date.now() / 1000`. */
  readonly wallTime: number;
  /** The step that a run goes on from: events of this step and later ones in older files are dropped. */
  readonly from?: number;
}

/** The seconds in the name of the newest event file in a folder; −1 if there is none. */
function newest(folder: string): number {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw new InputError(`folder ${folder} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const seconds = names.map((name) => Number(/^events\.out\.tfevents\.(\d{10})\./.exec(name)?.[1] ?? -1));
  return Math.max(-1, ...seconds);
}

/**
 * Opens a new event file in a folder, which must exist and is a run of TensorBoard; only one may be written
 * at a time. TensorBoard reads a folder's files in the order of their names and never goes back to an earlier
 * one (`directory_watcher.py`), so the new file's seconds are later than those of all others, even if the
 * clock was set back or the run has moved to another machine. A process that is killed leaves the events so
 * far; of the last one perhaps a part, which TensorBoard ignores. A run that goes on opens another file.
 * @throws InputError if the folder or an option is none, Error if the file cannot be written.
 */
export function openEvents(folder: string, options: EventFileOptions): EventFile {
  checkPath('event folder', folder);
  if (typeof options !== 'object' || options === null)
    throw new InputError(`options are ${shown(options)}; expected { wallTime: Date.now() / 1000 }`);
  const { wallTime, from } = options;
  if (!fileAt(`event folder ${folder}`, folder)?.isDirectory())
    throw new InputError(`event folder ${shown(folder)}: there is none; expected a folder that exists`);
  const begin = [versionRecord(wallTime), ...(from === undefined ? [] : [restartRecord(wallTime, from)])];
  const seconds = Math.max(Math.floor(wallTime), newest(folder) + 1);
  const host = hostname().replace(/[^\w.-]/g, '-');
  const path = join(
    folder,
    `events.out.tfevents.${String(seconds).padStart(10, '0')}.${host}.${process.pid}`,
  );
  const file = openNew(path);
  try {
    for (const piece of begin) file.append(piece);
  } catch (cause) {
    file.finish();
    throw cause;
  }
  return {
    path,
    write: (event) => file.append(summaryRecord(event)),
    flush: () => file.flush(),
    close: () => file.finish(),
  };
}

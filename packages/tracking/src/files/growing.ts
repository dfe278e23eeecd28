import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { checkPath } from './at.js';
import { openPartial, partialOf, settle, target } from './whole.js';

/** A file that grows piece by piece. */
export interface GrowingFile {
  /**
   * Adds a piece. @throws Error if it cannot be written; the file then ends before this piece and accepts no
   * more.
   */
  append(piece: string | Uint8Array): void;
  /** Flushes the pieces so far to the disk. @throws Error if this fails. */
  flush(): void;
  /**
   * Flushes the whole pieces to the disk and, if its name is a partial one, gives the file its own. @throws
   * Error if this fails; the partial file is then left, if it still exists.
   */
  finish(): void;
}

const refused = (path: string, cause: unknown): Error =>
  new Error(`${path} cannot be written: ${messageOf(cause)}`, { cause });

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw refused(path, cause);
  }
}

/** A file that is open, given by its path in errors; `name` is done at the end, after it is closed. */
function growing(path: string, file: number, name: () => void): GrowingFile {
  let bytes = 0;
  let state: 'open' | 'finished' | Error = 'open';
  return {
    append(piece) {
      if (typeof piece !== 'string' && !(piece instanceof Uint8Array))
        throw new InputError(`${path}: a piece is ${shown(piece)}; expected text or a Uint8Array`);
      if (state === 'finished') throw new Error(`${path} is finished: nothing can be added`);
      if (state !== 'open') throw state;
      const block = typeof piece === 'string' ? Buffer.from(piece) : piece;
      try {
        for (let done = 0; done < block.length;) done += writeSync(file, block, done);
      } catch (cause) {
        state = refused(path, cause);
        throw state;
      }
      bytes += block.length;
    },
    flush() {
      if (state === 'open') attempt(path, () => fsyncSync(file));
    },
    finish() {
      if (state === 'finished') return;
      const whole = state === 'open';
      state = 'finished';
      attempt(path, () => {
        try {
          if (!whole) ftruncateSync(file, bytes); // removes the part of a piece
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        name();
      });
    },
  };
}

/**
 * Opens a file that is written piece by piece. Its name is `<path>.partial-<pid>` until the end. A crash
 * leaves what was at `path` unchanged, and the pieces so far in the partial file, of the last one perhaps
 * only a part. @throws Error if it cannot be opened.
 */
export function openGrowing(path: string): GrowingFile {
  checkPath('file', path);
  const at = attempt(path, () => target(path));
  const file = attempt(path, () => openPartial(at));
  return growing(path, file, () => {
    renameSync(partialOf(at), at);
    settle(dirname(at));
  });
}

/**
 * Opens a new file that others read while it grows: it has its name from the start. A crash leaves the pieces
 * so far, of the last one perhaps only a part. @throws Error if there is a file or it cannot be opened.
 */
export function openNew(path: string): GrowingFile {
  const file = attempt(path, () => openSync(path, 'wx'));
  settle(dirname(path));
  return growing(path, file, () => {});
}

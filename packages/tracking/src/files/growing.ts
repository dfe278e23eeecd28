import { closeSync, fsyncSync, ftruncateSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { checkPath } from './at.js';
import { openPartial, partialOf, settle, target } from './whole.js';

/** A file that grows piece by piece and takes its name at the end. */
export interface GrowingFile {
  /**
   * Adds a piece. @throws Error if it cannot be written; the file then ends before this piece and accepts no
   * more.
   */
  append(piece: string | Uint8Array): void;
  /**
   * Flushes the whole pieces to the disk and gives the file its name. @throws Error if this fails; the
   * partial file is then left, if it still exists.
   */
  finish(): void;
}

/**
 * Opens a file that is written piece by piece. Its name is `<path>.partial-<pid>` until the end. A crash
 * leaves what was at `path` unchanged, and the pieces so far in the partial file, of the last one perhaps
 * only a part. @throws Error if it cannot be opened.
 */
export function openGrowing(path: string): GrowingFile {
  checkPath('file', path);
  const refused = (cause: unknown): Error =>
    new Error(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw refused(cause);
    }
  };
  const at = attempt(() => target(path));
  const file = attempt(() => openPartial(at));
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
        state = refused(cause);
        throw state;
      }
      bytes += block.length;
    },
    finish() {
      if (state === 'finished') return;
      const whole = state === 'open';
      state = 'finished';
      attempt(() => {
        try {
          if (!whole) ftruncateSync(file, bytes); // removes the part of a piece
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
        renameSync(partialOf(at), at);
        settle(dirname(at));
      });
    },
  };
}

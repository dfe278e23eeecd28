import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { messageOf } from '@stillpoint/operators';
import { csv } from '@stillpoint/tracking/csv';
import { partialOf, target } from './files.js';

/** A CSV file that is written as its rows come and takes its place at the end. */
export interface Trace {
  add(row: readonly number[]): void;
  /** Gives the file its name. @throws Error if it could not be written; a run goes on without it. */
  finish(): void;
}

const BLOCK = 1 << 16;
/** Milliseconds that a row may wait to be written: slow steps are there to be read at once. */
const WAIT_MS = 250;

/** Memory does not grow with the rows. Nothing is made before the first row; the file is `<path>.partial-<pid>` until the end. */
export function traceFile(path: string, head: readonly string[]): Trace {
  const at = target(path);
  let file: number | undefined;
  let failure: unknown;
  let waiting = csv(head, []);
  let rows = 0;
  let written = performance.now();
  const attempt = (act: () => void): void => {
    if (failure !== undefined) return;
    try {
      act();
    } catch (error) {
      failure = error;
      waiting = '';
      if (file !== undefined) closeSync(file);
      rmSync(partialOf(at), { force: true });
    }
  };
  const write = (): void => attempt(() => {
    const bytes = Buffer.from(waiting);
    file ??= openSync(partialOf(at), 'w');
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    waiting = '';
    written = performance.now();
  });
  return {
    add(row) {
      if (failure !== undefined) return;
      rows++;
      waiting += `${row.join(',')}\n`;
      if (waiting.length > BLOCK || performance.now() - written > WAIT_MS) write();
    },
    finish() {
      if (rows === 0) return;
      write();
      attempt(() => {
        if (file === undefined) return;
        closeSync(file);
        file = undefined;
        renameSync(partialOf(at), at);
      });
      if (failure !== undefined) throw new Error(`--trace ${path} cannot be written: ${messageOf(failure)}`, { cause: failure });
    },
  };
}

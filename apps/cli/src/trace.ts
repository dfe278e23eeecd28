import { closeSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { messageOf } from '@stillpoint/operators';
import { csv } from '@stillpoint/tracking/csv';
import { partialOf, target } from './files.js';

/** A CSV file that is written as its rows come and takes its place at the end. */
export interface Trace {
  add(row: readonly number[]): void;
  /** Gives the file its name. @throws Error if not all rows could be written; those that could are kept. */
  finish(): void;
}

const BLOCK = 1 << 16;
/** Milliseconds that a row may wait to be written: slow steps are there to be read at once. */
const WAIT_MS = 250;

/**
 * Memory does not grow with the rows. Nothing is made before the first row; the file is
 * `<path>.partial-<pid>` until the end.
 */
export function traceFile(path: string, head: readonly string[]): Trace {
  const at = target(path);
  let file: number | undefined;
  let failure: { readonly cause: unknown } | undefined;
  let waiting = csv(head, []);
  let [rows, bytes, looked] = [0, 0, performance.now()];
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (cause) {
      failure ??= { cause };
    }
  };
  const write = (): void =>
    attempt(() => {
      if (failure !== undefined) return;
      file ??= openSync(partialOf(at), 'w');
      const block = Buffer.from(waiting);
      waiting = '';
      looked = performance.now();
      for (let done = 0; done < block.length;) done += writeSync(file, block, done);
      bytes += block.length;
    });
  return {
    add(row) {
      if (failure !== undefined) return;
      rows++;
      waiting += `${row.join(',')}\n`;
      if (waiting.length > BLOCK || performance.now() - looked > WAIT_MS) write();
    },
    finish() {
      if (rows === 0) return;
      write();
      attempt(() => {
        if (file === undefined) return;
        if (failure !== undefined) ftruncateSync(file, bytes); // no half a row
        closeSync(file);
        renameSync(partialOf(at), at);
      });
      if (failure !== undefined)
        throw new Error(
          `--trace ${path} could not be written to its end: ${messageOf(failure.cause)}`,
          failure,
        );
    },
  };
}

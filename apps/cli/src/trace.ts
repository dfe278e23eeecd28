import { messageOf } from '@stillpoint/operators';
import { csv } from '@stillpoint/tracking/csv';
import { openGrowing, type GrowingFile } from '@stillpoint/tracking/files';

/** A CSV file that is written row by row and takes its name at the end. */
export interface Trace {
  add(row: readonly number[]): void;
  /** Gives the file its name. @throws Error if a row could not be written; the rows before it are kept. */
  finish(): void;
}

const BLOCK = 1 << 16;
/** Milliseconds that a row may wait to be written, so that slow steps can be read while the run goes on. */
const WAIT_MS = 250;

/**
 * A trace at `path` with the column names `head`. Its memory does not grow with the rows. No file is made
 * before the first row; its name is `<path>.partial-<pid>` until the end.
 */
export function traceFile(path: string, head: readonly string[]): Trace {
  let file: GrowingFile | undefined;
  let failure: { readonly cause: unknown } | undefined;
  let waiting = csv(head, []);
  let [rows, looked] = [0, performance.now()];
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (cause) {
      failure ??= { cause };
    }
  };
  const write = (): void => {
    if (failure !== undefined) return;
    attempt(() => {
      file ??= openGrowing(path);
      file.append(waiting);
      waiting = '';
      looked = performance.now();
    });
  };
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
      attempt(() => file?.finish());
      if (failure !== undefined)
        throw new Error(`--trace: not all rows could be written: ${messageOf(failure.cause)}`, failure);
    },
  };
}

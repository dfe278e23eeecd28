import { linesAt, mend, type Lines, type Read } from './lines.js';
import { sealed } from './sealed.js';

/** A file of lines of a run that can be gone back in. */
export interface Ledger<T> extends Pick<Lines, 'flush' | 'close'> {
  /** Drops the rows that are not to be kept. */
  drop(keep: (row: T) => boolean): void;
  /** The last row. */
  last(): T | undefined;
  write(row: T): void;
  /** What was removed from the file as it was opened, in words. */
  readonly removed: string | undefined;
}

/** The file of lines at a path, mended. */
export function ledger<T>(path: string, read: Read<T>): Ledger<T> {
  const begun = mend(path, read);
  let { last } = begun;
  const lines = linesAt(path);
  return {
    flush: () => lines.flush(),
    close: () => lines.close(),
    drop(keep) {
      lines.close(); // the file may be replaced
      ({ last } = mend(path, read, keep));
    },
    last: () => last,
    write(row) {
      lines.append(sealed(JSON.stringify(row)));
      last = row;
    },
    removed:
      begun.problem === undefined
        ? undefined
        : `${begun.damaged} damaged ${begun.damaged === 1 ? 'line was' : 'lines were'} removed: ${begun.problem}`,
  };
}

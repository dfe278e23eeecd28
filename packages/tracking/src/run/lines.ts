import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { InputError, messageOf, parseJson } from '@stillpoint/operators';
import { settle, writePieces } from '../files/whole.js';
import { unsealed } from './sealed.js';

/** The longest line that is written and read, in bytes. */
const LIMIT = 2 ** 24;
const BLOCK = 2 ** 16;

/** Takes a line without its end, and its number from 1; undefined if it is too long or not UTF-8. */
type Visit = (line: string | undefined, number: number) => void;

/**
 * Visits each whole line of a file; a last one without its end, as a killed process leaves it, is not whole.
 * Memory does not grow with the file. A file that is missing has no lines.
 * @returns the bytes of the whole lines.
 */
function eachLine(path: string, visit: Visit): number {
  if (!existsSync(path)) return 0;
  const file = openSync(path, 'r');
  try {
    const [block, decoder] = [Buffer.alloc(BLOCK), new TextDecoder('utf-8', { fatal: true })];
    let [begun, length, whole, number]: [Buffer[], number, number, number] = [[], 0, 0, 0];
    const add = (piece: Buffer): void => {
      length += piece.length;
      if (length > LIMIT) begun = [];
      else begun.push(Buffer.from(piece));
    };
    const text = (): string | undefined => {
      if (length > LIMIT) return undefined;
      try {
        return decoder.decode(Buffer.concat(begun));
      } catch {
        return undefined;
      }
    };
    for (let size = 1; size > 0;) {
      size = readSync(file, block, 0, BLOCK, null);
      let start = 0;
      for (let end = block.indexOf(10); end >= 0 && end < size; end = block.indexOf(10, start)) {
        add(block.subarray(start, end));
        visit(text(), ++number);
        whole += length + 1;
        [begun, length, start] = [[], 0, end + 1];
      }
      add(block.subarray(start, size));
    }
    return whole;
  } finally {
    closeSync(file);
  }
}

/** How the lines of a file are read: each with its checksum, as JSON, then checked. */
export type Read<T> = (json: unknown) => T;

/** The line as what it says. @throws InputError if it says nothing that `read` takes. */
function parsed<T>(path: string, line: string | undefined, number: number, read: Read<T>): T {
  const owner = `${path}, line ${number}`;
  if (line === undefined) throw new InputError(`${owner} is longer than ${LIMIT} bytes or not UTF-8`);
  try {
    return read(parseJson(unsealed(line), 'it'));
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(`${owner}: ${cause.message}`, { cause }) : cause;
  }
}

/** Visits what each whole line of a file says. @throws InputError naming a line that says nothing. */
export function eachRow<T>(path: string, read: Read<T>, visit: (row: T) => void): void {
  eachLine(path, (line, number) => visit(parsed(path, line, number, read)));
}

/** What all whole lines of a file say. @throws InputError naming a line that says nothing. */
export function readRows<T>(path: string, read: Read<T>): T[] {
  const rows: T[] = [];
  eachRow(path, read, (row) => rows.push(row));
  return rows;
}

/** What {@link mend} found. */
export interface Mended<T> {
  readonly last: T | undefined;
  /** The first line that was removed because it said nothing, in words; undefined if there was none. */
  readonly problem: string | undefined;
  /** How many lines were removed for that reason. */
  readonly damaged: number;
}

/**
 * Removes from a file the rows that are not to be kept, lines that say nothing, and a last line that is not
 * whole. @throws Error if the file cannot be written; it is unchanged then.
 */
export function mend<T>(path: string, read: Read<T>, keep: (row: T) => boolean = () => true): Mended<T> {
  let [last, problem, damaged]: [T | undefined, string | undefined, number] = [undefined, undefined, 0];
  const dropped = new Set<number>();
  const whole = eachLine(path, (line, number) => {
    try {
      const row = parsed(path, line, number, read);
      if (keep(row)) last = row;
      else dropped.add(number);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      problem ??= cause.message;
      damaged++;
      dropped.add(number);
    }
  });
  if (dropped.size > 0)
    writePieces(path, (append) => {
      eachLine(path, (line, number) => {
        if (line !== undefined && !dropped.has(number)) append(`${line}\n`);
      });
    });
  // needs no room on a disk that is full, which is where parts of lines come from
  else if (existsSync(path) && statSync(path).size > whole) truncateSync(path, whole);
  return { last, problem, damaged };
}

/** A file of lines, for more. */
export interface Lines {
  /** Adds a line. @throws Error if it cannot be written; the file is then as before. */
  append(line: string): void;
  /** Flushes the lines to the disk. @throws Error if this fails. */
  flush(): void;
  /** Closes the file without flushing it. A further line opens it again. */
  close(): void;
}

/** A file of whole lines, which is opened, or made, for the first line that is added. */
export function linesAt(path: string): Lines {
  let file: { readonly handle: number; size: number } | undefined;
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw new Error(`${path} cannot be written: ${messageOf(cause)}`, { cause });
    }
  };
  const opened = (): { readonly handle: number; size: number } => {
    const isNew = !existsSync(path);
    const handle = openSync(path, 'a');
    if (isNew) settle(dirname(path));
    return { handle, size: fstatSync(handle).size };
  };
  return {
    append(line) {
      const bytes = Buffer.from(`${line}\n`);
      if (bytes.length > LIMIT)
        throw new InputError(`${path}: a line has ${bytes.length} bytes; expected at most ${LIMIT}`);
      attempt(() => {
        file ??= opened();
        try {
          for (let done = 0; done < bytes.length;) done += writeSync(file.handle, bytes, done);
        } catch (cause) {
          ftruncateSync(file.handle, file.size);
          throw cause;
        }
        file.size += bytes.length;
      });
    },
    flush() {
      const { handle } = file ?? {};
      if (handle !== undefined) attempt(() => fsyncSync(handle));
    },
    close() {
      const { handle } = file ?? {};
      file = undefined;
      if (handle !== undefined) closeSync(handle);
    },
  };
}

import { statSync } from 'node:fs';
import { InputError, messageOf, shortened, shown } from '@stillpoint/operators';

/** What is at a path: the part of Node's `Stats` that is needed, without Node's types. */
export interface Found {
  /** In bytes. */
  readonly size: number;
  /** Whether it is a regular file. */
  isFile(): boolean;
  /** Whether it is a folder. */
  isDirectory(): boolean;
}

/** Checks that a value is a path. @throws InputError if it is not. */
export function checkPath(what: string, path: string): void {
  if (typeof path !== 'string' || path === '')
    throw new InputError(`${what} ${shown(path)}; expected a file’s path`);
}

/**
 * Returns what is at a path that the user gave; undefined if nothing is. `what` names the path in the error.
 * @throws InputError if it cannot be read: a loop of links, a name that is too long, a folder without
 * permission.
 */
export function fileAt(what: string, path: string): Found | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new InputError(`${shortened(what)} cannot be accessed: ${messageOf(cause).slice(0, 120)}`, {
      cause,
    });
  }
}

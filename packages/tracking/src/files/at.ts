import { statSync } from 'node:fs';
import { InputError, messageOf, shortened, shown } from '@stillpoint/operators';

/** What lies at a path: the part of Node's `Stats` that is needed, without Node's types. */
export interface Found {
  /** In bytes. */
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** @throws InputError for what is no path. */
export function checkPath(what: string, path: string): void {
  if (typeof path !== 'string' || path === '')
    throw new InputError(`${what} ${shown(path)}; expected a file’s path`);
}

/**
 * What lies at a path the user gave; undefined where there is nothing. `what` names it in the error.
 * @throws InputError where it cannot be looked at: a loop of links, a name that is too long, a folder that
 * may not be read.
 */
export function fileAt(what: string, path: string): Found | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new InputError(`${shortened(what)} cannot be looked at: ${messageOf(cause).slice(0, 120)}`, {
      cause,
    });
  }
}

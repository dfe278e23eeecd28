import { statSync, type Stats } from 'node:fs';
import { InputError, messageOf, shortened, shown } from '@stillpoint/operators';

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
export function fileAt(what: string, path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new InputError(`${shortened(what)} cannot be accessed: ${messageOf(cause).slice(0, 120)}`, {
      cause,
    });
  }
}

import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { InputError, shown } from '@stillpoint/operators';

/**
 * Makes a folder and those above it that are missing; returns what it made, outermost first. The nearest one
 * that exists is looked at first: Node's own recursive mkdir never returns where that one takes no folders,
 * as /proc or /dev/fd.
 */
export function makeFolders(path: string): readonly string[] {
  if (typeof path !== 'string') throw new InputError(`folder ${shown(path)}; expected a folder’s path`);
  const missing: string[] = [];
  let at = normalize(path);
  for (; !statSync(at, { throwIfNoEntry: false }); at = dirname(at)) missing.unshift(at);
  if (!statSync(at).isDirectory()) throw new Error(`${at} is no folder`);
  for (const [i, folder] of missing.entries()) {
    try {
      mkdirSync(folder);
    } catch (error) {
      discardFolders(missing.slice(0, i));
      throw error;
    }
  }
  return missing;
}

/** Takes back folders that were made, as long as they are empty. */
export function discardFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

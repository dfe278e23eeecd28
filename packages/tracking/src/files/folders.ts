import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { InputError, shown } from '@stillpoint/operators';

/**
 * Whether there is anything at a path. Below a file there is nothing; Node 20 throws there, later versions do
 * not.
 */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

/**
 * Makes a folder and the missing folders above it; returns what it made, outermost first. The nearest folder
 * that exists is checked first: Node's own recursive mkdir never returns if that one accepts no folders, as
 * /proc or /dev/fd. @throws Error if a folder cannot be made; then none is left.
 */
export function makeFolders(path: string): readonly string[] {
  if (typeof path !== 'string') throw new InputError(`folder ${shown(path)}; expected a folder’s path`);
  const missing: string[] = [];
  let at = normalize(path);
  for (; !isThere(at); at = dirname(at)) missing.unshift(at);
  if (!statSync(at).isDirectory()) throw new Error(`${at} is no folder`);
  const made: string[] = [];
  for (const folder of missing) {
    try {
      mkdirSync(folder);
      made.push(folder);
    } catch (error) {
      // another process may have made it meanwhile, as the trials of a comparison do
      if (isTaken(error) && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
      discardFolders(made);
      throw error;
    }
  }
  return made;
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Removes folders that `makeFolders` made, innermost first, as long as they are empty. */
export function discardFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

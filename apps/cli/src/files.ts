import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, normalize, resolve } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { fileAt } from './file-at.js';

/** Where a file is written before it takes its place. */
export const partialOf = (path: string): string => `${path}.partial-${process.pid}`;
/** Where a path leads: through links, so that a link stays one. */
export const target = (path: string): string =>
  statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : resolve(path);

/** Checks, before any work, that a file can be written where the user wants it. */
export function checkWritable(flag: string, path: string): void {
  const folder = dirname(resolve(path));
  if (path === '' || !fileAt(`${flag} ${path}`, folder)?.isDirectory())
    throw new InputError(
      `${flag} "${path}": ${path === '' ? 'expected a file’s path' : `there is no folder ${folder}`}`,
    );
  const there = fileAt(`${flag} ${path}`, path);
  if (there !== undefined && !there.isFile())
    throw new InputError(
      `${flag} ${path} is ${there.isDirectory() ? 'a folder' : 'no regular file'}; expected a file's path`,
    );
  probe(flag, target(path));
}

function probe(flag: string, path: string): void {
  try {
    writeFileSync(partialOf(path), '');
    rmSync(partialOf(path));
  } catch (cause) {
    throw new InputError(`${flag} ${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Makes a folder and those above it that are missing; returns what it made, outermost first. The nearest one
 * that exists is looked at first: Node's own recursive mkdir never returns where that one takes no folders,
 * as /proc or /dev/fd.
 */
export function makeFolders(path: string): readonly string[] {
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

/**
 * Waits until the names in a folder are on the disk. Windows and some file systems refuse this for a folder:
 * its files are whole all the same.
 */
function settle(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch {
    return;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/**
 * Writes files whole, all or none as far as renaming allows: a crash leaves each file as it was or as it
 * becomes, perhaps some old beside some new, and perhaps a partial file beside them.
 */
export function writeWhole(files: { readonly [path: string]: string | Uint8Array }): void {
  const paths = Object.keys(files).map((path) => [target(path), files[path] ?? ''] as const);
  try {
    for (const [path, content] of paths) writeFileSync(partialOf(path), content, { flush: true });
    for (const [path] of paths) renameSync(partialOf(path), path);
    for (const folder of new Set(paths.map(([path]) => dirname(path)))) settle(folder);
  } catch (cause) {
    for (const [path] of paths) rmSync(partialOf(path), { force: true });
    throw new Error(`${Object.keys(files).join(', ')} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError, messageOf, shown } from '@stillpoint/operators';
import { checkPath, fileAt } from './at.js';

/** Where a file is written before it takes its place. */
export const partialOf = (path: string): string => `${path}.partial-${process.pid}`;

/** The name that a partial file was to take; any other name as it is. */
export const wholeName = (name: string): string => name.replace(/\.partial-\d+$/, '');

/** Where a path leads: through links, also to where nothing is yet, so that a link stays one. */
export function target(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })) return realpathSync(path);
  if (!lstatSync(path, { throwIfNoEntry: false })) return resolve(path);
  return target(resolve(realpathSync(dirname(path)), readlinkSync(path))); // a loop of links: statSync throws
}

/**
 * Opens the partial file of `path`, which leads through no link. A file that is replaced keeps its
 * permissions.
 */
export function openPartial(path: string): number {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  const file = openSync(partialOf(path), 'w', mode === undefined ? undefined : mode & 0o777);
  if (mode !== undefined) fchmodSync(file, mode & 0o777);
  return file;
}

/**
 * Waits until the names in a folder are on the disk. Windows and some file systems refuse this for a folder:
 * its files are whole all the same.
 */
export function settle(folder: string): void {
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
 * Checks, before any work, that a file can be written where the user wants it. `what` names the path in the
 * errors: an option of a command line. @throws InputError where it cannot.
 */
export function checkWritable(what: string, path: string): void {
  checkPath(what, path);
  const folder = dirname(resolve(path));
  if (!fileAt(`${what} ${path}`, folder)?.isDirectory())
    throw new InputError(`${what} "${path}": there is no folder ${folder}`);
  const there = fileAt(`${what} ${path}`, path);
  if (there !== undefined && !there.isFile())
    throw new InputError(
      `${what} ${path} is ${there.isDirectory() ? 'a folder' : 'no regular file'}; expected a file's path`,
    );
  try {
    const partial = partialOf(target(path));
    writeFileSync(partial, '');
    rmSync(partial);
  } catch (cause) {
    throw new InputError(`${what} ${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

function writePartial(path: string, content: string | Uint8Array): void {
  const file = openPartial(path);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes files whole, all or none as far as renaming allows: a crash leaves each file as it was or as it
 * becomes, perhaps some old beside some new, and perhaps a partial file beside them.
 * @throws Error that names the files, after which no partial file is left.
 */
export function writeWhole(files: { readonly [path: string]: string | Uint8Array }): void {
  if (typeof files !== 'object' || files === null)
    throw new InputError(`the files are ${shown(files)}; expected an object, as { [path]: content }`);
  for (const [path, content] of Object.entries(files)) {
    checkPath('file', path);
    if (typeof content !== 'string' && !(content instanceof Uint8Array))
      throw new InputError(`${path}: the content is ${shown(content)}; expected text or a Uint8Array`);
  }
  const at = new Map<string, string | Uint8Array>();
  try {
    for (const [path, content] of Object.entries(files)) {
      const place = target(path);
      if (at.has(place)) throw new Error(`two of them are ${place}`);
      if (statSync(place, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${place} is a folder`);
      at.set(place, content);
    }
    for (const [path, content] of at) writePartial(path, content);
    for (const path of at.keys()) renameSync(partialOf(path), path);
    for (const folder of new Set(Array.from(at.keys(), dirname))) settle(folder);
  } catch (cause) {
    for (const path of at.keys()) rmSync(partialOf(path), { force: true });
    throw new Error(`${Object.keys(files).join(', ')} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

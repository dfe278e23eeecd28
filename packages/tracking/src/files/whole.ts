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

/** The name of a file until it is whole. */
export const partialOf = (path: string): string => `${path}.partial-${process.pid}`;

/** The name that a partial file was to have; any other name unchanged. */
export const wholeName = (name: string): string => name.replace(/\.partial-\d+$/, '');

/** The path without links, also if it leads to no file yet: writing there leaves a link in its place. */
export function target(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })) return realpathSync(path);
  if (!lstatSync(path, { throwIfNoEntry: false })) return resolve(path);
  return target(resolve(realpathSync(dirname(path)), readlinkSync(path))); // a loop of links: statSync throws
}

/**
 * Opens the partial file of `path`, which must be free of links. A file that is replaced keeps its
 * permissions.
 */
export function openPartial(path: string): number {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  const file = openSync(partialOf(path), 'w', mode === undefined ? undefined : mode & 0o777);
  if (mode !== undefined) fchmodSync(file, mode & 0o777);
  return file;
}

/**
 * Waits until the names in a folder are on the disk. Windows and some file systems refuse this for folders;
 * the files themselves are whole nevertheless.
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
 * Checks, before any work, that a file can be written at a path. `what` names the path in errors, as a flag
 * of a command line. @throws InputError if it cannot.
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
 * Writes a file piece by piece, such that it is old or new but never a mixture; memory does not grow with the
 * file. @throws Error that names the file if it cannot be written, or what `write` throws by itself; no
 * partial file is left then.
 */
export function writePieces(
  path: string,
  write: (append: (piece: string | Uint8Array) => void) => void,
): void {
  const refused = (cause: unknown): Error =>
    new Error(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw refused(cause);
    }
  };
  const at = attempt(() => target(path));
  try {
    const file = attempt(() => openPartial(at));
    try {
      write((piece) => attempt(() => writeFileSync(file, piece)));
      attempt(() => fsyncSync(file));
    } finally {
      closeSync(file);
    }
    attempt(() => renameSync(partialOf(at), at));
    settle(dirname(at));
  } catch (cause) {
    rmSync(partialOf(at), { force: true });
    throw cause;
  }
}

/**
 * Writes files, given as content by path, such that each is old or new but never a mixture. A crash may leave
 * some files old and others new, and a partial file beside them. @throws Error that names the files if one
 * cannot be written; no partial file is left then.
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

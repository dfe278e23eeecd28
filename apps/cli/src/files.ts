import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';

/** Checks, before any work, that a file can be written where the user wants it. */
export function checkWritable(flag: string, path: string): void {
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new InputError(`${flag} ${path}: there is no folder ${folder}`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new InputError(`${flag} ${path} is a folder; expected a file's path`);
}

/** Makes a folder for results, or says why it cannot. */
export function makeFolder(flag: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`${flag} ${path} cannot be made: ${messageOf(cause)}`, { cause });
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const partial = `${path}.partial-${process.pid}`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new InputError(`${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

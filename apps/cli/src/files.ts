import { mkdirSync, realpathSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';
import { fileAt } from './file-at.js';

const partialOf = (path: string): string => `${path}.partial-${process.pid}`;
/** Where a path leads: through links, so that a link stays one. */
const target = (path: string): string => (statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : resolve(path));

/** Checks, before any work, that a file can be written where the user wants it. */
export function checkWritable(flag: string, path: string): void {
  const folder = dirname(resolve(path));
  if (path === '' || !fileAt(`${flag} ${path}`, folder)?.isDirectory()) throw new InputError(`${flag} "${path}": ${path === '' ? 'expected a file’s path' : `there is no folder ${folder}`}`);
  const there = fileAt(`${flag} ${path}`, path);
  if (there !== undefined && !there.isFile()) throw new InputError(`${flag} ${path} is ${there.isDirectory() ? 'a folder' : 'no regular file'}; expected a file's path`);
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

/** Makes a folder for results and checks that they can be written there. `discard` takes back what was made, as long as it is empty. */
export function makeFolder(flag: string, path: string, names: readonly string[]): { discard(): void } {
  let made: string | undefined;
  const discard = (): void => {
    if (made === undefined) return;
    for (let folder = resolve(path); folder.startsWith(made); folder = dirname(folder)) {
      try {
        rmdirSync(folder);
      } catch {
        return;
      }
    }
  };
  try {
    made = mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`${flag} ${path} cannot be made: ${messageOf(cause)}`, { cause });
  }
  try {
    for (const name of names) checkWritable(flag, join(path, name));
  } catch (error) {
    discard();
    throw error;
  }
  return { discard };
}

/** Writes files whole, all or none. */
export function writeWhole(files: { readonly [path: string]: string | Uint8Array }): void {
  const paths = Object.keys(files).map((path) => [target(path), files[path] ?? ''] as const);
  try {
    for (const [path, content] of paths) writeFileSync(partialOf(path), content);
    for (const [path] of paths) renameSync(partialOf(path), path);
  } catch (cause) {
    for (const [path] of paths) rmSync(partialOf(path), { force: true });
    throw new Error(`${Object.keys(files).join(', ')} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

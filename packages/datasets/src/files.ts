// The access to Node's files. Other modules import this one only when they first need a file, so that a
// browser can import the package.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the embedded files. The relative path is the same from `src` and from `dist`. */
export const embeddedFolder: string = fileURLToPath(new URL('../data/fashion-mnist', import.meta.url));

/** An environment variable; undefined if it is not set or empty. */
export const variable = (name: string): string | undefined => process.env[name] || undefined;

/** The path of `name` in a folder, gzipped or plain; undefined if there is neither. */
export const pathOf = (folder: string, name: string): string | undefined =>
  [join(folder, `${name}.gz`), join(folder, name)].find((path) =>
    statSync(path, { throwIfNoEntry: false })?.isFile(),
  );

export const read = (path: string): Promise<Uint8Array> => readFile(path);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

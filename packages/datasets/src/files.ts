// The only file that knows Node. Others import it when they first need a file, so that a browser can import the package.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { InputError } from '@stillpoint/operators';

/** Where the embedded files lie: the same step up from `src` and from `dist`. */
export const embeddedFolder: string = fileURLToPath(new URL('../data/fashion-mnist', import.meta.url));

/** An environment variable; undefined if it is not set or empty. */
export const variable = (name: string): string | undefined => process.env[name] || undefined;

/** The path of `name` in a folder, gzipped or plain; undefined if there is neither. */
export const pathOf = (folder: string, name: string): string | undefined =>
  [join(folder, `${name}.gz`), join(folder, name)].find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());

export const read = (path: string): Promise<Uint8Array> => readFile(path);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Uncompresses gzip bytes. Throws InputError, with the name, for corrupt or truncated ones and for bytes after the end. */
export function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  const corrupt = (why: string, cause?: unknown): InputError =>
    new InputError(`${name}: found corrupt gzip data (${why}); expected one complete gzip file of ${bytes.length} bytes`, { cause });
  let content: Uint8Array;
  try {
    content = gunzipSync(bytes);
  } catch (error) {
    throw corrupt(error instanceof Error ? error.message : String(error), error);
  }
  // zlib ignores what follows the last member; the file must end in the length of what it holds (RFC 1952, ISIZE).
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.byteLength - 4, true);
  if (size !== content.length % 2 ** 32) throw corrupt(`it ends in the length ${size}, but holds ${content.length} bytes: extra bytes at the end?`);
  return content;
}

// The access to Node's files. Other modules import this one only when they first need a file, so that a
// browser can import the package.
import { readFile } from 'node:fs/promises';
import { InputError, messageOf } from '@stillpoint/operators';

/** The bytes of the classifier's weights. The relative path is the same from `src` and from `dist`. */
export const classifierWeights = (): Promise<Uint8Array> =>
  readFile(new URL('../../data/fashion-classifier.safetensors', import.meta.url));

/** The bytes of a file. @throws InputError for one that cannot be read. */
export async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}

// The access to Node's files. Other modules import this one only when they first need a file, so that a
// browser can import the package.
import { readFile } from 'node:fs/promises';

/** The bytes of the classifier's weights. The relative path is the same from `src` and from `dist`. */
export const classifierWeights = (): Promise<Uint8Array> =>
  readFile(new URL('../../data/fashion-classifier.safetensors', import.meta.url));

/** The bytes of a file. */
export const bytesOf = (path: string): Promise<Uint8Array> => readFile(path);

// The access to Node's modules, by a function instead of imports: a bundler for a page refuses an import of
// `node:fs`, even one that never runs.
import { InputError, messageOf } from '@stillpoint/operators';

/** A Node module that is built in; undefined in a page, which has no process or a substitute for it. */
const node = (): typeof globalThis.process | undefined => {
  const found: typeof globalThis.process | undefined = globalThis.process;
  return found?.getBuiltinModule === undefined ? undefined : found;
};

/** The bytes of the classifier's weights. The relative path is the same from `src` and from `dist`. */
export async function classifierWeights(): Promise<Uint8Array> {
  const here = node();
  if (here === undefined)
    throw new InputError(
      'fashion-classifier: found no Node here, which reads the weights; expected the option weights: in a page, fetch the file data/fashion-classifier.safetensors of this package and give its bytes',
    );
  const [{ readFile }, path, url] = [
    here.getBuiltinModule('node:fs/promises'),
    here.getBuiltinModule('node:path'),
    here.getBuiltinModule('node:url'),
  ];
  const folder = path.dirname(url.fileURLToPath(import.meta.url));
  return readFile(path.join(folder, '..', '..', 'data', 'fashion-classifier.safetensors'));
}

/** The bytes of a file. @throws InputError for one that cannot be read, and in a page. */
export async function bytesOf(path: string): Promise<Uint8Array> {
  const here = node();
  if (here === undefined)
    throw new InputError(`cannot read ${path}: found no Node here; expected the bytes of the file`);
  try {
    return await here.getBuiltinModule('node:fs/promises').readFile(path);
  } catch (cause) {
    throw new InputError(`cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}

// The access to Node's modules. They are fetched when they are first needed, by a function instead of
// imports: a bundler for a page refuses an import of `node:fs`, even one that never runs.
import { InputError, shown } from '@stillpoint/operators';
import type { NamedBytes } from './cifar.js';

/** Node's modules that read files. @throws InputError where there is no Node; `what` names what was read. */
function nodeFor(what: string) {
  // a page has no process, or a substitute without this function
  const node = globalThis.process;
  if (node?.getBuiltinModule === undefined)
    throw new InputError(
      `${what}: found no Node here; expected Node 20.19 or later, whose modules read and unpack files. In a page, fetch the bytes, unpack them with DecompressionStream, and give them to parseIdx and imageSet`,
    );
  return {
    crypto: node.getBuiltinModule('node:crypto'),
    fs: node.getBuiltinModule('node:fs'),
    path: node.getBuiltinModule('node:path'),
    url: node.getBuiltinModule('node:url'),
    zlib: node.getBuiltinModule('node:zlib'),
  };
}

/** The folder of the embedded files. The relative path is the same from `src` and from `dist`. */
export function embeddedFolder(): string {
  const { path, url } = nodeFor('fashion-mnist');
  return path.join(path.dirname(url.fileURLToPath(import.meta.url)), '..', 'data', 'fashion-mnist');
}

/** An environment variable; undefined if it is not set or empty. */
export const variable = (name: string): string | undefined => globalThis.process?.env[name] || undefined;

/** The path of `name` in a folder, gzipped or plain; undefined if there is neither. */
export function pathOf(folder: string, name: string): string | undefined {
  const { fs, path } = nodeFor(folder);
  return [path.join(folder, `${name}.gz`), path.join(folder, name)].find((file) =>
    fs.statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

export const read = (path: string): Promise<Uint8Array> => nodeFor(path).fs.promises.readFile(path);

/**
 * The bytes of files, each with its path as name, in the given order. Node only; in a page, fetch the bytes.
 * Rejects with InputError for a file that is not there or cannot be read.
 */
export async function readFiles(...paths: readonly string[]): Promise<readonly NamedBytes[]> {
  const files: NamedBytes[] = [];
  for (const path of paths) {
    if (typeof path !== 'string' || path === '')
      throw new InputError(`readFiles: found ${shown(path)}; expected the path of a file`);
    try {
      files.push({ name: path, bytes: await read(path) });
    } catch (error) {
      if (error instanceof InputError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new InputError(`${path}: cannot be read (${why}); expected a file`, { cause: error });
    }
  }
  return files;
}

/** Which names of files are read, and which of those that are not are an error. */
interface Names {
  readonly taken: RegExp;
  readonly refused: RegExp;
}

/**
 * The files of a folder and of the folders in it, whose names then begin with the folder's and a slash. Names
 * that begin with a dot are passed over. @throws InputError for what cannot be read, for refused names, and
 * for folders in folders of it.
 */
export async function* filesIn(folder: string, names: Names, prefix = ''): AsyncGenerator<NamedBytes> {
  const { fs, path } = nodeFor(folder);
  const tried = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new InputError(`${what}: cannot be read (${why}); expected a folder of files`, { cause: error });
    }
  };
  for (const name of await tried(folder, fs.promises.readdir(folder))) {
    if (name.startsWith('.')) continue;
    const place = path.join(folder, name);
    const status = await tried(place, fs.promises.stat(place));
    if (status.isDirectory()) {
      if (prefix !== '')
        throw new InputError(
          `${place}: found a folder in a folder of a folder; expected one level of folders`,
        );
      yield* filesIn(place, names, `${name}/`);
      continue;
    }
    if (names.refused.test(name))
      throw new InputError(
        `${place}: found an image of another kind; expected PNG or JPEG: convert or remove it`,
      );
    if (!names.taken.test(name)) continue;
    if (!status.isFile()) throw new InputError(`${place}: found no regular file; expected one`);
    yield { name: prefix + name, bytes: await tried(place, read(place)) };
  }
}

export const sha256 = (bytes: Uint8Array): string =>
  nodeFor('SHA-256').crypto.createHash('sha256').update(bytes).digest('hex');

/** Node's module that unpacks; `what` names what was to be unpacked. */
export const zlibFor = (what: string): typeof import('node:zlib') => nodeFor(what).zlib;

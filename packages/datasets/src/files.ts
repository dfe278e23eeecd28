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

/** The folder of a data set's embedded files. The relative path is the same from `src` and from `dist`. */
export function embeddedFolder(name: string): string {
  const { path, url } = nodeFor(name);
  return path.join(path.dirname(url.fileURLToPath(import.meta.url)), '..', 'data', name);
}

/** An environment variable; undefined if it is not set or empty. */
export const variable = (name: string): string | undefined => globalThis.process?.env[name] || undefined;

/** Whether a file is there. What cannot be looked at counts as missing, such as a path through a file. */
function isFile(path: string): boolean {
  try {
    return nodeFor(path).fs.statSync(path).isFile();
  } catch (error) {
    if (error instanceof InputError) throw error;
    return false;
  }
}

/** The path of `name` in a folder, gzipped or plain; undefined if there is neither. */
export function pathOf(folder: string, name: string): string | undefined {
  const { path } = nodeFor(folder);
  return [path.join(folder, `${name}.gz`), path.join(folder, name)].find(isFile);
}

/** Waits for work on a path. @throws InputError in place of Node's errors. */
async function tried<T>(path: string, expected: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`${path}: cannot be read (${why}); expected ${expected}`, { cause: error });
  }
}

/** The most bytes that Node reads from a file at once, and the most that a folder of images may hold. */
export const LARGEST: number = 2 ** 31 - 1;

/**
 * The bytes of a file. @throws InputError for what is no regular file (a pipe would wait for ever, a device
 * may have no end) or too large, before anything is read, and for what cannot be read.
 */
export function read(path: string): Promise<Uint8Array> {
  const { fs } = nodeFor(path);
  return tried(path, 'a file', async () => {
    const status = await fs.promises.stat(path);
    if (!status.isFile())
      throw new InputError(
        `${path}: found ${status.isDirectory() ? 'a folder' : 'no regular file'}; expected a file`,
      );
    if (status.size > LARGEST)
      throw new InputError(`${path}: found ${status.size} bytes; expected ${LARGEST} at most`);
    return fs.promises.readFile(path);
  });
}

/** The last part of a path. */
export const baseOf = (path: string): string => nodeFor(path).path.basename(path);

/** A path in a folder. */
export const within = (folder: string, ...names: readonly string[]): string =>
  nodeFor(folder).path.join(folder, ...names);

/**
 * The bytes of files, each with its path as name, in the given order. Node only; in a page, fetch the bytes.
 * Rejects with InputError for a file that is not there or cannot be read.
 */
export async function readFiles(...paths: readonly string[]): Promise<readonly NamedBytes[]> {
  const files: NamedBytes[] = [];
  for (const path of paths) {
    if (typeof path !== 'string' || path === '')
      throw new InputError(`readFiles: found ${shown(path)}; expected the path of a file`);
    files.push({ name: path, bytes: await read(path) });
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
  const { files, folders } = await listOf(folder);
  for (const name of files) {
    const place = within(folder, name);
    if (names.refused.test(name))
      throw new InputError(
        `${place}: found an image of another kind; expected PNG or JPEG: convert or remove it`,
      );
    if (names.taken.test(name)) yield { name: prefix + name, bytes: await read(place) };
  }
  for (const name of folders) {
    const place = within(folder, name);
    if (prefix !== '')
      throw new InputError(`${place}: found a folder in a folder of a folder; expected one level of folders`);
    yield* filesIn(place, names, `${name}/`);
  }
}

/** What a folder holds, by name, sorted; names that begin with a dot are left out. */
export interface Listing {
  /** All but folders. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What a path is. Links are followed. */
export type Place =
  | { readonly kind: 'file' | 'folder' }
  /** `near` are the names in the folder where it should be. */
  | { readonly kind: 'missing'; readonly near: readonly string[] };

/** What is at a path. @throws InputError for what cannot be looked at, as a loop of links. */
export async function placeOf(path: string): Promise<Place> {
  const { fs, path: paths } = nodeFor(path);
  return tried(path, 'a file or a folder', async () => {
    try {
      return { kind: (await fs.promises.stat(path)).isDirectory() ? 'folder' : 'file' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') throw error;
      const near = await fs.promises.readdir(paths.dirname(path)).catch(() => []);
      return { kind: 'missing', near };
    }
  });
}

/** Lists a folder. @throws InputError for what cannot be read, as a loop of links. */
export async function listOf(folder: string): Promise<Listing> {
  const { fs, path } = nodeFor(folder);
  const [files, folders]: [string[], string[]] = [[], []];
  const entries = await tried(folder, 'a folder of files', () =>
    fs.promises.readdir(folder, { withFileTypes: true }),
  );
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const place = path.join(folder, entry.name);
    const isFolder = entry.isSymbolicLink()
      ? (await tried(place, 'a file or a folder', () => fs.promises.stat(place))).isDirectory()
      : entry.isDirectory();
    (isFolder ? folders : files).push(entry.name);
  }
  return { files: files.toSorted(), folders: folders.toSorted() };
}

export const sha256 = (bytes: Uint8Array): string =>
  nodeFor('SHA-256').crypto.createHash('sha256').update(bytes).digest('hex');

/** Node's module that unpacks; `what` names what was to be unpacked. */
export const zlibFor = (what: string): typeof import('node:zlib') => nodeFor(what).zlib;

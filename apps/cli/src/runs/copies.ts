import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModuleSource } from '@stillpoint/experiments';
import { InputError, parseJson } from '@stillpoint/operators';
import {
  fileAt,
  hashesOf,
  moduleDifference,
  moduleFiles,
  type ModuleFile,
  type ModuleHashes,
} from '@stillpoint/tracking/files';
import { say } from '../say.js';

// A run keeps a copy of a user's file: problem.mjs. If that imports others by paths, the copies of all are in
// the folder problem, in the same places to each other, and problem.json says which of them is the file.

/** What a run calls its copies of a user's files. */
export type Copied = 'problem' | 'method';

/** The file in the folder of a run that says which of the copies is the user's file. */
const listOf = (what: Copied): string => `${what}.json`;

/** How many folders above the user's file a place begins. */
const above = (place: string): number => place.split('/').findLastIndex((part) => part === '..') + 1;

/** The copies of a user's file, and of what it imports, as files of a run. */
export async function copyOf(
  file: string,
  what: Copied,
): Promise<{ readonly [name: string]: string | Uint8Array }> {
  const [main, ...imported] = await moduleFiles(resolve(file));
  if (main?.content === undefined) throw new InputError(`there is no file ${file}`);
  const here = imported.filter(({ content, place }) => content !== undefined && !isAbsolute(place));
  const link = here.find(({ linked }) => linked);
  if (link !== undefined)
    throw new InputError(
      `${link.place}, which ${file} imports, is a link to ${link.path}, which imports others beside it, so that a run cannot keep copies in the same places; expected a file in the place of the link`,
    );
  if (here.length === 0) return { [`${what}${extname(main.path)}`]: main.content };
  const up = Math.max(...here.map(({ place }) => above(place)));
  const folders = up === 0 ? [] : dirname(main.path).split(sep).slice(-up);
  const at = ({ place }: ModuleFile): string => posix.normalize([...folders, place].join('/'));
  return {
    [listOf(what)]: `${JSON.stringify({ main: at(main) }, undefined, 2)}\n`,
    ...Object.fromEntries(
      [main, ...here].map((one) => [`${what}/${at(one)}`, one.content ?? new Uint8Array(0)]),
    ),
  };
}

/** The copy of a user's file in a run directory; undefined if there is none. */
function copyIn(path: string, what: Copied): string | undefined {
  const alone = ['.mjs', '.js', '.cjs', '.mts', '.ts', '.cts']
    .map((ending) => join(path, `${what}${ending}`))
    .find((file) => existsSync(file));
  const list = join(path, listOf(what));
  if (alone !== undefined || !existsSync(list)) return alone;
  const { main }: { readonly main?: unknown } = Object(parseJson(readFileSync(list, 'utf8'), list));
  if (typeof main !== 'string' || !existsSync(join(path, what, main)))
    throw new InputError(`${list} should name a file in ${join(path, what)}, but is damaged`);
  return join(path, what, main);
}

/** The hashes of a file and of what it imports; undefined if it is not there or cannot be read. */
async function hashesAt(file: string): Promise<ModuleHashes | undefined> {
  if (!fileAt(file, file)?.isFile()) return undefined;
  return moduleFiles(file).then(hashesOf, (cause: unknown) => {
    if (cause instanceof InputError) return undefined;
    throw cause;
  });
}

/**
 * Where a user's file of a run is found: the file itself if it and what it imports are unchanged, since it
 * finds its packages there, and the copy in the run directory otherwise.
 */
export async function fileFor(path: string, file: string, what: Copied): Promise<ModuleSource> {
  const copy = copyIn(path, what);
  const own = resolve(file);
  const there = fileAt(file, own)?.isFile() === true;
  const now = await hashesAt(own);
  const then = copy === undefined ? now : await hashesAt(copy);
  const differs = now && then ? moduleDifference(now, then) : 'it cannot be read';
  const found = there && differs === undefined ? own : copy;
  if (there && copy !== undefined && differs !== undefined)
    say(
      `Note: ${file} is not the file with which ${path} began (what differs: ${differs}); the copy in the run, ${relative(path, copy)}, is used.\n`,
    );
  if (found === undefined)
    throw new InputError(
      `${path} has no copy of ${file}, and there is no ${file} here; expected one of them`,
    );
  return { module: pathToFileURL(resolve(found)).href, name: file };
}

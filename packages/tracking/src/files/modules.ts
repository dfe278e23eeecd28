import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError, messageOf } from '@stillpoint/operators';

/** A file of a module: the module's own, or one that it imports, directly or through others. */
export interface ModuleFile {
  /**
   * Where it is from the module's folder, with slashes: `helper.mjs`, `../lib/data.json`. The whole path if
   * an import names that.
   */
  readonly place: string;
  /** Where its content is: after links. */
  readonly path: string;
  /** Undefined if there is no such file: an `import('./optional.mjs')` may do without. */
  readonly content: Uint8Array | undefined;
  /** Whether it is a link, or in a folder that is one, and imports others from the place that it leads to. */
  readonly linked: boolean;
}

/** The names of files that may import others; any other file is only read. */
const CODE = /\.[mc]?[jt]s$/;

/** What a file imports by a path: static imports, `export … from`, and `import('…')` of a literal. */
type ImportsOf = (path: string, content: Uint8Array) => readonly string[];

async function lexer(): Promise<ImportsOf> {
  const { init, parse } = await import('es-module-lexer');
  await init;
  return (path, content) => {
    try {
      const [imports] = parse(new TextDecoder().decode(content), path);
      return imports.flatMap(({ n }) => (n !== undefined && /^(\.\.?\/|\/|file:)/.test(n) ? [n] : []));
    } catch (cause) {
      throw new InputError(
        `what ${path} imports cannot be read: ${messageOf(cause)}; expected JavaScript (of TypeScript not all is understood)`,
        { cause },
      );
    }
  };
}

/** The path to which an import leads; undefined if it is none, as `./a%2Fb.mjs`, which Node refuses. */
function pathOf(specifier: string, from: string): string | undefined {
  try {
    return fileURLToPath(new URL(specifier, pathToFileURL(from)));
  } catch {
    return undefined;
  }
}

/** The file at a path, after links; undefined if there is none. @throws InputError if it cannot be read. */
function fileAfterLinks(path: string): { readonly real: string; readonly content: Uint8Array } | undefined {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    return { real: realpathSync(path), content: readFileSync(path) };
  } catch (cause) {
    // below a file there is nothing; Node 20 throws there
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') return undefined;
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The files of a module, its own first, each once: what it imports by paths, and what these import. Packages,
 * names beginning with `#`, what `require` loads and what a file reads by itself are left out.
 * @throws InputError if the module, or a file that it imports, cannot be read.
 */
export async function moduleFiles(path: string): Promise<readonly ModuleFile[]> {
  const importsOf = await lexer();
  const main = fileAfterLinks(path);
  if (main === undefined) throw new InputError(`there is no file ${path}; expected a module`);
  const folder = dirname(main.real);
  const found = new Map<string, ModuleFile>();
  const waiting = [{ at: main.real, whole: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, whole } = next;
    const place = whole ? at : relative(folder, at).replaceAll('\\', '/');
    if (found.has(place)) continue;
    const there = fileAfterLinks(at);
    const imports = there !== undefined && CODE.test(at) ? importsOf(there.real, there.content) : [];
    found.set(place, {
      place,
      path: there?.real ?? at,
      content: there?.content,
      linked: there !== undefined && there.real !== at && imports.length > 0,
    });
    for (const specifier of imports.toReversed()) {
      const to = pathOf(specifier, there?.real ?? at);
      if (to !== undefined) waiting.push({ at: to, whole: whole || !specifier.startsWith('.') });
    }
  }
  return [...found.values()];
}

/** Hashes of a module's files by their places, in the order of these; null for a file that is not there. */
export type ModuleHashes = { readonly [place: string]: string | null };

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The place of the module itself, whatever the name of its file. */
const ITSELF = 'itself';

/** The hashes of the files that `moduleFiles` returns. The module's own has the place `itself`. */
export const hashesOf = (files: readonly ModuleFile[]): ModuleHashes =>
  Object.fromEntries(
    files
      .map(({ place, content }, i): readonly [string, string | null] => [
        i === 0 ? ITSELF : place,
        content === undefined ? null : sha256(content),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** One hash of all files of a module: another as soon as one of them changes, the same in another folder. */
export const moduleHash = (hashes: ModuleHashes): string => sha256(JSON.stringify(hashes));

/** The first place in which the files of a module differ from those that are expected, in words. */
export function moduleDifference(found: ModuleHashes, expected: ModuleHashes): string | undefined {
  const place = Object.keys({ ...expected, ...found }).find((name) => found[name] !== expected[name]);
  return place === ITSELF ? 'the file itself' : place && `${place}, which it imports`;
}

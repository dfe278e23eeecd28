import { fileURLToPath } from 'node:url';
import type { EngineName } from '@stillpoint/engine';
import { InputError } from '@stillpoint/operators';
import { hashesOf, moduleFiles, moduleHash, type ModuleHashes } from '@stillpoint/tracking/files';
import type { GameSource } from './game-source.js';
import type { MethodSource } from './method-source.js';
import type { Trial } from './trial.js';

/** Where a process finds what a file of the user's exports. */
export interface ModuleSource {
  /** The file's URL. */
  readonly module: string;
  /** What messages call it. */
  readonly name: string;
  /**
   * The hash of the file with what it imports by paths, as `moduleHash` returns it: a process that finds
   * others refuses. Default: whatever is there.
   */
  readonly files?: string;
  /**
   * What computes a problem for which the file names no engine: `auto` may be another elsewhere, with other
   * numbers. A process that finds another engine in use refuses.
   */
  readonly engine?: EngineName;
}

const isModule = <S extends GameSource | MethodSource>(source: S): source is S & ModuleSource =>
  typeof source === 'object' && 'module' in source;

/** The files of the user's that a trial runs. */
export function modulesOf(trial: Trial): readonly ModuleSource[] {
  const sources = [
    ...(trial.kind === 'gan' || (trial.kind === 'problem' && trial.problem === null)
      ? []
      : [trial.kind === 'problem' ? trial.problem : trial.game]),
    ...(trial.kind === 'field' ? [] : [trial.method]),
  ];
  return sources.filter((source) => source !== null).filter(isModule);
}

/** Hashes of a file and of what it imports, as they are now. */
export const filesOf = async ({ module }: Pick<ModuleSource, 'module'>): Promise<ModuleHashes> =>
  hashesOf(await moduleFiles(fileURLToPath(module)));

const hashNow = async (source: ModuleSource): Promise<string> => moduleHash(await filesOf(source));

/** A source with the hash of its files as they are now, unless it has one; what is no file is unchanged. */
export const withFiles = async <S extends object & (GameSource | MethodSource)>(source: S): Promise<S> =>
  isModule(source) && source.files === undefined ? { ...source, files: await hashNow(source) } : source;

/** The same of a method, which may be a spec. */
export const methodWithFiles = async (method: MethodSource): Promise<MethodSource> =>
  typeof method === 'string' ? method : withFiles(method);

/**
 * Checks that this process runs the files that a trial asks for. @param loaded the hashes of those that it
 * has imported before, by module: Node keeps them, whatever is on the disk meanwhile.
 * @throws InputError if they are others.
 */
export async function checkModules(trial: Trial, loaded: Map<string, string>): Promise<void> {
  for (const source of modulesOf(trial)) {
    const { module, name, files } = source;
    if (files === undefined) continue;
    const here = loaded.get(module) ?? (await hashNow(source));
    if (here !== files)
      throw new InputError(
        `${name}, or a file that it imports, was changed after its runs were asked for; expected it as it was: ask for them again`,
      );
    loaded.set(module, here);
  }
}

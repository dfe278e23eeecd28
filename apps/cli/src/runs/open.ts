import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { trainedBy, type OwnFile, type TrainConfig, type Trained } from '@stillpoint/experiments';
import { InputError, identityDifference, type Data } from '@stillpoint/operators';
import { fileAt } from '@stillpoint/tracking/files';
import { fileOf, isFile } from '../game-argument.js';
import type { RunRecord } from '@stillpoint/tracking/run';
import { say } from '../say.js';

/** The run directory that a command names. @throws InputError unless there is exactly one argument. */
export function runPath(name: string, positionals: readonly string[]): string {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new InputError(
      `${name} takes one run directory, as train makes it; found ${positionals.length === 0 ? 'none' : positionals.join(' ')}`,
    );
  return path;
}

/** What a run calls its copies of a user's files. */
export type Copied = 'problem' | 'method';

/** The copy of a user's file in a run directory; undefined if there is none. */
const copyIn = (path: string, what: Copied): string | undefined =>
  ['.mjs', '.js', '.cjs'].map((ending) => join(path, `${what}${ending}`)).find((file) => existsSync(file));

/**
 * Where a user's file of a run is found: the file itself if it is unchanged, since it may import others
 * beside it, and the copy in the run directory otherwise.
 */
function fileFor({ path }: RunRecord, file: string, what: Copied): OwnFile {
  const copy = copyIn(path, what);
  const own = fileAt(file, resolve(file))?.isFile() ? resolve(file) : undefined;
  const same = own !== undefined && (copy === undefined || readFileSync(own).equals(readFileSync(copy)));
  const found = same ? own : copy;
  if (own !== undefined && !same)
    say(
      `Note: ${file} is not the file with which ${path} began; the copy in the run, ${basename(found ?? '')}, is used.\n`,
    );
  if (found === undefined)
    throw new InputError(
      `${path} has no copy of ${file}, and there is no ${file} here; expected one of them`,
    );
  return { module: pathToFileURL(resolve(found)).href, name: file };
}

/** A user's file as it is now. */
export function ownFile(file: string, what: Copied): OwnFile {
  return { module: pathToFileURL(fileOf(file, what)).href, name: file };
}

/** The file that a config's method is, if it is one. */
export const methodFileOf = ({ method }: TrainConfig): string | undefined =>
  method !== null && isFile(method) ? method : undefined;

/**
 * Builds the problem of a run again. @throws InputError if it is not the same, as after a change of its file
 * or its data.
 */
export async function trainedIn(run: RunRecord, config: TrainConfig): Promise<Trained> {
  const method = methodFileOf(config);
  const trained = await trainedBy(
    config,
    config.file === null ? undefined : fileFor(run, config.file, 'problem'),
    method === undefined ? undefined : fileFor(run, method, 'method'),
  ).catch((cause: unknown) => {
    if (!(cause instanceof InputError) || !config.data?.includes('path=')) throw cause;
    throw new InputError(`${cause.message}; --data says where the data of ${run.path} are now`, { cause });
  });
  const { identity, name } = trained.problem;
  const now: Data = identity ?? { problem: name };
  const part = identityDifference(now, run.identity);
  if (part !== undefined) {
    await trained.dispose();
    throw new InputError(
      `${run.path} is a run of another ${name}: it differs in ${part}; expected the same data and file as when it began (--data says where the data are now)`,
    );
  }
  return trained;
}

import { pathToFileURL } from 'node:url';
import { trainedBy, type ModuleSource, type TrainConfig, type Trained } from '@stillpoint/experiments';
import { InputError, identityDifference, type Data } from '@stillpoint/operators';
import { fileOf, isFile } from '../game-argument.js';
import type { RunRecord } from '@stillpoint/tracking/run';
import { fileFor, type Copied } from './copies.js';

/** The run directory that a command names. @throws InputError unless there is exactly one argument. */
export function runPath(name: string, positionals: readonly string[]): string {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new InputError(
      `${name} takes one run directory, as train makes it; found ${positionals.length === 0 ? 'none' : positionals.join(' ')}`,
    );
  return path;
}

/** A user's file as it is now. */
export function ownFile(file: string, what: Copied): ModuleSource {
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
    config.file === null ? undefined : await fileFor(run.path, config.file, 'problem'),
    method === undefined ? undefined : await fileFor(run.path, method, 'method'),
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

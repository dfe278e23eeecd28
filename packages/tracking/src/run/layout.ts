import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, messageOf } from '@stillpoint/operators';

/** The files and folders of a run, by what they hold. */
export const FILES = {
  about: 'run.json',
  config: 'config.json',
  environment: 'environment.json',
  identity: 'identity.safetensors',
  metrics: 'metrics.jsonl',
  table: 'metrics.csv',
  notes: 'notes.jsonl',
  samples: 'samples',
  checkpoints: 'checkpoints',
  events: 'tensorboard',
} as const;
/** The folders of a run. */
export const FOLDERS: readonly string[] = [FILES.samples, FILES.checkpoints, FILES.events];
/** In the folder of samples: which pictures there are, and the newest generated samples. */
export const PICTURES = 'pictures.jsonl';
/** The picture that is replaced again and again. */
export const LATEST = 'latest.png';
/** In the folder of checkpoints: the list of them, for other programs. */
export const INDEX = 'index.json';

/** The largest JSON file that is read, in bytes. */
const LIMIT = 2 ** 26;

/** The name of a picture. */
export const pictureName = (step: number): string => `step-${String(step).padStart(6, '0')}.png`;
/** The name of a checkpoint, without its ending. */
export const checkpointName = (step: number): string => `step-${String(step).padStart(9, '0')}`;

/** The step of a file's name; undefined if it is not as `name` writes it. */
export function stepOf(file: string, name: (step: number) => string): number | undefined {
  const step = Number(/^step-(\d{1,16})/.exec(file)?.[1] ?? NaN);
  return Number.isSafeInteger(step) && name(step) === file ? step : undefined;
}

/**
 * The path of a part of a run. What is there must be a file or a folder of the run itself: writing through a
 * link could change any file, and reading from a pipe never ends.
 * @throws InputError if it is something else.
 */
export function part(root: string, kind: 'file' | 'folder', ...names: readonly string[]): string {
  let path = root;
  for (const [i, name] of names.entries()) {
    path = join(path, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const folder = kind === 'folder' || i < names.length - 1;
    if (folder ? !found.isDirectory() : !found.isFile())
      throw new InputError(
        `${path} is ${found.isSymbolicLink() ? 'a link' : found.isDirectory() ? 'a folder' : found.isFile() ? 'a file' : 'no regular file'}; expected ${folder ? 'a folder' : 'a file'} of the run itself`,
      );
  }
  return path;
}

/** The bytes of a part of a run. @throws InputError if they cannot be read. */
export function readPart(root: string, ...names: readonly string[]): Uint8Array {
  const path = part(root, 'file', ...names);
  const size = lstatSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new InputError(`${path}: there is none; expected a file of the run`);
  if (size > LIMIT)
    throw new InputError(`${path} has ${size} bytes; expected at most ${LIMIT} in a file of its kind`);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** A part of a run as text. @throws InputError if it cannot be read or is not UTF-8. */
export function textPart(root: string, ...names: readonly string[]): string {
  const bytes = readPart(root, ...names);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${join(root, ...names)} is not UTF-8`, { cause });
  }
}

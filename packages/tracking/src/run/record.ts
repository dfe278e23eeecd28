import { readFileSync } from 'node:fs';
import {
  InputError,
  contentHash,
  pack,
  parseJson,
  readSafetensors,
  shown,
  unpackData,
  writeSafetensors,
  type Data,
} from '@stillpoint/operators';
import { checkPath, fileAt } from '../files/at.js';
import { isObject, jsonText } from './json.js';
import { FILES, PICTURES, part, pictureName, readPart, textPart } from './layout.js';
import { readRows } from './lines.js';
import { asNote, asPictureLine, asRow, type At, type MetricsRow, type RunNote } from './rows.js';
import { storeOf, type Best, type CheckpointStore } from './store.js';

/** A picture of a run. */
export interface RunPicture extends At {
  readonly width: number;
  readonly height: number;
  readonly path: string;
  /** The file's content, read when it is asked for. */
  readonly png: Uint8Array;
}

/** What a run's folder holds, to read. It may grow meanwhile. */
export interface RunRecord {
  readonly path: string;
  readonly config: unknown;
  readonly environment: unknown;
  readonly identity: Data;
  /** All rows. @throws InputError naming a line that is damaged. */
  metrics(): readonly MetricsRow[];
  /** All notes. @throws InputError naming a line that is damaged. */
  notes(): readonly RunNote[];
  /** All pictures, in the order of steps. @throws InputError naming a line that is damaged. */
  pictures(): readonly RunPicture[];
  readonly checkpoints: CheckpointStore;
}

/** What decides how a run's folder is written, and what is fixed from its beginning. */
export interface About {
  readonly keep: number;
  readonly best: Best | undefined;
}

/** What a run begins with. */
export interface Beginning {
  /** Every setting, with its default. */
  readonly config: object;
  /** The machine and the versions, in words. */
  readonly environment: object;
  /** What decides whether a checkpoint fits. */
  readonly identity: Data;
  /** More files for the folder, by name; `folder/name` is in a folder of it. */
  readonly files?: { readonly [name: string]: string | Uint8Array };
}

/** The format that is written and read. */
const FORMAT = 1;
const IDENTITY = 'stillpoint-identity-1';

function identityBytes(identity: Data): Uint8Array {
  const { text, vectors } = pack(identity, 'identity');
  return writeSafetensors({ tensors: vectors, metadata: { format: IDENTITY, data: text } });
}

/** The files of a run that never change, by name, without `run.json`. @throws InputError for other data. */
export function fixedFiles({ config, environment, identity }: Beginning): {
  readonly [name: string]: string | Uint8Array;
} {
  for (const [name, value] of Object.entries({ config, environment }))
    if (!isObject(value)) throw new InputError(`${name} is ${shown(value)}; expected an object`);
  return {
    [FILES.config]: `${jsonText(config, 'config', 2)}\n`,
    [FILES.environment]: `${jsonText(environment, 'environment', 2)}\n`,
    [FILES.identity]: identityBytes(identity),
  };
}

/** The content of `run.json`, which has a checksum over itself and one over each of the fixed files. */
export function aboutText({ keep, best }: About, fixed: ReturnType<typeof fixedFiles>): string {
  const files = Object.fromEntries(
    Object.entries(fixed).map(([name, content]) => [name, contentHash(content)]),
  );
  const about = { format: FORMAT, keep, best: best ?? null, files };
  return `${JSON.stringify({ ...about, checksum: contentHash(JSON.stringify(about)) }, undefined, 2)}\n`;
}

/** Checks `keep` and `best`. @throws InputError if they are none. */
export function asAbout(keep: unknown, best: unknown): About {
  if (typeof keep !== 'number' || !Number.isSafeInteger(keep) || keep < 1)
    throw new InputError(`keep is ${shown(keep)}; expected a whole number of checkpoints ≥ 1`);
  if (best === undefined || best === null) return { keep, best: undefined };
  const { metric, better } = isObject(best) ? best : {};
  if (typeof metric !== 'string' || metric === '' || (better !== 'lower' && better !== 'higher'))
    throw new InputError(
      `best is ${shown(best)}; expected { metric, better: 'lower' | 'higher' }, with the name of a value`,
    );
  return { keep, best: { metric, better } };
}

/** What `run.json` says. @throws InputError if it is missing, damaged or of another format. */
function readAbout(root: string): About & { readonly files: { readonly [name: string]: unknown } } {
  const path = part(root, 'file', FILES.about);
  if (!fileAt(`run ${root}`, path))
    throw new InputError(`${root} is no run: it has no ${FILES.about}; expected the folder of a run`);
  const json = parseJson(textPart(root, FILES.about), path);
  const { checksum, ...about } = isObject(json) ? json : {};
  if (about['format'] !== FORMAT)
    throw new InputError(
      `${path}: its format is ${shown(about['format'])}; expected ${FORMAT}${Number(about['format']) > FORMAT ? ': a later version of Stillpoint has written it' : ''}`,
    );
  const { keep, best, files } = about;
  if (checksum !== contentHash(JSON.stringify(about)) || !isObject(files))
    throw new InputError(`${path} is damaged, or was changed by hand; expected it as the run wrote it`);
  return { ...asAbout(keep, best), files };
}

/** The identity in a file. @throws InputError if it is damaged. */
function readIdentity(bytes: Uint8Array, path: string): Data {
  const { tensors, metadata } = readSafetensors(bytes, path);
  const { format, data: text } = metadata;
  if (format !== IDENTITY || text === undefined)
    throw new InputError(`${path}: its format is ${shown(format)}; expected ${IDENTITY}`);
  return unpackData({ text, vectors: tensors }, 'identity');
}

/** A run and what it was made with. @throws InputError for what is no run. */
export function recordAt(path: string): { readonly record: RunRecord; readonly about: About } {
  checkPath('run', path);
  const found = fileAt(`run ${path}`, path);
  if (!found?.isDirectory())
    throw new InputError(
      `run ${path}: there is ${found ? 'a file' : 'none'}; expected the folder of a run, as createRun or stillpoint train makes it`,
    );
  const { files, ...about } = readAbout(path);
  /** A fixed file's bytes, as they were written. */
  const fixed = (name: string): Uint8Array => {
    const bytes = readPart(path, name);
    if (!Object.hasOwn(files, name) || files[name] !== contentHash(bytes))
      throw new InputError(
        `${part(path, 'file', name)} is damaged, or was changed by hand; expected it as the run wrote it (to change a setting, begin another run)`,
      );
    return bytes;
  };
  const json = (name: string): unknown =>
    parseJson(new TextDecoder().decode(fixed(name)), part(path, 'file', name));
  const record: RunRecord = {
    path,
    config: json(FILES.config),
    environment: json(FILES.environment),
    identity: readIdentity(fixed(FILES.identity), part(path, 'file', FILES.identity)),
    metrics: () => readRows(part(path, 'file', FILES.metrics), asRow),
    notes: () => readRows(part(path, 'file', FILES.notes), asNote),
    pictures: () => picturesOf(path),
    checkpoints: storeOf(path, about.best),
  };
  return { record, about };
}

/** The pictures that are listed and there. A later line of the same step replaces an earlier one. */
function picturesOf(root: string): readonly RunPicture[] {
  const lines = readRows(part(root, 'file', FILES.samples, PICTURES), asPictureLine);
  return [...new Map(lines.map((line) => [line.step, line])).values()]
    .sort((a, b) => a.step - b.step)
    .flatMap((line) => {
      const path = part(root, 'file', FILES.samples, pictureName(line.step));
      if (!fileAt('picture', path)) return [];
      return [
        {
          ...line,
          path,
          get png() {
            return readFileSync(path);
          },
        },
      ];
    });
}

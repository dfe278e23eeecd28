import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engineNames, findEngines, type EngineName } from '@stillpoint/engine';
import {
  gamePresets,
  methodsIn,
  playedFrom,
  presets,
  type GamePreset,
  type GameSource,
  type GanPreset,
  type MethodSource,
  type Played,
} from '@stillpoint/experiments';
import type { EngineProblem } from '@stillpoint/networks';
import { InputError, findRow, formatSpec, messageOf, parseSpec, unknownName } from '@stillpoint/operators';
import { methods as methodRows, transforms } from '@stillpoint/optimizers/registry';
import { problems } from '@stillpoint/problems';
import { fileOf, isFile, readOwn } from './game-argument.js';
import { readSpec, withoutFiles } from './spec-files.js';

/**
 * Where another process finds the game that an argument names. The numbers of a file, as in `matrix=@A.csv`,
 * are put into the spec.
 */
export function sourceOf(argument: string): GameSource {
  if (isFile(argument)) return { module: pathToFileURL(resolve(argument)).href, name: argument };
  return { spec: argument.includes('@') ? formatSpec(readSpec(argument, problems)) : argument };
}

/**
 * What an argument of `compare` names: a GAN preset; a game, perhaps that of a game preset (`shown`); or a
 * problem of a user's file that an engine computes.
 */
export type Target =
  | { readonly argument: string; readonly preset: GanPreset }
  | { readonly argument: string; readonly played: Played; readonly shown?: GamePreset }
  | { readonly argument: string; readonly problem: EngineProblem };

/** The name in an argument: what stands before its first bracket. */
const nameIn = (argument: string): string => argument.split('(')[0]!.trim();

/** Reads an argument of `compare`. @throws InputError for an unknown name, with the nearest. */
export async function readTarget(argument: string): Promise<Target> {
  const preset = presets.find(({ name }) => name === argument);
  if (preset !== undefined) return { argument, preset };
  const shown = gamePresets.find(({ name }) => name === argument);
  if (shown !== undefined) return { argument, played: playedFrom(shown.game), shown };
  if (isFile(argument)) {
    const own = await readOwn(argument);
    return 'game' in own ? { argument, played: own } : { argument, problem: own.problem };
  }
  if (problems.some(({ name }) => name === nameIn(argument)))
    return { argument, played: playedFrom(formatSpec(readSpec(argument, problems))) };
  throw unknownName(
    'preset or problem',
    argument,
    [...presets, ...gamePresets, ...problems].map(({ name }) => name),
  );
}

/** The positions of a mark outside all brackets and quotes. */
function* outside(text: string, mark: string): Generator<number, void, void> {
  let [depth, quoted] = [0, false];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (quoted && sign === '\\') i++;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    else if (sign === mark && depth === 0) yield i;
  }
}

/** The parts of a text between marks that stand outside all brackets and quotes. */
export function separated(text: string, mark: string): string[] {
  const ends = [...outside(text, mark), text.length];
  return ends
    .map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1]! + 1, end).trim())
    .filter((part) => part !== '');
}

/** The methods that a file exports. */
async function ownMethods(path: string): Promise<readonly MethodSource[]> {
  const module = pathToFileURL(fileOf(path, 'method')).href;
  try {
    return (await methodsIn(module, path)).map((_, index) => ({ module, name: path, index }));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`${path} cannot be imported: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The methods in `a; b(c=1); ./mine.mjs`: specs, and what files export. @throws InputError for a wrong spec
 * or file.
 */
export async function readMethods(text: string): Promise<readonly MethodSource[]> {
  const parts = separated(text, ';');
  if (parts.length === 0)
    throw new InputError(`--methods is "${text}"; expected specs as 'gda; extragradient(stepSize=0.1)'`);
  const found = await Promise.all(
    parts.map(async (part) => {
      if (isFile(part)) return ownMethods(part);
      if (!outside(part, ',').next().done)
        throw new InputError(
          `--methods "${text}": separate methods with semicolons, as 'gda; rapp(stepSize=0.1)'`,
        );
      parseSpec(part);
      return [withoutFiles(part, [...methodRows, ...transforms])];
    }),
  );
  return found.flat();
}

/** The engine that `--engine` names; default `auto`. @throws InputError if it is unknown or cannot run. */
export async function readEngine(text: string | undefined): Promise<EngineName | 'auto'> {
  if (text === undefined || text === 'auto') return 'auto';
  const { name } = findRow(
    'engine',
    engineNames.map((engine) => ({ name: engine })),
    text,
  );
  const { found, reason } = (await findEngines([name])).find(({ engine }) => engine === name) ?? {
    found: false,
  };
  if (!found) throw new InputError(`engine ${name} cannot run here: ${reason ?? 'not found'}`);
  return name;
}

/** Whether `--figures svg` is given. @throws InputError for another format: each would need a converter. */
export function readFigures(text: string | undefined): boolean {
  if (text !== undefined && text !== 'svg')
    throw new InputError(
      `--figures "${text}": expected svg; for PDF, open an SVG or the report in a browser and print it`,
    );
  return text === 'svg';
}

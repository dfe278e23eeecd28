import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engineNames, findEngines, type EngineName } from '@stillpoint/engine';
import {
  gamePresets,
  presets,
  type GamePreset,
  type GameSource,
  type GanPreset,
} from '@stillpoint/experiments';
import { InputError, findRow, formatSpec, unknownName, type Game } from '@stillpoint/operators';
import { methods as methodRows, transforms } from '@stillpoint/optimizers/registry';
import { gameFrom, games } from '@stillpoint/problems';
import { isFile, readGame } from './game-argument.js';
import { readSpec, withoutFiles } from './spec-files.js';

/**
 * Where another process finds the game that an argument names: numbers of files, `matrix=@A.csv`, are sent
 * along.
 */
export function sourceOf(argument: string): GameSource {
  if (isFile(argument)) return { module: pathToFileURL(resolve(argument)).href, name: argument };
  return { spec: argument.includes('@') ? formatSpec(readSpec(argument, games)) : argument };
}

export type Target =
  | { readonly argument: string; readonly preset: GanPreset }
  | { readonly argument: string; readonly game: Game; readonly shown?: GamePreset };

export async function readTarget(argument: string): Promise<Target> {
  const preset = presets.find(({ name }) => name === argument);
  if (preset !== undefined) return { argument, preset };
  const shown = gamePresets.find(({ name }) => name === argument);
  if (shown !== undefined) return { argument, game: gameFrom(shown.game), shown };
  const known = games.some(({ name }) => argument.split('(')[0]?.trim() === name);
  if (!known && !isFile(argument))
    throw unknownName(
      'preset or game',
      argument,
      [...presets, ...gamePresets, ...games].map(({ name }) => name),
    );
  return { argument, game: await readGame(argument) };
}

/** `a; b(c=1)` as separate specs. */
export function readMethods(text: string): string[] {
  const specs = text
    .split(';')
    .map((spec) => spec.trim())
    .filter(Boolean);
  if (/\)\s*,\s*[a-z]/.test(text.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, '()')))
    throw new InputError(
      `--methods "${text}": separate methods with semicolons, as 'gda; rapp(stepSize=0.1)'`,
    );
  if (specs.length === 0)
    throw new InputError(`--methods is "${text}"; expected specs as 'gda; extragradient(stepSize=0.1)'`);
  return specs.map((spec) => withoutFiles(spec, [...methodRows, ...transforms]));
}

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

/** Whether pictures are wanted as files; SVG is the one format that needs no converter. */
export function readFigures(text: string | undefined): boolean {
  if (text !== undefined && text !== 'svg')
    throw new InputError(
      `--figures "${text}": expected svg; for PDF, open an SVG or the report in a browser and print it`,
    );
  return text === 'svg';
}

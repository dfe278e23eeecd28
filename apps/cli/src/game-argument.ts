import { readdirSync } from 'node:fs';
import { dirname, parse, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  InputError,
  messageOf,
  nearest,
  shortened,
  type Game,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import type { OwnProblem } from '@stillpoint/experiments';
import { problemFrom, problems, userGame } from '@stillpoint/problems';
import { fileAt, hashesOf, moduleFiles } from '@stillpoint/tracking/files';
import { readSpec } from './spec-files.js';

/** The names in a folder; none if it cannot be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether an argument names a file rather than a game. */
export function isFile(argument: string): boolean {
  return /^[^(]*[./\\]/.test(argument);
}

/**
 * If a game's full spec is longer than this, its name is the argument as typed: `matrix-game(matrix=@A.csv)`.
 */
const LONGEST = 1000;

/** The path of a file that exports a game or a method. @throws InputError if there is no such file. */
export function fileOf(argument: string, what: string): string {
  const path = resolve(argument);
  const there = fileAt(argument, path);
  if (there?.isDirectory())
    throw new InputError(`${argument} is a folder; expected a file that exports a ${what}`);
  if (!there?.isFile()) {
    const beside = namesIn(dirname(path)).filter((name) => /\.[mc]?js$/.test(name));
    const near = beside.find(
      (name) =>
        parse(name).name ===
        nearest(
          parse(path).name,
          beside.map((other) => parse(other).name),
        ),
    );
    throw new InputError(
      `there is no file ${shortened(argument)}${
        near ? `; did you mean ${near}?` : `; expected a ${what}’s name or a file that exports one`
      }`,
    );
  }
  return path;
}

/** What a user's file exports by default. */
async function exportedBy(argument: string, path: string): Promise<unknown> {
  const waiting = setTimeout(
    () => process.stderr.write(`stillpoint: waiting for ${argument}, which has not finished loading …\n`),
    3000,
  );
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(path).href);
    await new Promise((next) => {
      setImmediate(next);
    }); // so that a promise that the file rejects is reported before the run
  } catch (cause) {
    throw new InputError(`${argument} cannot be imported: ${messageOf(cause)}`, { cause });
  } finally {
    clearTimeout(waiting);
  }
  if (loaded === null || typeof loaded !== 'object' || !('default' in loaded))
    throw new InputError(
      `${argument} has no default export; expected export default { players: { x: 1, y: 1 }, operator(z, out) { … } }, or a function ({ tf, problemFromLosses, … }) => problem`,
    );
  return loaded.default;
}

/**
 * The problem that a user's file exports: a game of plain functions, or one that an engine computes, whose
 * modules are loaded for it alone.
 */
export async function readOwn(argument: string): Promise<OwnProblem> {
  const path = fileOf(argument, 'game');
  const exported = await exportedBy(argument, path);
  const compiled =
    typeof exported === 'function' ||
    (exported !== null && typeof exported === 'object' && 'dispose' in exported);
  const own: OwnProblem = compiled
    ? await (await import('@stillpoint/experiments')).ownFrom(exported, argument)
    : { game: userGame(exported, argument) };
  // the source of the functions does not contain the constants of the file that they read
  const files = hashesOf(await moduleFiles(path));
  const identified = <P extends Problem>(made: P): P => ({
    ...made,
    identity: { of: made.identity ?? null, files },
  });
  return 'game' in own ? { game: identified(own.game) } : { problem: identified(own.problem) };
}

/** The problem that an argument of `solve` names. */
export interface Named {
  readonly problem: Problem;
  /** The exact game that judges a run on it: itself, or its mean. Absent: an engine computes the problem. */
  readonly game?: Game;
  /** Frees what the problem holds. */
  readonly dispose?: () => Promise<void>;
}

/** The problem that an argument names. */
export async function readProblem(argument: string): Promise<Named> {
  if (isFile(argument)) {
    const own = await readOwn(argument);
    return 'game' in own
      ? { problem: own.game, game: own.game }
      : { problem: own.problem, dispose: own.problem.dispose };
  }
  const { problem, exact } = problemFrom(argument.includes('@') ? readSpec(argument, problems) : argument);
  const short = <P extends Problem>(made: P): P =>
    made.name.length > LONGEST ? { ...made, name: argument } : made;
  return { problem: short(problem), game: short(exact) };
}

/**
 * The start in `--start 1,-0.5`. @throws InputError that names the entry that is no number, or the wrong
 * count.
 */
export function readStart(text: string, game: Problem): Vector {
  const entries = text.split(',').map((entry) => (entry.trim() === '' ? NaN : Number(entry)));
  const wrong = entries.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0)
    throw new InputError(
      `--start "${text}": "${text.split(',')[wrong] ?? ''}" is no finite number; expected ${game.dim} numbers as 1,-0.5`,
    );
  if (entries.length !== game.dim)
    throw new InputError(
      `--start has ${entries.length} number${entries.length === 1 ? '' : 's'}; ${game.name} has ${game.dim} (${game.players.map((p) => `${p.name}: ${p.end - p.start}`).join(', ')})`,
    );
  return game.start instanceof Float32Array ? Float32Array.from(entries) : Float64Array.from(entries);
}

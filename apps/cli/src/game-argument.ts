import { readdirSync, statSync } from 'node:fs';
import { dirname, parse, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, messageOf, nearest, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom, userGame } from '@stillpoint/problems';

/** Whether an argument names a file rather than a game. */
export function isFile(argument: string): boolean {
  return /^[^(]*[./\\]/.test(argument);
}

/** The game that an argument names: a registered one by its spec, or what a user's file exports. */
export async function readGame(argument: string): Promise<Game> {
  if (!isFile(argument)) return gameFrom(argument);
  const path = resolve(argument);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new InputError(`${argument} is a folder; expected a file that exports a game`);
  if (!there?.isFile()) {
    const folder = dirname(path);
    const beside = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).filter((name) => /\.[mc]?js$/.test(name)) : [];
    const near = beside.find((name) => parse(name).name === nearest(parse(path).name, beside.map((other) => parse(other).name)));
    throw new InputError(`there is no file ${argument}${near ? `; did you mean ${near}?` : '; expected a game’s name or a file that exports one'}`);
  }
  let loaded: unknown;
  const onExit = (): void => {
    process.stderr.write(`stillpoint: ${argument} ends the program while it is imported, or never finishes; expected a file that exports a game\n`);
    process.exitCode = 2;
  };
  process.once('exit', onExit);
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw new InputError(`${argument} cannot be imported: ${messageOf(cause)}`, { cause });
  } finally {
    process.off('exit', onExit);
  }
  if (loaded === null || typeof loaded !== 'object' || !('default' in loaded)) throw new InputError(`${argument} has no default export; expected export default { players: { x: 1, y: 1 }, operator(z, out) { … } }`);
  return userGame(loaded.default, argument);
}

/** A start from `--start 1,-0.5`. @throws InputError naming the entry that is no number, or the count. */
export function readStart(text: string, game: Game): Vector {
  const entries = text.split(',').map((entry) => (entry.trim() === '' ? NaN : Number(entry)));
  const wrong = entries.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0) throw new InputError(`--start "${text}": "${text.split(',')[wrong] ?? ''}" is no finite number; expected ${game.dim} numbers as 1,-0.5`);
  if (entries.length !== game.dim) throw new InputError(`--start has ${entries.length} number${entries.length === 1 ? '' : 's'}; ${game.name} has ${game.dim} (${game.players.map((p) => `${p.name}: ${p.end - p.start}`).join(', ')})`);
  return Float64Array.from(entries);
}

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
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
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const folder = dirname(path);
    const beside = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).filter((name) => /\.[mc]?js$/.test(name)) : [];
    const near = nearest(basename(path), beside);
    throw new InputError(`there is no file ${argument}${near ? `; did you mean ${near}?` : '; expected a game’s name or a file that exports one'}`);
  }
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (cause) {
    throw new InputError(`${argument} cannot be imported: ${messageOf(cause)}`, { cause });
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

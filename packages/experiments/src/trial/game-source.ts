import type { Game } from '@stillpoint/operators';
import { gameFrom, userGame } from '@stillpoint/problems';

/** Where a process finds a game: a spec, or a module's URL and the name that messages call it by. */
export type GameSource = { readonly spec: string } | { readonly module: string; readonly name: string };

/** The game that a source names. @throws InputError for a spec or a module that gives none. */
export async function gameOf(source: GameSource): Promise<Game> {
  if ('spec' in source) return gameFrom(source.spec);
  const loaded: { readonly default?: unknown } = await import(source.module);
  return userGame(loaded.default, source.name);
}

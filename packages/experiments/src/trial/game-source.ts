import { type Game, type Problem } from '@stillpoint/operators';
import { problemFrom, userGame } from '@stillpoint/problems';

/** Where a process finds a game: a spec, or a module's URL and the name that messages call it by. */
export type GameSource = { readonly spec: string } | { readonly module: string; readonly name: string };

/** A game to compare on; where F is sampled, with the game of its mean, which runs are measured on. */
export interface Played {
  readonly game: Game;
  readonly sampled?: Problem;
}

/**
 * The problem that a spec names: a game, a sampled one or a minimisation. @throws InputError for a spec that
 * names none.
 */
export function playedFrom(spec: string): Played {
  const { problem, exact } = problemFrom(spec);
  return { game: exact, ...(problem.draw && { sampled: problem }) };
}

/**
 * The same sampled game with samples of its own for each seed: a stream of draws for each, of one problem.
 * Seed 1 draws what the game itself draws.
 */
export function drawnBy(game: Problem, seed: number): Problem {
  if (game.draw === undefined) return game;
  return { ...game, draw: (call, player, worker = 0) => game.draw?.(call, player, worker + seed - 1) };
}

/** The game that a source names. @throws InputError for a spec or a module that gives none. */
export async function gameOf(source: GameSource): Promise<Played> {
  if ('spec' in source) return playedFrom(source.spec);
  const loaded: { readonly default?: unknown } = await import(source.module);
  return { game: userGame(loaded.default, source.name) };
}

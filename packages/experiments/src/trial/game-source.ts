import { InputError, type Game, type Problem } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import type { ModuleSource } from './module-source.js';
import { ownIn } from './own-problem.js';

/** Where a process finds a game: by a spec, or in a file. */
export type GameSource = { readonly spec: string } | ModuleSource;

/**
 * A game on which methods are compared. If F is sampled, `game` is the exact game of its mean, which measures
 * runs.
 */
export interface Played {
  readonly game: Game;
  readonly sampled?: Problem;
}

/**
 * Returns the problem that a spec names: a game, a sampled game or a minimisation. @throws InputError for a
 * spec that names none.
 */
export function playedFrom(spec: string): Played {
  const { problem, exact } = problemFrom(spec);
  return { game: exact, ...(problem.draw && { sampled: problem }) };
}

/** The same sampled game with draws of its own for each seed. Seed 1 has the draws of the game itself. */
export function drawnBy<P extends Problem>(game: P, seed: number): P {
  if (game.draw === undefined) return game;
  return { ...game, draw: (call, player, worker = 0) => game.draw?.(call, player, worker + seed - 1) };
}

/** Returns the game that a source names. @throws InputError for a spec or a module that has none. */
export async function gameOf(source: GameSource): Promise<Played> {
  if ('spec' in source) return playedFrom(source.spec);
  const own = await ownIn(source);
  if (!('game' in own))
    throw new InputError(
      `${source.name} exports a problem that an engine computes; expected a game of plain functions`,
    );
  return own;
}

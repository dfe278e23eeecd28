import type { Game } from '@stillpoint/operators';

/** What a sampled game shares with the game of its mean. */
export const shapeOf = ({ name, dim, players, start, facts, constraint }: Game) => ({
  name,
  dim,
  players,
  ...(start ? { start } : {}),
  ...(facts ? { facts } : {}),
  ...(constraint ? { constraint } : {}),
});

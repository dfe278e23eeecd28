import type { Problem } from '@stillpoint/operators';

/** Whether F is the gradient of a loss: a problem of one player that computes it. */
export const isMinimisation = ({ players, losses }: Pick<Problem, 'players' | 'losses'>): boolean =>
  players.length === 1 && losses !== undefined;

import type { Game } from '@stillpoint/operators';

/** f(z) = ½z² from z = 1: one eigenvector, with the eigenvalue 1. */
export const bowl: Game = {
  name: '½z²',
  dim: 1,
  players: [{ name: 'z', start: 0, end: 1 }],
  start: [1],
  operator(z, out) {
    out[0] = z[0]!;
  },
};

import { clipByNorm as clip } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import type { Transform } from './transform.js';

/** Options of {@link clipByNorm}. */
export interface ClipByNormOptions {
  /** The longest gradient of one player. Default 1. */
  readonly threshold?: number;
}

/**
 * g_p ← g_p·min(1, threshold/‖g_p‖₂), each player's gradient by its own norm, so that asking all at once or one by one is the same.
 * Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013, arXiv 1211.5063.
 */
export function clipByNorm({ threshold = 1 }: ClipByNormOptions = {}): Transform<null> {
  return {
    name: 'clip-by-norm', options: { threshold }, init: () => null,
    begin: (space) => (_, g, player) => {
      for (let p = player ?? 0; p < (player === undefined ? space.players.length : player + 1); p++) {
        const { start, end } = playerAt(space, p);
        clip(g, threshold, start, end);
      }
      return g;
    },
  };
}

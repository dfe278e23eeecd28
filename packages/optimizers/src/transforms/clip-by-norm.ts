import { clipByNorm as clip, parseOptions, type OptionTable } from '@stillpoint/operators';
import { playerAt } from '../move.js';
import * as option from '../options.js';
import type { Transform } from './transform.js';

/** Options of {@link clipByNorm}. */
export interface ClipByNormOptions {
  /** The longest gradient of one player. Default 1. */
  readonly threshold?: number;
}

/** Options of {@link clipByNorm}: what is accepted, and the defaults. */
export const clipByNormTable: OptionTable<ClipByNormOptions> = {
  threshold: option.number({ about: 'the longest gradient of one player', above: 0, default: 1 }),
};

/**
 * g_p ← g_p·min(1, threshold/‖g_p‖₂), each player's gradient by its own norm, so that asking all at once or
 * one by one is the same. Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural
 * networks", 2013, arXiv 1211.5063.
 */
export function clipByNorm(options: ClipByNormOptions = {}): Transform<null> {
  const { threshold } = parseOptions('transform clip-by-norm', clipByNormTable, options);
  return {
    name: 'clip-by-norm',
    options: { threshold },
    init: () => null,
    begin: (space) => (_, g, player) => {
      for (let p = player ?? 0; p < (player === undefined ? space.players.length : player + 1); p++) {
        const { start, end } = playerAt(space, p);
        clip(g, threshold, start, end);
      }
      return g;
    },
  };
}

import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState } from '../transforms/adam.js';
import { turns } from '../turns.js';
import type { AdamOptions, MomentsState } from './adam.js';

/** Options of {@link alternatingAdam}. */
export interface AlternatingAdamOptions extends AdamOptions {
  /** Who moves when, by index: `[0,0,0,0,0,1]` is five turns of D to one of G. Default: each once. */
  readonly order?: readonly number[] | null;
}

/** Options of {@link alternatingAdam}: what is accepted, and the defaults. */
export const alternatingAdamTable: OptionTable<AlternatingAdamOptions> = {
  stepSize: option.adamStep,
  ...option.moments,
  order: option.order(),
};

/**
 * Alternating Adam, how GANs are usually trained: for each player p in order,
 *   z_p⁺ = (I + γA)⁻¹(z_p − γ·Adam(F_p(z))),  with the moves of those before it already in z; moments are per
 *     player.
 *
 * No guarantee for games. Oracle calls per step: 1 per turn of the busiest player.
 * Source: Kingma, Ba 2015, arXiv 1412.6980; Goodfellow et al. 2014, arXiv 1406.2661 for the alternation.
 */
export function alternatingAdam(options: AlternatingAdamOptions): Method<MomentsState> {
  const { stepSize, beta1, beta2, epsilon, order } = parseOptions(
    'method alternating-adam',
    alternatingAdamTable,
    options,
  );
  return {
    name: 'alternating-adam',
    options: { stepSize, beta1, beta2, epsilon, order },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
    begin(space) {
      const stepAt = mover(space, stepSize);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      const players = turns(space, order);
      return function* (s) {
        const move = stepAt(s.k++);
        for (const player of players)
          move(s.z, s.z, direction(s.moments, yield { want: 'gradient', at: s.z, player }, player), player);
      };
    },
  };
}

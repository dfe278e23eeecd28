import { parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState, type AdamMoments, type AdamState } from '../transforms/adam.js';

/** Options of {@link adam}. */
export interface AdamOptions extends AdamMoments {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** z, and Adam’s memory of gradients. */
export type MomentsState = { readonly z: Vector; readonly moments: AdamState; k: number };

/** Options of {@link adam}: what is accepted, and the defaults. */
export const adamTable: OptionTable<AdamOptions> = { stepSize: option.adamStep, ...option.moments };

/**
 * Simultaneous Adam:  z⁺ = (I + γA)⁻¹(z − γ·Adam(F(z))),  all players at once.
 *
 * No guarantee for games: on bilinear ones it cycles or diverges. Oracle calls per step: 1.
 * Source: Kingma, Ba 2015, arXiv 1412.6980; conventions as in PyTorch.
 */
export function adam(options: AdamOptions): Method<MomentsState> {
  const { stepSize, beta1, beta2, epsilon } = parseOptions('method adam', adamTable, options);
  return {
    name: 'adam',
    options: { stepSize, beta1, beta2, epsilon },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), k: 0 }),
    begin(space) {
      const stepAt = mover(space, stepSize);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        const move = stepAt(s.k++);
        move(s.z, s.z, direction(s.moments, yield s.z));
      };
    },
  };
}

import { copy, parseOptions, waxpy, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import { adamDirections, adamState, type AdamState } from '../transforms/adam.js';
import type { AdamOptions } from './adam.js';

/** d is the last direction. */
export type OptimisticState = {
  readonly z: Vector;
  readonly moments: AdamState;
  readonly d: Vector;
  k: number;
};

/** Options of {@link optimisticAdam}: what is accepted, and the defaults. */
export const optimisticAdamTable: OptionTable<AdamOptions> = { stepSize: option.adamStep, ...option.moments };

/**
 * Optimistic Adam: ogda with Adam's directions d, d₋₁ = d₀ (so the first step is Adam's):
 *   d  = Adam(F(z))
 *   z⁺ = (I + γA)⁻¹(z − γ(2d − d₋))
 *
 * No guarantee for games. Oracle calls per step: 1.
 * Source: Daskalakis, Ilyas, Syrgkanis, Zeng, "Training GANs with optimism", 2018, arXiv 1711.00141,
 * algorithm 1.
 */
export function optimisticAdam(options: AdamOptions): Method<OptimisticState> {
  const { stepSize, beta1, beta2, epsilon } = parseOptions(
    'method optimistic-adam',
    optimisticAdamTable,
    options,
  );
  return {
    name: 'optimistic-adam',
    options: { stepSize, beta1, beta2, epsilon },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), moments: adamState(space), d: space.vector(), k: 0 }),
    begin(space) {
      const ahead = space.vector();
      const stepAt = mover(space, stepSize);
      const direction = adamDirections(space, { beta1, beta2, epsilon });
      return function* (s) {
        const d = direction(s.moments, yield s.z);
        if (s.k === 0) copy(s.d, d); // d₋₁ = d₀
        waxpy(ahead, d, -1, s.d);
        waxpy(ahead, d, 1, ahead); // 2d − d₋
        copy(s.d, d);
        stepAt(s.k++)(s.z, s.z, ahead);
      };
    },
  };
}

import { copy, parseOptions, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import type { PastState } from './past-extragradient.js';

/** Options of {@link ogda}. */
export interface OgdaOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** β ≥ 0, weight of the correction. Default 1. */
  readonly optimism?: number;
}

/** Options of {@link ogda}: what is accepted, and the defaults. */
export const ogdaTable: OptionTable<OgdaOptions> = {
  stepSize: option.γ('0.49'),
  optimism: option.number({ about: 'weight of the correction', symbol: 'β', from: 0, default: 1 }),
};

/**
 * Optimistic gradient descent–ascent, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γ(F(z) + β(F(z) − F(z₋))))
 *
 * Assumes F monotone and L-Lipschitz, β = 1, γ < 1/(2L). Without constraints its z is past-extragradient's w,
 * started with g₋₁ = F(z₀); with them it is forward-reflected-backward (which, where γ varies, takes γ₋ for
 * the correction; here both terms have γ). Oracle calls per step: 1. Source: Daskalakis, Ilyas, Syrgkanis,
 * Zeng, "Training GANs with optimism", 2018, arXiv 1711.00141. Others start with F(z₋₁) = 0.
 */
export function ogda(options: OgdaOptions): Method<PastState> {
  const { stepSize, optimism: β } = parseOptions('method ogda', ogdaTable, options);
  return {
    name: 'ogda',
    options: { stepSize, optimism: β },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const d = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const F = yield s.z;
        if (s.k === 0) copy(s.g, F); // z₋₁ = z₀
        waxpy(d, F, -1, s.g);
        waxpy(d, F, β, d); // F(z) + β(F(z) − F(z₋))
        copy(s.g, F);
        stepAt(s.k++)(s.z, s.z, d);
      };
    },
  };
}

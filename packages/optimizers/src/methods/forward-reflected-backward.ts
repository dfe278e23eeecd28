import { copy, waxpy, type Method } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import { moveTo } from '../point.js';
import type { PastState } from './past-extragradient.js';

/** Options of {@link forwardReflectedBackward}. */
export interface ForwardReflectedBackwardOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/**
 * Forward–reflected–backward splitting, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γ(2F(z) − F(z₋)))
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/(2L). One call of F and one resolvent. Oracle calls per step: 1.
 * Source: Malitsky, Tam, "A forward-backward splitting method for monotone inclusions without cocoercivity", 2020, arXiv 1808.04162.
 */
export function forwardReflectedBackward({ stepSize }: ForwardReflectedBackwardOptions): Method<PastState> {
  return {
    name: 'forward-reflected-backward', options: { stepSize }, restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const d = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const F = yield s.z;
        if (s.k === 0) copy(s.g, F);                            // z₋₁ = z₀
        waxpy(d, F, -1, s.g);
        waxpy(d, F, 1, d);                                      // 2F(z) − F(z₋)
        copy(s.g, F);
        stepAt(s.k++)(s.z, s.z, d);
      };
    },
  };
}

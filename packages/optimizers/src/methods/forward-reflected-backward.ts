import { copy, parseOptions, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { halves, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import type { PastState } from './past-extragradient.js';

/** Options of {@link forwardReflectedBackward}. */
export interface ForwardReflectedBackwardOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** Options of {@link forwardReflectedBackward}: what is accepted, and the defaults. */
export const forwardReflectedBackwardTable: OptionTable<ForwardReflectedBackwardOptions> = {
  stepSize: option.γ('0.49'),
};

/**
 * Forward–reflected–backward splitting, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γF(z) − γ₋(F(z) − F(z₋))),   γ₋ the step size of the step before: γ where it is
 *     constant
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/(2L). One call of F and one resolvent. Oracle calls per step: 1.
 * Source: Malitsky, Tam, "A forward-backward splitting method for monotone inclusions without cocoercivity",
 * 2020, arXiv 1808.04162.
 */
export function forwardReflectedBackward(options: ForwardReflectedBackwardOptions): Method<PastState> {
  const { stepSize } = parseOptions(
    'method forward-reflected-backward',
    forwardReflectedBackwardTable,
    options,
  );
  return {
    name: 'forward-reflected-backward',
    options: { stepSize },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const d = space.vector();
      const halvesAt = halves(space, stepSize);
      return function* (s) {
        const F = yield s.z;
        const k = s.k++;
        if (k > 0) {
          // z₋₁ = z₀
          waxpy(d, F, -1, s.g);
          halvesAt(k - 1).forward(s.z, s.z, d); // − γ₋(F(z) − F(z₋))
        }
        const { forward, backward } = halvesAt(k);
        forward(s.z, s.z, F);
        copy(s.g, F);
        backward(s.z);
      };
    },
  };
}

import { copy, parseOptions, waxpy, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';

/** Options of {@link projectedReflectedGradient}. */
export interface ProjectedReflectedGradientOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** last is z₋, the point before. */
export type ReflectedState = { readonly z: Vector; readonly last: Vector; k: number };

/** Options of {@link projectedReflectedGradient}: what is accepted, and the defaults. */
export const projectedReflectedGradientTable: OptionTable<ProjectedReflectedGradientOptions> = {
  stepSize: option.γ('0.41'),
};

/**
 * Projected reflected gradient, with z₋₁ = z₀ (so the first step is gda's):
 *   z⁺ = (I + γA)⁻¹(z − γF(2z − z₋))
 *
 * Assumes F monotone and L-Lipschitz, γ < (√2 − 1)/L, A the normal cone of a convex set. F is asked outside
 * the constraints, too. Oracle calls per step: 1. Source: Malitsky, "Projected reflected gradient methods for
 * monotone variational inequalities", 2015, arXiv 1502.04968.
 */
export function projectedReflectedGradient(
  options: ProjectedReflectedGradientOptions,
): Method<ReflectedState> {
  const { stepSize } = parseOptions(
    'method projected-reflected-gradient',
    projectedReflectedGradientTable,
    options,
  );
  return {
    name: 'projected-reflected-gradient',
    options: { stepSize },
    init: (space, z0) => ({ z: space.copy(z0), last: space.copy(z0), k: 0 }),
    restart(s, z) {
      copy(s.z, z);
      copy(s.last, z);
    },
    begin(space) {
      const w = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        waxpy(w, s.z, -1, s.last);
        waxpy(w, s.z, 1, w); // 2z − z₋
        copy(s.last, s.z);
        stepAt(s.k++)(s.z, s.z, yield w); // z⁺ = (I + γA)⁻¹(z − γF(2z − z₋))
      };
    },
  };
}

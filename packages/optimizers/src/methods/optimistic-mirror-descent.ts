import { copy, parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mirrorMover } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import type { MirrorProxOptions } from './mirror-prox.js';
import type { PastState } from './past-extragradient.js';

/** Options of {@link optimisticMirrorDescent}: what is accepted, and the defaults. */
export const optimisticMirrorDescentTable: OptionTable<MirrorProxOptions> = {
  stepSize: option.γ('0.49'),
  mirror: option.mirror,
};

/**
 * Optimistic mirror descent, with g₋₁ = 0; P(z, g) = argmin_u γ⟨g, u⟩ + D(u, z) as in mirror-prox:
 *   w  = P(z, g₋)
 *   g  = F(w),  z⁺ = P(z, g)
 *
 * Assumes F monotone and L-Lipschitz in the norm of the mirror map, γ < 1/(2L). Euclidean it is
 * past-extragradient. Oracle calls per step: 1. Source: Rakhlin, Sridharan, "Optimization, learning, and
 * games with predictable sequences", 2013, arXiv 1311.1869.
 */
export function optimisticMirrorDescent(options: MirrorProxOptions): Method<PastState> {
  const { stepSize, mirror } = parseOptions(
    'method optimistic-mirror-descent',
    optimisticMirrorDescentTable,
    options,
  );
  return {
    name: 'optimistic-mirror-descent',
    options: { stepSize, mirror },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const w = space.vector();
      const stepAt = mirrorMover(space, stepSize, mirror);
      return function* (s) {
        const step = stepAt(s.k++);
        step(w, s.z, s.g); // w  = P(z, g₋)
        step(s.z, s.z, copy(s.g, yield w)); // z⁺ = P(z, F(w))
      };
    },
  };
}

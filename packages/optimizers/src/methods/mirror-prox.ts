import { parseOptions, type Method, type MirrorName, type OptionTable } from '@stillpoint/operators';
import { mirrorMover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link mirrorProx}. */
export interface MirrorProxOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** `entropy` for players on simplices, `euclidean` otherwise. Default: the game's, else euclidean. */
  readonly mirror?: MirrorName;
}

/** Options of {@link mirrorProx}: what is accepted, and the defaults. */
export const mirrorProxTable: OptionTable<MirrorProxOptions> = {
  stepSize: option.γ('0.7'),
  mirror: option.mirror,
};

/**
 * Mirror-prox: extragradient in the geometry of a mirror map ψ with Bregman distance D; P(z, g) = argmin_u
 * γ⟨g, u⟩ + D(u, z):
 *   w  = P(z, F(z))
 *   z⁺ = P(z, F(w))
 * With entropy P(z, g) ∝ z·exp(−γg) for each player on its simplex; Euclidean it is extragradient.
 *
 * Assumes F monotone and L-Lipschitz in the norm of ψ, γ ≤ 1/L; the mean of the w converges like 1/K. For a
 * matrix game in the entropy geometry L is the largest |entry|. Oracle calls per step: 2.
 * Source: Nemirovski, "Prox-method with rate of convergence O(1/t) for variational inequalities", 2004.
 */
export function mirrorProx(options: MirrorProxOptions): Method<PointState> {
  const { stepSize, mirror } = parseOptions('method mirror-prox', mirrorProxTable, options);
  return {
    name: 'mirror-prox',
    options: { stepSize, mirror },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const w = space.vector();
      const stepAt = mirrorMover(space, stepSize, mirror);
      return function* (s) {
        const step = stepAt(s.k++);
        step(w, s.z, yield s.z); // w  = P(z, F(z))
        step(s.z, s.z, yield w); // z⁺ = P(z, F(w))
      };
    },
  };
}

import { copy, parseOptions, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';

/** Options of {@link pastExtragradient}. */
export interface PastExtragradientOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** g is the last gradient asked for, F(w₋). */
export type PastState = { readonly z: Vector; readonly g: Vector; k: number };

/** Options of {@link pastExtragradient}: what is accepted, and the defaults. */
export const pastExtragradientTable: OptionTable<PastExtragradientOptions> = { stepSize: option.γ('0.49') };

/**
 * Past extragradient (extrapolation from the past), with g₋₁ = 0:
 *   w  = (I + γA)⁻¹(z − γg₋)
 *   g  = F(w),  z⁺ = (I + γA)⁻¹(z − γg)
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/(2L). Without constraints it is OGDA. Oracle calls per step: 1.
 * Source: Popov 1980; Gidel, Berard, Vignoud, Vincent, Lacoste-Julien 2019, arXiv 1802.10551. Popov starts
 * with g₋₁ = F(z₀).
 */
export function pastExtragradient(options: PastExtragradientOptions): Method<PastState> {
  const { stepSize } = parseOptions('method past-extragradient', pastExtragradientTable, options);
  return {
    name: 'past-extragradient',
    options: { stepSize },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const w = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k++);
        move(w, s.z, s.g); // w  = (I + γA)⁻¹(z − γg₋)
        move(s.z, s.z, copy(s.g, yield w)); // z⁺ = (I + γA)⁻¹(z − γF(w))
      };
    },
  };
}

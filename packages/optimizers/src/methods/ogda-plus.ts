import { copy, parseOptions, scale, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo } from '../point.js';
import type { PastState } from './past-extragradient.js';

/** Options of {@link ogdaPlus}. */
export interface OgdaPlusOptions {
  /** γ > 0 (Böhm's a), or one per player. Default: (1 − ᾱ)/((1 + ᾱ)L). */
  readonly stepSize: StepSize;
  /** ᾱ in (0, 1] (Böhm's γ). Default 0.5. */
  readonly relaxation?: number;
}

/** Options of {@link ogdaPlus}: what is accepted, and the defaults. */
export const ogdaPlusTable: OptionTable<OgdaPlusOptions> = {
  stepSize: option.γ('(1 − ᾱ)/(1 + ᾱ)'),
  relaxation: option.relaxation(),
};

/**
 * OGDA+, with z₋₁ = z₀:
 *   z⁺ = (I + γA)⁻¹(z − γ((1 + ᾱ)F(z) − F(z₋)))
 *
 * Assumes weak Minty with ρ > −γ/2, γ = (1 − ᾱ)/((1 + ᾱ)L), ᾱ in (0, 1); ᾱ = 1 is ogda. Unconstrained theory.
 * Oracle calls per step: 1. Source: Böhm 2022, arXiv 2201.12247 (there ρ has the other sign and twice the
 * size).
 */
export function ogdaPlus(options: OgdaPlusOptions): Method<PastState> {
  const { stepSize, relaxation: ᾱ } = parseOptions('method ogda-plus', ogdaPlusTable, options);
  return {
    name: 'ogda-plus',
    options: { stepSize, relaxation: ᾱ },
    restart: moveTo,
    init: (space, z0) => ({ z: space.copy(z0), g: space.vector(), k: 0 }),
    begin(space) {
      const d = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const F = yield s.z;
        if (s.k === 0) copy(s.g, F); // z₋₁ = z₀
        scale(copy(d, F), 1 + ᾱ);
        waxpy(d, d, -1, s.g); // (1 + ᾱ)F(z) − F(z₋)
        copy(s.g, F);
        stepAt(s.k++)(s.z, s.z, d);
      };
    },
  };
}

import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link egPlus}. */
export interface EgPlusOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** ᾱ in (0, 1], how much shorter the second step is. Default 0.5. */
  readonly relaxation?: number;
}

/** Options of {@link egPlus}: what is accepted, and the defaults. */
export const egPlusTable: OptionTable<EgPlusOptions> = {
  stepSize: option.γ('0.9'),
  relaxation: option.relaxation(),
};

/**
 * EG+, extragradient with a shorter second step:
 *   w  = z − γF(z)
 *   z⁺ = z − ᾱγF(w)
 *
 * Assumes weak Minty with ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; the best iterate converges. ᾱ = 1 is
 * extragradient. The theory is without constraints; with them each move is projected, and ceg-plus is the
 * method to take. Oracle calls per step: 2. Source: Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364;
 * the range above: Pethick et al. 2022, arXiv 2302.09831.
 */
export function egPlus(options: EgPlusOptions): Method<PointState> {
  const { stepSize, relaxation: ᾱ } = parseOptions('method eg-plus', egPlusTable, options);
  return {
    name: 'eg-plus',
    options: { stepSize, relaxation: ᾱ },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const w = space.vector();
      const lookAt = mover(space, stepSize);
      const stepAt = mover(space, stepSize, ᾱ);
      return function* (s) {
        const [look, step] = [lookAt(s.k), stepAt(s.k)];
        s.k++;
        look(w, s.z, yield s.z); // w  = z − γF(z)
        step(s.z, s.z, yield w); // z⁺ = z − ᾱγF(w)
      };
    },
  };
}

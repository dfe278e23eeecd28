import { copy, parseOptions, waxpy, type Method, type OptionTable } from '@stillpoint/operators';
import { halves, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link cegPlus}. */
export interface CegPlusOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
  /** ᾱ in (0, 1], how far to move. Default 0.5. */
  readonly relaxation?: number;
}

/** Options of {@link cegPlus}: what is accepted, and the defaults. */
export const cegPlusTable: OptionTable<CegPlusOptions> = {
  stepSize: option.γ('0.9'),
  relaxation: option.relaxation(),
};

/**
 * CEG+, with H = I − γF:
 *   z̄  = (I + γA)⁻¹(Hz)
 *   z⁺ = z + ᾱ(Hz̄ − Hz)
 *
 * Assumes weak Minty of A + F with ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ in (0, 1 + 2ρ/γ): then ‖z − z*‖ falls and
 * min ‖Hz̄ − Hz‖² = O(1/K). ᾱ = 1 is forward-backward-forward; without constraints it is EG+. z may lie
 * outside the constraints, z̄ never does. Oracle calls per step: 2.
 * Source: Pethick, Latafat, Patrinos, Fercoq, Cevher, "Escaping limit cycles", 2022, arXiv 2302.09831,
 * algorithm 1 with constant α.
 */
export function cegPlus(options: CegPlusOptions): Method<PointState> {
  const { stepSize, relaxation: ᾱ } = parseOptions('method ceg-plus', cegPlusTable, options);
  return {
    name: 'ceg-plus',
    options: { stepSize, relaxation: ᾱ },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const [h, bar] = [space.vector(), space.vector()];
      const halvesAt = halves(space, stepSize);
      return function* (s) {
        const { forward, backward } = halvesAt(s.k++);
        forward(h, s.z, yield s.z); // Hz
        backward(copy(bar, h)); // z̄  = (I + γA)⁻¹(Hz)
        const g = yield bar;
        forward(bar, bar, g); // Hz̄
        waxpy(bar, bar, -1, h);
        waxpy(s.z, s.z, ᾱ, bar); // z⁺ = z + ᾱ(Hz̄ − Hz)
      };
    },
  };
}

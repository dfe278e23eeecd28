import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link extragradient}. */
export interface ExtragradientOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** Options of {@link extragradient}: what is accepted, and the defaults. */
export const extragradientTable: OptionTable<ExtragradientOptions> = { stepSize: option.γ('0.7') };

/**
 * Extragradient:
 *   w  = (I + γA)⁻¹(z − γF(z))
 *   z⁺ = (I + γA)⁻¹(z − γF(w))
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/L.
 * Oracle calls per step: 2. Source: Korpelevich 1976.
 */
export function extragradient(options: ExtragradientOptions): Method<PointState> {
  const { stepSize } = parseOptions('method extragradient', extragradientTable, options);
  return {
    name: 'extragradient',
    options: { stepSize },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const w = space.vector();
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k++);
        move(w, s.z, yield s.z); // w  = (I + γA)⁻¹(z − γF(z))
        move(s.z, s.z, yield w); // z⁺ = (I + γA)⁻¹(z − γF(w))
      };
    },
  };
}

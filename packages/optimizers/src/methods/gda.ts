import { parseOptions, type Method, type OptionTable } from '@stillpoint/operators';
import { mover, type StepSize } from '../move.js';
import * as option from '../options.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link gda}. */
export interface GdaOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** Options of {@link gda}: what is accepted, and the defaults. */
export const gdaTable: OptionTable<GdaOptions> = {
  stepSize: option.γ('1/ℓ where the game states that F is cocoercive (facts.cocoercive), else 1'),
};

/**
 * Simultaneous gradient descent–ascent:  z⁺ = (I + γA)⁻¹(z − γF(z)).
 *
 * Converges for cocoercive F (constant 1/ℓ) with γ < 2/ℓ; spirals out of bilinear games for every γ: |1 − γμ|
 * > 1 at μ = ±i. Oracle calls per step: 1. Source: Arrow, Hurwicz, Uzawa 1958.
 */
export function gda(options: GdaOptions): Method<PointState> {
  const { stepSize } = parseOptions('method gda', gdaTable, options);
  return {
    name: 'gda',
    options: { stepSize },
    init: startAt,
    restart: moveTo,
    begin(space) {
      const stepAt = mover(space, stepSize);
      return function* (s) {
        const move = stepAt(s.k++);
        move(s.z, s.z, yield s.z); // z⁺ = (I + γA)⁻¹(z − γF(z))
      };
    },
  };
}

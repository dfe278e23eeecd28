import { copy, parseOptions, waxpy, type Method, type OptionTable, type Vector } from '@stillpoint/operators';
import { halves, type StepSize } from '../move.js';
import * as option from '../options.js';

/** Options of {@link forwardBackwardForward}. */
export interface ForwardBackwardForwardOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/** Options of {@link forwardBackwardForward}: what is accepted, and the defaults. */
export const forwardBackwardForwardTable: OptionTable<ForwardBackwardForwardOptions> = {
  stepSize: option.γ('0.7'),
};

/** w is Tseng's iterate, which may lie outside the constraints; z, the point to take, lies inside. */
export type ForwardBackwardForwardState = { readonly z: Vector; readonly w: Vector; k: number };

/**
 * Tseng's forward–backward–forward splitting:
 *   z̄  = (I + γA)⁻¹(w − γF(w))
 *   w⁺ = z̄ − γ(F(z̄) − F(w))
 *   z⁺ = z̄ under constraints, w⁺ without
 *
 * Assumes F monotone and L-Lipschitz, also where w lies, γ < 1/L. One resolvent per step (extragradient takes
 * two); without constraints the two are one method. Oracle calls per step: 2.
 * Source: Tseng, "A modified forward-backward splitting method for maximal monotone mappings", 2000.
 */
export function forwardBackwardForward(
  options: ForwardBackwardForwardOptions,
): Method<ForwardBackwardForwardState> {
  const { stepSize } = parseOptions('method forward-backward-forward', forwardBackwardForwardTable, options);
  return {
    name: 'forward-backward-forward',
    options: { stepSize },
    init: (space, z0) => ({ z: space.copy(z0), w: space.copy(z0), k: 0 }),
    restart(s, z) {
      for (const point of [s.z, s.w]) copy(point, z);
    },
    points: (s) => ({ iterate: s.w }),
    begin(space) {
      const [F, bar] = [space.vector(), space.vector()];
      const halvesAt = halves(space, stepSize);
      return function* (s) {
        const { forward, backward } = halvesAt(s.k++);
        forward(bar, s.w, copy(F, yield s.w));
        backward(bar); // z̄  = (I + γA)⁻¹(w − γF(w))
        const G = yield bar;
        waxpy(G, G, -1, F);
        forward(s.w, bar, G); // w⁺ = z̄ − γ(F(z̄) − F(w))
        copy(s.z, space.constraint ? bar : s.w);
      };
    },
  };
}

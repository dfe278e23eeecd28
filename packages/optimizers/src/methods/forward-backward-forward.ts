import { copy, waxpy, type Method } from '@stillpoint/operators';
import { halves, type StepSize } from '../move.js';
import { moveTo, startAt, type PointState } from '../point.js';

/** Options of {@link forwardBackwardForward}. */
export interface ForwardBackwardForwardOptions {
  /** γ > 0, or one per player. */
  readonly stepSize: StepSize;
}

/**
 * Tseng's forward–backward–forward splitting:
 *   z̄  = (I + γA)⁻¹(z − γF(z))
 *   z⁺ = z̄ − γ(F(z̄) − F(z))
 *
 * Assumes F monotone and L-Lipschitz, γ < 1/L. One resolvent per step (extragradient takes two); without constraints the two
 * are one method. z may lie outside the constraints, z̄ never does. Oracle calls per step: 2.
 * Source: Tseng, "A modified forward-backward splitting method for maximal monotone mappings", 2000.
 */
export function forwardBackwardForward({ stepSize }: ForwardBackwardForwardOptions): Method<PointState> {
  return {
    name: 'forward-backward-forward', options: { stepSize }, init: startAt, restart: moveTo,
    begin(space) {
      const [F, bar] = [space.vector(), space.vector()];
      const halvesAt = halves(space, stepSize);
      return function* (s) {
        const { forward, backward } = halvesAt(s.k++);
        forward(bar, s.z, copy(F, yield s.z));
        backward(bar);                                          // z̄  = (I + γA)⁻¹(z − γF(z))
        const G = yield bar;
        waxpy(G, G, -1, F);
        forward(s.z, bar, G);                                   // z⁺ = z̄ − γ(F(z̄) − F(z))
      };
    },
  };
}

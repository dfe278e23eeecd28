import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { halves } from '../../move.js';
import * as option from '../../options.js';

/**
 * Tseng's forward–backward–forward splitting:
 *   z̄  = (I + γA)⁻¹(w − γF(w))
 *   w⁺ = z̄ − γ(F(z̄) − F(w))
 *   z⁺ = z̄ under constraints, w⁺ without
 *
 * Assumes F monotone and L-Lipschitz, also at w, γ < 1/L. One resolvent per step (extragradient takes two);
 * without constraints the two methods are the same. Oracle calls per step: 2.
 * Source: Tseng, "A modified forward-backward splitting method for maximal monotone mappings", 2000.
 */
export const forwardBackwardForward = method({
  name: 'forward-backward-forward',
  group: 'monotone',
  about: 'extragradient with one projection instead of two',
  when: 'if the projection costs more than F; it evaluates F outside the constraints, too',
  assumptions: 'F monotone and L-Lipschitz, γ < 1/L',
  reference: 'Tseng 2000',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.7 }),
  },
  calls: () => 2,
  memory: 4,
  elementwise: true,
  /** w is Tseng's iterate, which may lie outside the constraints; z, the recommended point, lies inside. */
  init: (space, z0) => ({ z: space.copy(z0), w: space.copy(z0), k: 0 }),
  restart(s, z) {
    for (const point of [s.z, s.w]) copy(point, z);
  },
  points: (s) => ({ iterate: s.w }),
  begin(space, { stepSize }) {
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
});

import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { halves } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

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
export const cegPlus = method({
  name: 'ceg-plus',
  group: 'weak Minty',
  about: 'EG+ under constraints',
  when: 'constrained weak Minty games with ρ < 0; the smaller ᾱ, the lower ρ may be',
  assumptions:
    'weak Minty of A + F, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate; at γ = 1/L itself z may stay outside the constraints',
  reference: 'Pethick, Latafat, Patrinos, Fercoq, Cevher 2022, arXiv 2302.09831',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.9 }),
    relaxation: option.relaxation(),
  },
  calls: () => 2,
  memory: 3,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize, relaxation: ᾱ }) {
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
});

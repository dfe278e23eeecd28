import { copy, mix } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Relaxed approximate proximal point:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γF(w)), always from the anchor z
 *   z⁺ = (1 − λ)z + λw
 *
 * Assumes A + F ρ-comonotone, F L-Lipschitz, γ in (max(0, −2ρ), 1/L), so ρ > −1/(2L), or γ > −ρ and λ < 2(γ +
 * ρ)/γ, so ρ > −1/L; the inner loop contracts by the factor γL, and τ must be large enough for that factor;
 * at γ = 1/L no τ is. τ = 1 is gda with step λγ, τ = 2 without constraints is EG+. Oracle calls per step: τ.
 * Source: Pethick, Xie, Cevher, "Stable nonconvex-nonconcave training via linear interpolation", 2023, arXiv
 * 2310.13459.
 */
export const rapp = method({
  name: 'rapp',
  group: 'proximal point',
  about: 'relaxed approximate proximal point: steps part of the way to the resolvent',
  when: 'comonotone games, also constrained; games with limit cycles, with γ > 1/L and many inner steps',
  assumptions: 'ρ-comonotone, γ in (−2ρ, 1/L), τ large enough for γL; with λ < 2(γ + ρ)/γ down to ρ > −1/L',
  reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  options: { stepSize: option.stepSize({ perLipschitz: 0.9 }), ...option.proximal },
  calls: ({ innerSteps: τ }) => τ,
  memory: 2,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize, innerSteps: τ, weight: λ }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      copy(w, s.z);
      for (let t = 0; t < τ; t++) move(w, s.z, yield w); // w ← (I + γA)⁻¹(z − γF(w))
      mix(s.z, λ, w); // z⁺ = (1 − λ)z + λw
    };
  },
});

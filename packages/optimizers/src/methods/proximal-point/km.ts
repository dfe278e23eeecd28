import { copy, distance, mix, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Inexact Krasnosel'skii–Mann iteration on the resolvent J = (I + γ(A + F))⁻¹:
 *   w = z;  repeat  w⁺ = (I + γA)⁻¹(z − γF(w))  until  ‖e‖ ≤ ε/(k + 1)², e = γ(F(w⁺) − F(w)),  or τ times
 *   z⁺ = (1 − λ)z + λw
 *
 * w = J(z + e) exactly, and J is nonexpansive for γ ≥ −2ρ: so ‖e‖ bounds the error of w, and the errors' sum
 * is finite. Assumes A + F ρ-comonotone, F L-Lipschitz, γ in (max(0, −2ρ), 1/L).
 * Oracle calls per step: 1, and 1 for each inner step, so from 2 to τ + 1.
 * Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, sections 5 and 6; the certificate e is elementary.
 */
export const km = method({
  name: 'km',
  group: 'proximal point',
  about: 'inexact Krasnosel’skii–Mann on the resolvent, with a certified error',
  when: 'as rapp, if the number of inner steps should follow from an error bound',
  assumptions: 'ρ-comonotone, ρ > −1/(2L), γ in (−2ρ, 1/L)',
  reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 0.9 }),
    weight: option.number({
      about: 'how far to move towards the resolvent',
      symbol: 'λ',
      above: 0,
      below: 1,
      default: 0.5,
    }),
    /** ε > 0, in the unit of z: the error allowed in step k is ε/(k + 1)². */
    tolerance: option.tolerance(
      'error allowed in the first step, in the unit of z; in step k divided by (k + 1)²',
      0.1,
    ),
    innerSteps: option.innerSteps('most inner steps', 100),
  },
  calls: ({ innerSteps: τ }) => ({ first: 2, perStep: 2, atMost: τ + 1 }),
  uneven: true,
  memory: 3,
  init: startAt,
  begin(space, { stepSize: γ, weight: λ, tolerance: ε, innerSteps: τ }) {
    const [w, F] = [space.vector(), space.vector()];
    return function* (s) {
      const allowed = ε / (++s.k) ** 2;
      copy(w, s.z);
      copy(F, yield w);
      for (let t = 0; t < τ; t++) {
        waxpy(w, s.z, -γ, F);
        space.prox(w, γ); // w⁺ = (I + γA)⁻¹(z − γF(w))
        const G = yield w;
        const error = γ * distance(G, F);
        if (error <= allowed) break;
        copy(F, G);
      }
      mix(s.z, λ, w); // z⁺ = (1 − λ)z + λw
    };
  },
});

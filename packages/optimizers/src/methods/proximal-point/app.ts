import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';
import { rapp } from './rapp.js';

/**
 * Approximate proximal point: rapp without relaxation, λ = 1:
 *   w = z;  τ times:  w ← (I + γA)⁻¹(z − γF(w)), always from the anchor z
 *   z⁺ = w
 *
 * Assumes A + F monotone, F L-Lipschitz, γ < 1/L; unlike rapp it may cycle if only weak Minty holds, whether
 * γ > 1/L or not. Oracle calls per step: τ. Source: Pethick, Xie, Cevher 2023, arXiv 2310.13459, section 7.
 */
export const app = method({
  name: 'app',
  group: 'proximal point',
  about: 'approximate proximal point: rapp without relaxation',
  when: 'to see the effect of relaxation; otherwise take rapp',
  assumptions: 'A + F monotone, γ < 1/L, τ large enough for γL',
  reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.9 }),
    innerSteps: option.proximal.innerSteps,
  },
  calls: ({ innerSteps: τ }) => τ,
  memory: 2,
  elementwise: true,
  init: startAt,
  begin: (space, options) => rapp({ ...options, weight: 1 }).begin(space),
});

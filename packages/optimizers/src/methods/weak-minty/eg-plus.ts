import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * EG+, extragradient with a shorter second step:
 *   w  = z − γF(z)
 *   z⁺ = z − ᾱγF(w)
 *
 * Assumes weak Minty with ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; the best iterate converges. ᾱ = 1 is
 * extragradient. The theory is without constraints; with them each move is projected, and ceg-plus is the
 * method to take. Oracle calls per step: 2. Source: Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364;
 * the range above: Pethick et al. 2022, arXiv 2302.09831.
 */
export const egPlus = method({
  name: 'eg-plus',
  group: 'weak Minty',
  about: 'extragradient whose second step is shorter',
  when: 'unconstrained weak Minty games with a ρ slightly below 0',
  assumptions: 'weak Minty, ρ > −1/(2L), γ in (−2ρ, 1/L], ᾱ < 1 + 2ρ/γ; best iterate',
  reference: 'Diakonikolas, Daskalakis, Jordan 2021, arXiv 2011.00364',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.9 }),
    relaxation: option.relaxation(),
  },
  calls: () => 2,
  memory: 2,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize, relaxation: ᾱ }) {
    const w = space.vector();
    const lookAt = mover(space, stepSize);
    const stepAt = mover(space, stepSize, ᾱ);
    return function* (s) {
      const [look, step] = [lookAt(s.k), stepAt(s.k)];
      s.k++;
      look(w, s.z, yield s.z); // w  = z − γF(z)
      step(s.z, s.z, yield w); // z⁺ = z − ᾱγF(w)
    };
  },
});

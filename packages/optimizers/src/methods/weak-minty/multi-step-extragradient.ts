import { copy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Extragradient with several exploration steps:
 *   w = z;  τ times:  w ← (I + γ/τ·A)⁻¹(w − (γ/τ)F(w)), each from where the last one ended
 *   z⁺ = (I + ᾱγA)⁻¹(z − ᾱγF(w))
 *
 * Assumes weak Minty; more exploration reaches a more negative ρ: on linear games with γ = 1/L, small ᾱ and τ
 * = 1, 2, ∞ it converges for ρL > −1/2, −0.5764 and −0.6736 (computed by Stillpoint). τ = 1 is EG+.
 * Oracle calls per step: τ + 1. Source: Fan, Li, Chen, "Weaker MVI condition: extragradient methods with
 * multi-step exploration", 2024 (ICLR). Only its abstract and reviews were read; it reports −0.5834 for two
 * steps, so its exploration steps must be longer in total. Equal shares of γ are Stillpoint's choice.
 */
export const multiStepExtragradient = method({
  name: 'multi-step-extragradient',
  group: 'weak Minty',
  about: 'EG+ that explores with several steps',
  when: 'weak Minty games with a lower ρ than EG+ allows, if they are not known to be comonotone',
  assumptions: 'weak Minty; ranges computed on linear games only: ρ > −0.576/L for τ = 2, small ᾱ',
  reference: 'Fan, Li, Chen 2024 (ICLR)',
  options: {
    /** γ > 0, the length of all exploration steps together, or one per player. */
    stepSize: option.stepSize(),
    innerSteps: option.innerSteps('exploration steps', 2),
    relaxation: option.relaxation(),
  },
  calls: ({ innerSteps: τ }) => τ + 1,
  memory: 2,
  elementwise: true,
  init: startAt,
  begin(space, { stepSize, innerSteps: τ, relaxation: ᾱ }) {
    const w = space.vector();
    const lookAt = mover(space, stepSize, 1 / τ);
    const stepAt = mover(space, stepSize, ᾱ);
    return function* (s) {
      const [look, step] = [lookAt(s.k), stepAt(s.k)];
      s.k++;
      copy(w, s.z);
      for (let t = 0; t < τ; t++) look(w, w, yield w); // w ← w − (γ/τ)F(w)
      step(s.z, s.z, yield w); // z⁺ = z − ᾱγF(w)
    };
  },
});

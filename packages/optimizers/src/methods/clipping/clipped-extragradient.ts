import { clipByNorm, scale } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { enter, figuresOf, tally } from '../../transforms/tally.js';

/**
 * Extragradient, with a step size that is chosen at z for both halves, one norm for all players:
 *   h  = γ·min(1, c/‖F(z)‖)
 *   w  = (I + γA)⁻¹(z − hF(z))
 *   z⁺ = (I + γA)⁻¹(z − ᾱhF(w))
 * `transform(extragradient, clip-by-global-norm)` clips F(w) by its own norm, and this proof is not of that.
 *
 * Assumes ‖J(z)‖ ≤ L₀ + L₁‖F(z)‖. Let G = ‖F(z)‖ and, without constraints, ᾱ = 1. By Grönwall’s inequality
 *   ‖F(w) − F(z)‖ ≤ (L₀ + L₁G)(exp(L₁hG) − 1)/L₁ ≤ qG,   q = (L₀ + L₁c)(exp(L₁γc) − 1)/(L₁c),
 * as the middle, divided by G, grows up to G = c and falls beyond. If F is monotone, or if only
 * ⟨F(w), w − z*⟩ ≥ 0, then
 *   ‖z⁺ − z*‖² = ‖z − z*‖² − 2h⟨F(w), w − z*⟩ − 2h²⟨F(w), F(z)⟩ + h²‖F(w)‖²
 *              ≤ ‖z − z*‖² − h²G² + h²‖F(w) − F(z)‖² ≤ ‖z − z*‖² − (1 − q²)h²G².
 * So with q < 1 it takes ‖z₀ − z*‖²/((1 − q²)γ²ε²) steps at most until some ‖F(z)‖ ≤ ε, for ε < c. Under weak
 * Minty h must be long enough, and ᾱ < 1 lets it be shorter: certificates/extragradient-smooth.ts. With the
 * defaults q = 0.7.
 * Oracle calls per step: 2.
 *
 * Source: Korpelevich 1976; the clip: Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881. Both together, with
 * this proof, are Stillpoint’s.
 */
export const clippedExtragradient = method({
  name: 'clipped-extragradient',
  group: 'clipping',
  about: 'extragradient whose step is no longer than γc',
  when: 'monotone games in which F grows faster than linearly, so that no one step size suits all of the way',
  assumptions: '(L₀, L₁)-smooth, monotone or weak Minty, (L₀ + L₁c)(exp(L₁γc) − 1) < L₁c',
  reference: 'Korpelevich 1976; Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    stepSize: option.clippedExtragradientStepSize,
    threshold: option.threshold,
    relaxation: option.relaxation(1),
  },
  calls: () => 2,
  memory: 2,
  unconstrained: true,
  init: (space, z0) => ({ z: space.copy(z0), k: 0, tallies: [tally('')] }),
  figures: ({ tallies }) => figuresOf(tallies),
  begin(space, { stepSize, threshold: c, relaxation: ᾱ }) {
    const w = space.vector();
    const stepAt = mover(space, stepSize);
    return function* (s) {
      const move = stepAt(s.k++);
      const F = yield s.z;
      const G = clipByNorm(F, c);
      enter(s.tallies[0]!, G, G > c ? 1 : 0);
      move(w, s.z, F); // w  = (I + γA)⁻¹(z − hF(z))
      const Fw = yield w;
      scale(Fw, ᾱ * (G > c ? c / G : 1));
      move(s.z, s.z, Fw); // z⁺ = (I + γA)⁻¹(z − ᾱhF(w))
    };
  },
});

import { norm, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Extragradient whose step size follows from (L₀, L₁) and the norm of F at z:
 *   h  = ln(1 + qL₁G/(L₀ + L₁G))/(L₁G),  G = ‖F(z)‖
 *   w  = (I + hA)⁻¹(z − hF(z))
 *   z⁺ = (I + ᾱhA)⁻¹(z − ᾱhF(w))
 * With L₁ = 0 it is q/L₀, extragradient’s, far away hG = ln(1 + q)/L₁. Such steps are at least as long as
 * those of clipped-extragradient with the same q.
 *
 * It is the longest h for which ‖J(z)‖ ≤ L₀ + L₁‖F(z)‖ is known to imply ‖F(w) − F(z)‖ ≤ qG, by Grönwall’s
 * inequality ‖F(w) − F(z)‖ ≤ (L₀ + L₁G)(exp(L₁hG) − 1)/L₁. So the proof at clipped-extragradient applies: if
 * F is monotone, without constraints and with ᾱ = 1,
 *   ‖z⁺ − z*‖² ≤ ‖z − z*‖² − (1 − q²)h²G².
 * Under weak Minty h must be long enough, and ᾱ < 1 lets it be shorter: certificates/extragradient-smooth.ts.
 *
 * Oracle calls per step: 2. Source: Korpelevich 1976; the step size is, with q = 1, that of Vankov,
 * Rodomanov, Nedich, Sankar, Stich 2024, arXiv 2410.10800, for gradient descent. Both together, with this
 * proof, are Stillpoint’s.
 */
export const generalisedSmoothExtragradient = method({
  name: 'generalised-smooth-extragradient',
  group: 'clipping',
  about: 'extragradient whose step size follows from (L₀, L₁) and the norm of F',
  when: 'monotone games where (L₀, L₁) is known; nothing else is to be tuned',
  assumptions: '(L₀, L₁)-smooth, monotone or weak Minty, q < 1',
  reference: 'Korpelevich 1976; Vankov, Rodomanov, Nedich, Sankar, Stich 2024, arXiv 2410.10800',
  options: {
    ...option.smoothPair,
    change: option.number({
      about: 'how much F may change from z to w, as a share of its norm',
      symbol: 'q',
      above: 0,
      to: 1,
      default: 0.7,
    }),
    relaxation: option.relaxation(1),
  },
  check: (pair) => option.checkSmoothPair('generalised-smooth-extragradient', pair),
  calls: () => 2,
  memory: 2,
  init: startAt,
  begin(space, { L0, L1, change: q, relaxation: ᾱ }) {
    const w = space.vector();
    return function* (s) {
      s.k++;
      const F = yield s.z;
      const G = norm(F);
      const h = L1 * G > 0 ? Math.log1p((q * L1 * G) / (L0 + L1 * G)) / (L1 * G) : q / L0;
      waxpy(w, s.z, -h, F);
      space.prox(w, h); // w  = (I + hA)⁻¹(z − hF(z))
      const Fw = yield w;
      waxpy(s.z, s.z, -ᾱ * h, Fw);
      space.prox(s.z, ᾱ * h); // z⁺ = (I + ᾱhA)⁻¹(z − ᾱhF(w))
    };
  },
});

import { InputError, copy, mix, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { anchorAt, reanchor } from '../../point.js';

/**
 * Fast extragradient, β = 1/(k + 1), k = 0, 1, … (so the first step is z₀ − γF(z₀)):
 *   w  = z + β(z₀ − z) − (1 − β)(γ + 2ρ)F(z)
 *   z⁺ = z + β(z₀ − z) − γF(w) − (1 − β)2ρF(z)
 *
 * Assumes F ρ-comonotone with ρ > −1/(2L) and L-Lipschitz, γ = 1/L: the last iterate's ‖F(z)‖² is O(1/k²).
 * The theory is without constraints; with them each move is projected. Oracle calls per step: 2.
 * Source: Lee, Kim, "Fast extra gradient methods for smooth structured nonconvex-nonconcave minimax
 * problems", 2021, arXiv 2106.02326.
 */
export const feg = method({
  name: 'feg',
  group: 'anchored',
  about: 'anchored extragradient that uses the comonotonicity ρ of the game',
  when: 'unconstrained comonotone games with known ρ and L: a last iterate of optimal order',
  assumptions: 'F ρ-comonotone, ρ > −1/(2L), γ = 1/L; ‖F(z)‖² = O(1/k²)',
  reference: 'Lee, Kim 2021, arXiv 2106.02326',
  options: { stepSize: option.oneStepSize(), comonotone: option.comonotone },
  calls: () => 2,
  memory: 5,
  elementwise: true,
  check({ stepSize: γ, comonotone: ρ }) {
    if (!(ρ > -γ / 2))
      throw new InputError(`feg: comonotone is ${ρ}; expected a number above −stepSize/2 = ${-γ / 2}`);
  },
  init: anchorAt,
  restart: reanchor,
  begin(space, { stepSize: γ, comonotone: ρ }) {
    const [a, w, F] = [space.vector(), space.vector(), space.vector()];
    return function* (s) {
      const β = 1 / (s.k++ + 1);
      copy(F, yield s.z);
      mix(copy(a, s.z), β, s.anchor); // z + β(z₀ − z)
      waxpy(w, a, -(1 - β) * (γ + 2 * ρ), F);
      space.prox(w, γ);
      waxpy(s.z, a, -γ, yield w);
      waxpy(s.z, s.z, -(1 - β) * 2 * ρ, F);
      space.prox(s.z, γ);
    };
  },
});

import { InputError, copy, mix, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { reanchor } from '../../point.js';

/**
 * Extra anchored gradient with varying step size, β = 1/(k + 2), k = 0, 1, …:
 *   w  = (I + γA)⁻¹(z + β(z₀ − z) − γF(z))
 *   z⁺ = (I + γA)⁻¹(z + β(z₀ − z) − γF(w))
 *   γ⁺ = γ/(1 − γ²L²) · (1 − (k + 2)²/((k + 1)(k + 3)) · γ²L²)
 *
 * Assumes F monotone and L-Lipschitz, 0 < γ₀ < 3/(4L): the last iterate's ‖F(z)‖² is O(1/k²). γ falls to a
 * positive limit. Oracle calls per step: 2. Source: Yoon, Ryu 2021, arXiv 2102.07922. With constraints the
 * same moves are projected, without a guarantee.
 */
export const eagV = method({
  name: 'eag-v',
  group: 'anchored',
  about: 'eag-c with a longer step, which falls to a limit',
  when: 'as eag-c, if L is known: faster by about the ratio of the step sizes',
  assumptions: 'F monotone and L-Lipschitz, γ₀ < 3/(4L); ‖F(z)‖² = O(1/k²)',
  reference: 'Yoon, Ryu 2021, arXiv 2102.07922',
  options: {
    /** γ₀ in (0, 3/(4L)) (Yoon and Ryu's α₀). */
    stepSize: option.oneStepSize({ perLipschitz: 0.618 }),
    lipschitz: option.number({
      about: 'Lipschitz constant of F',
      symbol: 'L',
      above: 0,
      fallback: 'the game’s, if it states one (facts.lipschitz)',
      fromFacts: ({ lipschitz }) => lipschitz,
    }),
  },
  calls: () => 2,
  memory: 4,
  elementwise: true,
  check({ stepSize, lipschitz: L }) {
    if (!(stepSize < 3 / (4 * L)))
      throw new InputError(
        `eag-v: stepSize is ${stepSize}; expected a number below 3/(4L) = ${3 / (4 * L)}, L = ${L}`,
      );
  },
  /** gamma is γ_k. */
  init: (space, z0, { stepSize }) => ({ z: space.copy(z0), anchor: space.copy(z0), k: 0, gamma: stepSize }),
  restart: (s, z) => reanchor(s, z),
  begin(space, { lipschitz: L }) {
    const [a, w] = [space.vector(), space.vector()];
    return function* (s) {
      const { k, gamma: γ } = s;
      mix(copy(a, s.z), 1 / (k + 2), s.anchor); // z + β(z₀ − z)
      waxpy(w, a, -γ, yield s.z);
      space.prox(w, γ);
      waxpy(s.z, a, -γ, yield w);
      space.prox(s.z, γ);
      const γL2 = (γ * L) ** 2;
      s.gamma = (γ / (1 - γL2)) * (1 - ((k + 2) ** 2 / ((k + 1) * (k + 3))) * γL2);
      s.k++;
    };
  },
});

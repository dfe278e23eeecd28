import { copy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';
import { resolvent, resolventCalls } from '../../inner/resolvent.js';

/**
 * Proximal point, with the resolvent computed by inner forward–backward–forward steps with a line search
 * (resolvent.ts):
 *   z⁺ = (I + γ(A + F))⁻¹(z), up to an error of at most tolerance·‖z⁺ − z‖
 *
 * Assumes A + F maximally monotone, any γ; or ρ-comonotone, F L-Lipschitz and −2ρ < γ < 1/(|ρ|L²), which the
 * inner loop needs. ‖z⁺ − z‖ falls and is O(1/√K).
 * Oracle calls per step: 2 for each inner step, and 1 for each shortening in its line search.
 * Source: Rockafellar, "Monotone operators and the proximal point algorithm", 1976; the relative error as in
 * Solodov, Svaiter 1999.
 */
export const proximalPoint = method({
  name: 'proximal-point',
  group: 'proximal point',
  about: 'steps to the resolvent, computed by an inner loop to a certified error',
  when: 'as the reference that others approximate, and if long steps (γ ≫ 1/L) are worth their cost',
  assumptions: 'A + F monotone, any γ; or ρ-comonotone, −2ρ < γ < 1/(|ρ|L²)',
  reference: 'Rockafellar 1976',
  options: {
    stepSize: option.oneStepSize(),
    /** The error allowed, as a share of the step ‖z⁺ − z‖. */
    tolerance: option.tolerance('error allowed, as a share of the step', 1e-3),
    innerSteps: option.innerSteps('most inner steps', 200),
  },
  calls: (options) => ({ first: 2, perStep: 2, atMost: resolventCalls(options) }),
  uneven: true,
  memory: 5,
  init: startAt,
  begin(space, { stepSize, tolerance, innerSteps }) {
    const w = space.vector();
    const solve = resolvent(space, { stepSize, innerSteps });
    return function* (s) {
      s.k++;
      yield* solve(w, s.z, (moved) => tolerance * moved);
      copy(s.z, w); // z⁺ = (I + γ(A + F))⁻¹(z)
    };
  },
});

// Frank–Wolfe, where f is convex and L-smooth and the set bounded.
import type { OptionsOf } from '../method.js';
import { conditionalGradient } from '../methods/projection-free/conditional-gradient.js';
import { named, noBound, type Says } from './types.js';

/**
 * With s the linear minimiser at z, gap = ⟨∇f(z), z − s⟩ ≥ f(z) − f* and ‖s − z‖ ≤ D, so that smoothness
 * gives
 *   f(z⁺) − f* ≤ f(z) − f* − θ·gap + ½Lθ²D² ≤ (1 − θ)(f(z) − f*) + ½Lθ²D²
 * and θ = 2/(k + 2) makes it 2LD²/(k + 2) by induction, from the first step on, whose θ is 1.
 * Source: Jaggi 2013, theorem 1, with C_f ≤ LD². Not of the line search, which is exact for quadratics only.
 */
export const frankWolfe: Says<OptionsOf<typeof conditionalGradient>> = ({ step }, known) => {
  const { L, diameter: D, comonotone } = known;
  if (step !== 'open-loop')
    return noBound('the bound is of open-loop steps; its line search is exact for quadratics only');
  if (comonotone === undefined || comonotone < 0)
    return noBound('f is not known to be convex: the game states no comonotone ≥ 0');
  if (D === undefined) return noBound('the diameter of the set is not known');
  return named('frank-wolfe', {
    measure: 'last f(z) − f*',
    measured: { quantity: 'f(z) − f*', when: 'last', stepSize: 1 },
    statement: 'f convex and L-smooth on a set of diameter D: f(z) − f* ≤ 2LD²/(k + 2)',
    at: (k) => (k === 0 ? Infinity : (2 * L * D ** 2) / (k + 2)),
  });
};

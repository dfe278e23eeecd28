import { copy, waxpy } from '@stillpoint/operators';
import { proximalGaussNewton, proximalLbfgs } from '../../inner/proximal-objective.js';
import { method } from '../../method.js';
import { checkNeeds } from '../../needs.js';
import * as option from '../../options.js';

/** Residuals with more entries on the shorter side of their Jacobian are left to L-BFGS. */
const DENSE = 500;

/**
 * The alternating direction method of multipliers for f(x) + g(z) with x = z, g the problem's constraint, a
 * set or any proximal function; u is the scaled multiplier:
 *   x = argmin f(x) + ‖x − z + u‖²/(2γ),   z⁺ = prox_γg(x + u),   u⁺ = u + x − z⁺
 * which is Douglas–Rachford splitting, x + u its point. The first line is solved as in implicit-gradient:
 * exactly by one Gauss–Newton step for ½‖r‖² of a linear residual r with at most 500 entries on the shorter
 * side of its Jacobian, else by an inner L-BFGS.
 *
 * For convex f and g it converges for every γ > 0 if a solution exists; how fast depends on γ, whose good
 * values are about the size of z over that of ∇f. Every z lies in the set. Oracle calls per step: a residual
 * and min(m, N) products for each inner step and a residual for each trial; with L-BFGS a gradient with its
 * loss for each trial. Source: Eckstein, Bertsekas, "On the Douglas–Rachford splitting method and the
 * proximal point algorithm for maximal monotone operators", 1992.
 */
export const admm = method({
  name: 'admm',
  group: 'proximal point',
  about:
    'alternates between an implicit step on the loss and a prox of the constraint, joined by a multiplier',
  when: 'a loss and a constraint of which each alone is easy, as least squares with a norm or a cone',
  assumptions: 'one player, f and g convex: converges for any γ > 0',
  reference: 'Eckstein, Bertsekas 1992',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 10 }),
    tolerance: option.tolerance('size of the gradient at which the solver for x stops, relative', 1e-8),
    innerSteps: option.innerSteps('most inner steps', 50),
  },
  calls: (_, { losses }) => ({ first: 1 + losses, perStep: 1 + losses, atMost: Infinity }),
  uneven: true,
  memory: 'with residuals m + 8, m the length of the residual; without 30',
  players: 1,
  /** u is the multiplier, in the unit of z. */
  init: (space, z0) => ({ z: space.copy(z0), u: space.vector(), k: 0 }),
  begin(space, { stepSize, tolerance, innerSteps: most }) {
    const [x, from] = [space.vector(), space.vector()];
    const stop = { stepSize, tolerance, most };
    let solve;
    if (space.residuals !== undefined && Math.min(space.residuals, space.dim) <= DENSE) {
      checkNeeds('admm', ['residuals'], space);
      solve = proximalGaussNewton(space, stop);
    } else {
      checkNeeds('admm', ['losses'], space);
      solve = proximalLbfgs(space, stop);
    }
    return function* (s) {
      s.k++;
      waxpy(from, s.z, -1, s.u);
      const { reached } = yield* solve(x, from);
      if (!reached) space.note('the solver for x did not reach its tolerance');
      waxpy(x, x, 1, s.u); // x + u
      copy(s.z, x);
      space.prox(s.z, stepSize);
      waxpy(s.u, x, -1, s.z); // u + x − z⁺
    };
  },
});

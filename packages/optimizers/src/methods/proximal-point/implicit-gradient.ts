import { copy } from '@stillpoint/operators';
import { proximalGaussNewton, proximalLbfgs } from '../../inner/proximal-objective.js';
import { method } from '../../method.js';
import { checkNeeds } from '../../needs.js';
import * as option from '../../options.js';

/** Residuals with more entries on the shorter side of their Jacobian are left to L-BFGS. */
const DENSE = 500;

/**
 * Implicit gradient descent, the proximal point step on a loss f of one player:
 *   z⁺ = argmin_v φ(v),  φ(v) = f(v) + ‖v − z‖²/(2η),  so that  z⁺ = z − η∇f(z⁺)
 * on one draw of f where it is sampled (implicit SGD). solver: `gauss-newton` for f = ½‖r‖² + λh, by
 * Woodbury's identity; `lbfgs` for any f; `auto` the first where the problem has a residual of at most 500
 * entries. z⁺ is taken only if φ(z⁺) ≤ f(z), so in each step, whatever η and however far the solver came,
 *   f(z⁺) + ‖z⁺ − z‖²/(2η) ≤ f(z)  on that draw,
 * or ‖∇φ(z⁺)‖ < ‖∇φ(z)‖ where they differ by at most √u·f(z), u the unit roundoff: rounding may hide as much.
 *
 * Any η > 0 is stable: on linear residuals s⁺ = (I + ηJJᵀ)⁻¹s; a large η makes the inner problem harder, no
 * step too long. On one row of least squares z⁺ = z − η(aᵀz − b)a/(1 + η‖a‖²).
 * Oracle calls per step: with Gauss–Newton a residual and min(m, N) products for each inner step, a residual
 * for each trial; with L-BFGS a gradient with its loss for each trial.
 * Source: Xu, Du, Kong, Shan, Li, Huang, "Convergence of implicit gradient descent for training two-layer
 * physics-informed neural networks", 2024, arXiv 2407.02827; Li, Chen, Huang, "Implicit stochastic gradient
 * descent for training physics-informed neural networks", 2023, arXiv 2303.01767.
 */
export const implicitGradient = method({
  name: 'implicit-gradient',
  group: 'proximal point',
  about: 'the gradient step with the gradient at its end: stable for every step size',
  when: 'stiff losses, as those of differential equations, where an explicit step must be very short',
  assumptions: 'one player; f falls in each step for any η > 0; no constraints',
  reference: 'Xu et al. 2024, arXiv 2407.02827; Li, Chen, Huang 2023, arXiv 2303.01767',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 10 }),
    solver: option.choice({
      about: 'what solves for z⁺',
      among: ['auto', 'gauss-newton', 'lbfgs'],
      default: 'auto',
    }),
    tolerance: option.tolerance('size of ∇φ at which the solver stops, as a share of that at z', 1e-6),
    innerSteps: option.innerSteps('most inner steps', 50),
  },
  calls: (_, { losses }) => ({ first: 1 + losses, perStep: 1 + losses, atMost: Infinity }),
  uneven: true,
  memory: 'with gauss-newton m + 5, m the length of the residual; with lbfgs 27',
  players: 1,
  unconstrained: true,
  /** inner counts the solver's steps; refused those that were not taken. */
  init: (space, z0) => ({ z: space.copy(z0), k: 0, inner: 0, refused: 0 }),
  figures: ({ inner, refused }) => ({ 'inner steps': inner, 'steps not taken': refused }),
  begin(space, { stepSize, solver, tolerance, innerSteps: most }) {
    const v = space.vector();
    const short = space.residuals !== undefined && Math.min(space.residuals, space.dim) <= DENSE;
    const stop = { stepSize, tolerance, most };
    let solve;
    if (solver === 'gauss-newton' || (solver === 'auto' && short)) {
      checkNeeds('implicit-gradient(solver=gauss-newton)', ['residuals'], space);
      solve = proximalGaussNewton(space, stop);
    } else {
      checkNeeds('implicit-gradient', ['losses'], space);
      solve = proximalLbfgs(space, stop);
    }
    return function* (s) {
      s.k++;
      const { iterations, reached, fell } = yield* solve(v, s.z);
      s.inner += iterations;
      if (!reached) space.note('the solver of the implicit step did not reach its tolerance');
      if (fell) copy(s.z, v);
      else s.refused++;
    };
  },
});

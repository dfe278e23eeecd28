import { copy, distance, waxpy } from '@stillpoint/operators';
import { lbfgsWith } from '../../inner/proximal-objective.js';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * The method of multipliers for f(x) + g(z) with x = z, g the problem's constraint, a set or any proximal
 * function, on the proximal augmented Lagrangian; u is the scaled multiplier:
 *   x⁺ = argmin f(x) + M(x + u),   z⁺ = prox_γg(x⁺ + u),   u⁺ = u + x⁺ − z⁺
 *   M(v) = min_w g(w) + ‖w − v‖²/(2γ),   ∇M(v) = (v − prox_γg(v))/γ
 * M, the Moreau envelope of g, is smooth, so that x and z are minimised together, which admm does in turn.
 * The first line is solved by L-BFGS from x, up to a gradient of `tolerance` times the first step's.
 *
 * For convex f and g each step is a proximal point step on the dual: with exact steps ‖u − u*‖ never rises,
 * for any γ, and the smaller γ, the fewer steps, each of which is then harder. Every z lies in the set.
 * Oracle calls per step: a gradient with its loss for each trial. Source: Neil K. Dhingra, Sei Zhen Khong,
 * Mihailo R. Jovanović, "The proximal augmented Lagrangian method for nonsmooth composite optimization",
 * 2016, arXiv 1610.04514.
 */
export const augmentedLagrangian = method({
  name: 'augmented-lagrangian',
  group: 'proximal point',
  about:
    'the method of multipliers: the loss is minimised with the constraint’s envelope, then a multiplier moves',
  when: 'a smooth loss and a constraint with a cheap prox; few steps, each of many gradients',
  assumptions: 'one player, f and g convex: converges for any γ > 0',
  reference: 'Dhingra, Khong, Jovanović 2016, arXiv 1610.04514',
  options: {
    stepSize: option.oneStepSize({ perLipschitz: 10 }),
    tolerance: option.tolerance('size of the gradient at which the solver for x stops, relative', 1e-8),
    innerSteps: option.innerSteps('most inner steps', 50),
  },
  calls: (_, { losses }) => ({ first: 1 + losses, perStep: 1 + losses, atMost: Infinity }),
  uneven: true,
  memory: 32,
  players: 1,
  needs: ['losses', 'constraint'],
  /** u is the multiplier, in the unit of z; size is that of the first step's gradient. */
  init: (space, z0) => ({ z: space.copy(z0), x: space.copy(z0), u: space.vector(), size: 0, k: 0 }),
  begin(space, { stepSize: γ, tolerance, innerSteps: most }) {
    const { constraint } = space;
    const [at, p, u] = [space.vector(), space.vector(), space.vector()];
    let size = 0;
    const solve = lbfgsWith(
      space,
      (x, out) => {
        waxpy(at, x, 1, u);
        space.prox(copy(p, at), γ);
        waxpy(out, out, 1 / γ, at);
        waxpy(out, out, -1 / γ, p);
        // of a set g is 0 at every p
        const g = constraint.support ? 0 : (constraint.value?.(p) ?? 0);
        return g + distance(at, p) ** 2 / (2 * γ);
      },
      { least: (first) => tolerance * (size ||= first), most, stepSize: Infinity },
    );
    return function* (s) {
      size = s.size;
      copy(u, s.u);
      const { reached } = yield* solve(s.x);
      if (!reached) space.note('the solver for x did not reach its tolerance');
      s.size = size;
      waxpy(at, s.x, 1, u); // x⁺ + u
      space.prox(copy(s.z, at), γ);
      waxpy(s.u, at, -1, s.z); // u + x⁺ − z⁺
      s.k++;
    };
  },
});

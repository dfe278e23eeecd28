import { copy, scale, waxpy, type Asking, type Vector } from '@stillpoint/operators';
import { leastSquares } from '../../inner/least-squares.js';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Competitive gradient descent: the players step to the equilibrium of the game's bilinear approximation
 * around z; with C, the blocks of J that couple different players:
 *   Δ = −γ(I + γC(z))⁻¹F(z),   z⁺ = (I + γA)⁻¹(z + Δ)
 * For f(x, y) zero-sum: Δx = −γ(I + γ²D_xy D_yx)⁻¹(∇_x f + γD_xy∇_y f), and likewise Δy. The solve is by
 * conjugate gradients.
 *
 * On bilinear games it is the proximal point step. Converges locally if γ‖diagonal blocks of J‖ is small
 * compared with γ²C². Oracle calls per step: 1, and per iteration of the solve one product with J and one
 * with Jᵀ for each player. Source: Schäfer, Anandkumar, "Competitive gradient descent", 2019, arXiv
 * 1905.12103.
 */
export const competitiveGradient = method({
  name: 'competitive-gradient',
  group: 'second-order',
  about: 'steps to the equilibrium of the game’s bilinear approximation',
  when: 'strong coupling between players, if Jacobian products are affordable',
  assumptions: 'local; on bilinear games any γ',
  reference: 'Schäfer, Anandkumar 2019, arXiv 1905.12103',
  options: {
    /** γ > 0 (η in the source), one for all players. */
    stepSize: option.oneStepSize(),
    ...option.solver,
  },
  calls({ innerSteps }, { shares, product, transposedProduct }) {
    const least = 1 + shares.length * transposedProduct;
    const atMost = least + shares.length * innerSteps * (product + transposedProduct);
    return { first: least, perStep: least, atMost };
  },
  uneven: true,
  memory: 7,
  needs: ['products'],
  unconstrained: true,
  init: startAt,
  begin(space, { stepSize: γ, tolerance, innerSteps }) {
    const [Δ, F, own] = [space.vector(), space.vector(), space.vector()];
    const solve = leastSquares(space, { innerSteps, tolerance });
    return function* (s) {
      s.k++;
      /** out = v + γCv. */
      function* coupled(out: Vector, v: Vector, transposed: boolean): Asking {
        copy(out, v);
        for (const { start, end } of space.players) {
          scale(copy(own, v), 0, 0, start);
          scale(own, 0, end);
          const product = yield { want: 'product', at: s.z, along: own, transposed };
          waxpy(out, out, γ, product, 0, start);
          waxpy(out, out, γ, product, end);
        }
      }
      copy(F, yield s.z);
      yield* solve(Δ, F, coupled);
      waxpy(s.z, s.z, -γ, Δ);
      space.prox(s.z, γ);
    };
  },
});

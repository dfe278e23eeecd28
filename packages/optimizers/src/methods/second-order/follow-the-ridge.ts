import { InputError, copy, scale, waxpy, type Asking, type Vector } from '@stillpoint/operators';
import { leastSquares } from '../../inner/least-squares.js';
import { method } from '../../method.js';
import { halves } from '../../move.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Follow the ridge: gradient descent–ascent whose second player y also moves along the ridge F_y = 0 as the
 * first one, x, moves:
 *   x⁺ = x − γF_x,   y⁺ = y − γF_y + J_yy⁻¹J_yx γF_x
 * For f(x, y) zero-sum: y⁺ = y + γ∇_y f + γH_yy⁻¹H_yx∇_x f. The solve is by conjugate gradients; if J_yy is
 * singular, the solution of least norm is taken.
 *
 * Its stable points are exactly the local minimax points (x the leader), for small γ. Two players only.
 * Oracle calls per step: 1, one product with J, and per iteration of the solve one with J and one with Jᵀ.
 * Source: Wang, Zhang, Ba, "On solving minimax optimization locally: a follow-the-ridge approach", 2020,
 * arXiv 1910.07512.
 */
export const followTheRidge = method({
  name: 'follow-the-ridge',
  group: 'second-order',
  about: 'the follower moves along its ridge as the leader moves',
  when: 'local minimax points of nonconvex–nonconcave games, if the rules of the game let players move one after the other',
  assumptions: 'two players, x leads; stable exactly at local minimax points, small γ',
  reference: 'Wang, Zhang, Ba 2020, arXiv 1910.07512',
  options: {
    stepSize: option.stepSize({ perLipschitz: 0.5 }),
    ...option.solver,
  },
  calls({ innerSteps }, { product, transposedProduct }) {
    const least = 1 + product + transposedProduct;
    return { first: least, perStep: least, atMost: least + innerSteps * (product + transposedProduct) };
  },
  uneven: true,
  memory: 7,
  players: 2,
  needs: ['products'],
  unconstrained: true,
  init: startAt,
  begin(space, { stepSize, tolerance, innerSteps }) {
    const [, follower] = space.players;
    if (follower === undefined || space.players.length !== 2)
      throw new InputError(
        `follow-the-ridge needs two players, the leader first; this game has ${space.players.map(({ name }) => name).join(', ')}`,
      );
    const { start, end } = follower;
    const [F, lead, turn] = [space.vector(), space.vector(), space.vector()];
    const solve = leastSquares(space, { innerSteps, tolerance });
    const halvesAt = halves(space, stepSize);
    const onlyFollower = (v: Vector): Vector => {
      scale(v, 0, 0, start);
      scale(v, 0, end);
      return v;
    };
    return function* (s) {
      const { forward, backward } = halvesAt(s.k++);
      function* ridge(out: Vector, v: Vector, transposed: boolean): Asking {
        onlyFollower(copy(out, yield { want: 'product', at: s.z, along: v, transposed })); // J_yy v
      }
      copy(F, yield s.z);
      waxpy(turn, F, -1, F);
      forward(turn, turn, F); // −γF
      scale(copy(lead, turn), -1);
      scale(lead, 0, start, end); // γF_x
      onlyFollower(copy(lead, yield { want: 'product', at: s.z, along: lead }));
      yield* solve(turn, lead, ridge); // J_yy⁻¹J_yx γF_x
      forward(s.z, s.z, F);
      waxpy(s.z, s.z, 1, turn);
      backward(s.z);
    };
  },
});

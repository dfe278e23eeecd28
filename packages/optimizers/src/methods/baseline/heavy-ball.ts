import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * The heavy ball, in the form for which its theory is stated; z₋ is the point before z, at first z itself:
 *   z⁺ = (I + γA)⁻¹(z − γF(z) + β(z − z₋))
 * With b = (1 − β)/√γ, in the time k√γ, it is a discretisation of z″ + bz′ + F(z) = 0.
 *
 * On L-smooth convex quadratics it converges for γ < 2(1 + β)/L. On bilinear games it diverges for every γ.
 * Without constraints and with one step size it is `sgd-momentum`; but a schedule of γ scales only the
 * gradient of its own step, and points where it rests are solutions under any A. Oracle calls per step: 1.
 * Source: Polyak 1964; for wide networks Bu, Xu, Chen, "A dynamical view on optimization algorithms of
 * overparameterized neural networks", 2021, arXiv 2010.13165.
 */
export const heavyBall = method({
  name: 'heavy-ball',
  group: 'baseline',
  about: 'a gradient step, and a share of the step before',
  when: 'smooth minimisation, badly conditioned; not for bilinear games',
  assumptions: 'convex quadratics: γ < 2(1 + β)/L',
  reference: 'Polyak 1964',
  options: {
    stepSize: option.averagedStepSize,
    momentum: option.shareOfLastStep(0.9),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** v is z − z₋. */
  init: (space, z0) => ({ z: space.copy(z0), v: space.vector(), k: 0 }),
  begin(space, { stepSize, momentum: β }) {
    const stepAt = mover(space, stepSize);
    const w = space.vector();
    return function* (s) {
      const move = stepAt(s.k++);
      waxpy(w, s.z, β, s.v); // w = z + β(z − z₋)
      const g = yield s.z;
      copy(s.v, s.z);
      move(s.z, w, g);
      waxpy(s.v, s.z, -1, s.v);
    };
  },
});

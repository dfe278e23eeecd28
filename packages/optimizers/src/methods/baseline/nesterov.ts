import { copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Nesterov's accelerated gradient with a growing momentum; z₋ is the point before z, and k = 1 after the
 * first step, which is a plain one:
 *   y = z + (k − 1)/(k + d − 1)·(z − z₋),   z⁺ = (I + γA)⁻¹(y − γF(y))
 * In the time k√γ it is a discretisation of z″ + (d/t)z′ + F(z) = 0; d = 3 is Nesterov's.
 *
 * For convex f with L-smooth gradient, γ ≤ 1/L and d ≥ 3:  f(z) − f* ≤ (d − 1)²‖z₀ − z*‖²/(2γ(k + d − 2)²),
 * by the proof of Beck and Teboulle 2009 with t_k = (k + d − 2)/(d − 1), since t_(k+1)² − t_(k+1) ≤ t_k². On
 * quadratics, along an eigenvector of λ > 0, the loss falls as k^−d·(1 − γλ)ᵏ: a power first, linearly in the
 * end. On bilinear games it diverges. Oracle calls per step: 1. Source: Su, Boyd, Candès, "A differential
 * equation for modeling Nesterov's accelerated gradient method: theory and insights", 2016, arXiv 1503.01243.
 */
export const nesterov = method({
  name: 'nesterov',
  group: 'baseline',
  about: 'accelerated gradient: gradients ahead of the point, by a share of the last step that grows to 1',
  when: 'smooth convex minimisation whose conditioning is not known; exact gradients; not for bilinear games',
  assumptions: 'f convex, γ ≤ 1/L, d ≥ 3: f − f* = O(1/k²)',
  reference: 'Su, Boyd, Candès 2016, arXiv 1503.01243',
  options: {
    stepSize: option.averagedStepSize,
    friction: option.number({
      about: 'how slowly the momentum grows: (k − 1)/(k + d − 1)',
      symbol: 'd',
      above: 0,
      default: 3,
    }),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** v is z − z₋. */
  init: (space, z0) => ({ z: space.copy(z0), v: space.vector(), k: 0 }),
  begin(space, { stepSize, friction: d }) {
    const stepAt = mover(space, stepSize);
    const y = space.vector();
    return function* (s) {
      const move = stepAt(s.k);
      waxpy(y, s.z, s.k > 1 ? (s.k - 1) / (s.k + d - 1) : 0, s.v);
      s.k++;
      const g = yield y;
      copy(s.v, s.z);
      move(s.z, y, g);
      waxpy(s.v, s.z, -1, s.v);
    };
  },
});

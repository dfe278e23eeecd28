import { InputError, copy, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Momentum of two lags; z₋ is the point before z, z₋₋ the one before that, at first z itself:
 *   z⁺ = (I + γA)⁻¹(z − γF(z) + β₁(z − z₋) + β₂(z₋ − z₋₋))
 * Without A its steps are −γB, B = β₁B₋ + β₂B₋₋ + F(z), so gradients of the past fade if the roots of
 * r² = β₁r + β₂ lie inside the unit circle. β₂ = 0 is `heavy-ball`.
 *
 * On L-smooth convex quadratics with β₂ ≥ 0 it converges for γ < 2(1 + β₁ − β₂)/L, and with β₂ < 0 if also γ
 * < (1 + β₂)(1 − β₁ − β₂)/(|β₂|L): by Jury's conditions for the roots of (r − 1)(r² − β₁r − β₂) + γλr². That
 * covers a root r = 1 beside one in (−1, 0), which is therefore allowed; with any other root on the circle or
 * outside no short step converges. Oracle calls per step: 1. Source: Bu, Xu, Chen, "A dynamical
 * view on optimization algorithms of overparameterized neural networks", 2021, arXiv 2010.13165.
 */
export const higherMomentum = method({
  name: 'higher-momentum',
  group: 'baseline',
  about: 'a gradient step, and shares of the two steps before',
  when: 'to study momentum; `heavy-ball` and `nesterov` are what one trains with',
  assumptions: 'convex quadratics: γ < 2(1 + β₁ − β₂)/L for β₂ ≥ 0',
  reference: 'Bu, Xu, Chen 2021, arXiv 2010.13165',
  options: {
    stepSize: option.averagedStepSize,
    momentum: option.number({ about: 'share of the last step', symbol: 'β₁', default: 0.2 }),
    secondMomentum: option.number({ about: 'share of the step before it', symbol: 'β₂', default: 0.5 }),
  },
  check({ momentum: β1, secondMomentum: β2 }) {
    const inside = Math.abs(β2) < 1 && β2 - β1 < 1 && (β1 + β2 < 1 || (β1 + β2 === 1 && β2 > 0));
    if (!inside)
      throw new InputError(
        `higher-momentum: momentum=${β1} with secondMomentum=${β2} makes r² = ${β1}r + ${β2}, with the roots ${rootsInWords(β1, β2)}; expected both inside the unit circle, or 1 and one in (-1, 0)`,
      );
  },
  calls: () => 1,
  memory: 4,
  elementwise: true,
  /** v is z − z₋, u is z₋ − z₋₋. */
  init: (space, z0) => ({ z: space.copy(z0), v: space.vector(), u: space.vector(), k: 0 }),
  begin(space, { stepSize, momentum: β1, secondMomentum: β2 }) {
    const stepAt = mover(space, stepSize);
    const w = space.vector();
    return function* (s) {
      const move = stepAt(s.k++);
      waxpy(w, s.z, β1, s.v);
      waxpy(w, w, β2, s.u);
      const g = yield s.z;
      copy(s.u, s.v);
      copy(s.v, s.z);
      move(s.z, w, g);
      waxpy(s.v, s.z, -1, s.v);
    };
  },
});

/** The roots of r² = β₁r + β₂. */
function rootsInWords(β1: number, β2: number): string {
  const discriminant = β1 * β1 + 4 * β2;
  const [half, root] = [β1 / 2, Math.sqrt(Math.abs(discriminant)) / 2];
  const short = (x: number): string => String(Number(x.toPrecision(6)));
  return discriminant < 0
    ? `${short(half)} ± ${short(root)}i (of modulus ${short(Math.sqrt(-β2))})`
    : `${short(half + root)} and ${short(half - root)}`;
}

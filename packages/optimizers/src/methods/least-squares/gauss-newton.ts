import { InputError, copy, scale, waxpy, type Asking } from '@stillpoint/operators';
import { armijo, roundingOf } from '../../inner/armijo.js';
import { dampedLeastSquares } from '../../inner/damped-least-squares.js';
import { regularised } from '../../inner/regularised.js';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Generalised Gauss–Newton for f(z) = ½‖r(z)‖² + λh(z), with J the Jacobian of r and H = diag(h″(z)):
 *   d = −(JᵀJ + cH)⁻¹(Jᵀr + λ∇h)
 *   z⁺ = z + αd
 * damping: `unit` c = 1, `regularisation` c = λ. These are two methods, between which the source's code
 * changes with the shape of J. step: `self-concordant` α = min(1, ᾱ/(1 + Mη)), η = ‖λ∇h‖ in the metric H⁻¹, M
 * = N^((3 − ν)/2) times the constant of h; `armijo` the first of 1, ½, ¼, … with a sufficient decrease.
 * Without a regulariser H = I and λ = 0.
 *
 * With c = 1 f is measured to fall without tuning. With c = λ a full step may leave for infinity: it is taken
 * with Armijo's step only. Oracle calls per step: a residual and min(m, N) products with J, r of length m;
 * with Armijo a residual for each trial. Source: Adeoye, Petersen, Bemporad, "Regularized Gauss-Newton for
 * optimizing overparameterized neural networks", 2024, arXiv 2404.14875.
 */
export const gaussNewton = method({
  name: 'gauss-newton',
  group: 'least squares',
  about: 'solves the linearised least-squares problem with a diagonal damping, and steps towards it',
  when: 'residuals of a few hundred entries: few steps, each as dear as m gradients',
  assumptions: 'a smooth residual; descent with Armijo’s step, and as measured with damping=unit',
  reference: 'Adeoye, Petersen, Bemporad 2024, arXiv 2404.14875',
  options: {
    damping: option.choice({
      about: 'weight of H in the linear solve: 1, or the regulariser’s',
      symbol: 'c',
      among: ['unit', 'regularisation'],
      default: 'unit',
    }),
    step: option.choice({
      about: 'how long the step is',
      symbol: 'α',
      among: ['self-concordant', 'armijo'],
      default: 'self-concordant',
    }),
    most: option.number({ about: 'the longest self-concordant step', symbol: 'ᾱ', above: 0, default: 0.95 }),
    halvings: option.integer({ about: 'halvings of Armijo’s step at most', from: 0, default: 40 }),
  },
  check({ damping, step }) {
    if (damping === 'regularisation' && step !== 'armijo')
      throw new InputError(
        'gauss-newton: damping=regularisation needs step=armijo: without a line search its steps may leave for infinity',
      );
  },
  calls(_, { residual, residualProduct }) {
    const least = residual + residualProduct;
    return { first: least, perStep: least, atMost: Infinity };
  },
  uneven: true,
  memory: 'm + 5, m the length of the residual',
  needs: ['residuals'],
  unconstrained: true,
  init: startAt,
  begin(space, { damping, step, most: ᾱ, halvings }) {
    const { weight: λ, objective, derivatives, decrement } = regularised(space);
    if (damping === 'regularisation' && λ === 0)
      throw new InputError('gauss-newton: damping=regularisation needs a problem with a regulariser');
    const [p, H, d] = [space.vector(), space.vector(), space.vector()];
    const [r, trial] = [space.vector(space.residuals), space.vector()];
    const solve = dampedLeastSquares(space);
    return function* (s) {
      s.k++;
      copy(r, yield { want: 'residual', at: s.z, sample: 'fresh' });
      derivatives(s.z, p, H);
      const ordinary = Math.min(1, ᾱ / (1 + decrement(p, H)));
      scale(H, damping === 'unit' ? 1 : λ);
      const decrease = yield* solve(d, { at: s.z, r, p, D: H }); // z − d solves the linearised problem
      function* f(a: number): Asking<number> {
        waxpy(trial, s.z, -a, d);
        return objective(yield { want: 'residual', at: trial }, trial);
      }
      const from = objective(r, s.z);
      const line = { from, decrease, halvings, rounding: roundingOf(from, s.z) };
      const α = step === 'armijo' ? yield* armijo(space, line, f) : ordinary;
      waxpy(s.z, s.z, -α, d);
      space.prox(s.z, α);
    };
  },
});

import { InputError, choice, copy, dot, scale, waxpy, type Asking, type Vector } from '@stillpoint/operators';
import { armijo } from '../../inner/armijo.js';
import { dampedLeastSquares } from '../../inner/damped-least-squares.js';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Generalised Gauss–Newton for f(z) = ½‖r(z)‖² + λh(z), with J = J_r(z) and H = diag(h″(z)):
 *   d = −(JᵀJ + cH)⁻¹(Jᵀr + λ∇h),   z⁺ = z + αd
 * damping: `unit` c = 1, `regularisation` c = λ. They are different methods, which the source's code mixes.
 * step: `self-concordant` α = min(1, ᾱ/(1 + Mη)) with η = ‖λ∇h‖ in H⁻¹ and M = N^((3 − ν)/2)·(constant of
 * h); `armijo` the first of 1, ½, ¼, … with a sufficient decrease. Without a regulariser H = I and λ = 0.
 *
 * With c = 1 and the self-concordant step f falls without tuning, as measured; with c = λ a full step may
 * leave for infinity, so that it is accepted with Armijo's step only. Oracle calls per step: a residual and
 * min(m, N) products with J; Armijo's a residual for each trial. Source: Adeoye, Petersen, Bemporad,
 * "Regularized Gauss-Newton for optimizing overparameterized neural networks", 2024, arXiv 2404.14875.
 */
export const gaussNewton = method({
  name: 'gauss-newton',
  group: 'least squares',
  about: 'solves the linearised least-squares problem with a diagonal damping, and steps towards it',
  when: 'residuals of a few hundred entries; far fewer steps than gradient methods, each as dear as m products',
  assumptions: 'a smooth residual; descent with Armijo’s step, and as measured with damping=unit',
  reference: 'Adeoye, Petersen, Bemporad 2024, arXiv 2404.14875',
  options: {
    damping: choice({
      about: 'the weight c of H in the linear solve: 1, or that of the regulariser',
      symbol: 'c',
      among: ['unit', 'regularisation'],
      default: 'unit',
    }),
    step: choice({
      about: 'how long the step is',
      symbol: 'α',
      among: ['self-concordant', 'armijo'],
      default: 'self-concordant',
    }),
    most: option.number({
      about: 'the longest self-concordant step',
      symbol: 'ᾱ',
      above: 0,
      to: 1,
      default: 0.95,
    }),
    halvings: option.integer({ about: 'halvings of Armijo’s step at most', from: 0, to: 1000, default: 40 }),
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
    const { dim: N, residuals: m, regulariser } = space;
    if (regulariser === undefined && damping === 'regularisation')
      throw new InputError('gauss-newton: damping=regularisation needs a problem with a regulariser');
    const { weight: λ, h } = regulariser ?? { weight: 0, h: flat };
    const { order: ν, constant } = h.selfConcordance;
    const M = N ** ((3 - ν) / 2) * constant;
    const [p, D, d, trial, r] = [
      space.vector(),
      space.vector(),
      space.vector(),
      space.vector(),
      space.vector(m),
    ];
    const solve = dampedLeastSquares(space);
    return function* (s) {
      s.k++;
      copy(r, yield { want: 'residual', at: s.z, sample: 'fresh' });
      const from = dot(r, r) / 2 + λ * h.value(s.z);
      h.gradient(s.z, p);
      scale(p, λ);
      h.curvature(s.z, D);
      const η = sizeOver(p, D); // ‖λ∇h‖ in H⁻¹
      if (damping === 'regularisation') scale(D, λ);
      const decrease = yield* solve(d, { at: s.z, r, p, D }); // z − d is where the linearised problem leads
      function* f(a: number): Asking<number> {
        waxpy(trial, s.z, -a, d);
        const rₐ = yield { want: 'residual', at: trial };
        return dot(rₐ, rₐ) / 2 + λ * h.value(trial);
      }
      const α =
        step === 'armijo'
          ? yield* armijo(space, { from, decrease, halvings }, f)
          : Math.min(1, ᾱ / (1 + M * η));
      waxpy(s.z, s.z, -α, d);
      space.prox(s.z, α);
    };
  },
});

/** No regulariser: H = I. */
const flat = {
  value: () => 0,
  gradient: (_: Vector, out: Vector) => void out.fill(0),
  curvature: (_: Vector, out: Vector) => void out.fill(1),
  selfConcordance: { order: 3, constant: 0 },
};
/** ‖p‖ in the metric diag(D)⁻¹. */
function sizeOver(p: Vector, D: Vector): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! ** 2 / D[i]!;
  return Math.sqrt(sum);
}

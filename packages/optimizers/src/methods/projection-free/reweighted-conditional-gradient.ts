import { concaveGauge, copy, dot, mix, norm, type Vector } from '@stillpoint/operators';
import { mostLosses, segmentSearch } from '../../inner/segment-search.js';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * RP-CGM, the conditional gradient method for a concave penalty. On a problem with the penalty ½ρκ² of a
 * gauge κ = Σ c_g it minimises
 *   F(z) = f(z) + ½ρ(Σ γ(c_g))²,   γ(c) = ln(1 + εc)/ε
 * Every `every` steps it takes the majorant that touches the penalty at a = z, whose atoms have the weights
 *   h_a(z) = ½ρ(β + Σ w_g c_g)²,   w_g = 1/(1 + εa_g),   β = Σ γ(a_g) − w_g a_g
 * and between them it makes the steps of the penalised method on f + h_a:
 *   s  = argmin ⟨∇f(z), u⟩ + h_a(u),   gap = ⟨∇f(z), z − s⟩ + h_a(z) − h_a(s)
 *   z⁺ = (1 − θ)z + θs
 * `open-loop`: θ = 2/(k + 2). `line-search`: on losses; then f + h_a falls at each step, and F does not rise
 * from one reweighting to the next. ε = 0 is `conditional-gradient`. No ε fits every unit of z: if none is
 * given, it is 1/max c_g after the first `every` steps, made with ε = 0; from 0 these do not depend on ε.
 *
 * Assumes one player and f convex with a Lipschitz gradient: the gap of each f + h_a falls as 1/k. At a = z
 * it is 0 where z is stationary for F, which may be far from F's least value. The problem's own gap and
 * residual are of ½ρκ². `keptAtoms` of h_a is safe for f + h_a, not for F. The paper's own form of the
 * weights could not be read: these follow from concavity.
 * Oracle calls per step: 1; with a line search, 3 losses or more beside it. Source: Yifan Sun, Francis Bach,
 * "Screening for a reweighted penalized conditional gradient method", Open J. Math. Optim., 2022.
 */
export const reweightedConditionalGradient = method({
  name: 'reweighted-conditional-gradient',
  group: 'projection-free',
  about: 'conditional gradient steps for a concave penalty: atoms that are used much are penalised less',
  when: 'sparse solutions whose large coefficients should not be shrunk; not where the optimum must be certified',
  assumptions: 'f convex and L-smooth, a penalty ½ρκ² of a gauge with atoms; stationary points only',
  reference: 'Sun, Bach 2022',
  options: {
    step: option.choice({
      about: 'θ: 2/(k + 2), or by a line search on losses, exact for quadratics',
      symbol: 'θ',
      among: ['open-loop', 'line-search'],
      default: 'open-loop',
    }),
    concavity: option.number({
      about: 'of γ, in the unit of one over a coefficient: a coefficient of 1/ε halves its weight',
      symbol: 'ε',
      from: 0,
      default: null,
      orNull: 'one over the largest coefficient at the first reweighting, and 0 before it',
    }),
    every: option.integer({ about: 'steps between two reweightings', from: 1, default: 10 }),
  },
  calls: ({ step }, { losses }) =>
    step === 'open-loop'
      ? { first: 1, perStep: 1, atMost: 1 }
      : { first: 1, perStep: 1, atMost: 1 + mostLosses * losses },
  uneven: true,
  memory: 5,
  players: 1,
  needs: ['atoms'],
  /** The majorant touches the penalty at `a`. */
  init: (space, z0, { concavity }) => ({
    z: space.copy(z0),
    a: space.copy(z0),
    ε: concavity ?? 0,
    k: 0,
  }),
  begin(space, { step, concavity, every }) {
    const [s, F] = [space.vector(), space.vector()];
    const { atoms } = space.constraint;
    const largest = (z: Vector): number =>
      Math.max(...atoms.groups.map(({ start, end, norm: length }) => norm(z, start, end) / length));
    const search = segmentSearch(space);
    return function* (state) {
      const { z, a, k } = state;
      if (k % every === 0) {
        copy(a, z);
        const c = concavity === null && state.ε === 0 && k > 0 ? largest(z) : 0;
        if (c > 0) state.ε = 1 / c;
      }
      const h = concaveGauge(atoms, { concavity: state.ε }).majorantAt(a);
      copy(F, yield z);
      h.lmo(F, s);
      const slope = dot(F, s) - dot(F, z);
      const gap = -slope - h.value(s) + h.value(z);
      let θ = gap > 0 ? 2 / (k + 2) : gap - gap; // at a solution 0; NaN where F is
      if (gap > 0 && step === 'line-search') θ = yield* search(z, s, slope, gap);
      mix(z, θ, s);
      state.k++;
    };
  },
});

import { copy, dot, mix, type Vector } from '@stillpoint/operators';
import { mostLosses, segmentSearch } from '../../inner/segment-search.js';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * The conditional gradient method of Frank and Wolfe:
 *   s  = argmin ⟨∇f(z), u⟩ over the set,   gap = ⟨∇f(z), z − s⟩ ≥ f(z) − f*
 *   z⁺ = (1 − θ)z + θs
 * `open-loop`: θ = 2/(k + 2). `line-search`: θ = min(1, gap/c), c = 2(f(s) − f(z) + gap), which is exact for
 * quadratic f; it is halved until f(z⁺) ≤ f(z) − ¼θ·gap, which a quadratic meets at once.
 * For f + h with a function h whose `lmo` is argmin ⟨g, u⟩ + h(u), such as ½ρκ², κ a gauge: the generalised
 * method, gap = ⟨∇f(z), z − s⟩ + h(z) − h(s), h on the segment taken as linear.
 *
 * Assumes one player, f convex with an L-Lipschitz gradient and a bounded set of diameter D:
 * f(z_k) − f* ≤ 2LD²/(k + 2), of quadratics also with a line search. It never projects but at the start.
 * Oracle calls per step: 1; with a line search, 3 losses or more beside it. Source: Frank, Wolfe 1956; Jaggi,
 * "Revisiting Frank–Wolfe", 2013; h: Sun, Bach 2022.
 */
export const conditionalGradient = method({
  name: 'conditional-gradient',
  group: 'projection-free',
  about: 'Frank–Wolfe: steps towards the point of the set that is least along the gradient',
  when: 'minimisation over sets whose linear minimiser is cheap, as simplices, ℓ₁ and nuclear balls; sparse iterates',
  assumptions: 'f convex and L-smooth, a bounded set: f − f* ≤ 2LD²/(k + 2)',
  reference: 'Frank, Wolfe 1956; Jaggi 2013',
  options: {
    step: option.choice({
      about: 'θ: 2/(k + 2), or by a line search on losses, exact for quadratics',
      symbol: 'θ',
      among: ['open-loop', 'line-search'],
      default: 'open-loop',
    }),
  },
  calls: ({ step }, { losses }) =>
    step === 'open-loop'
      ? { first: 1, perStep: 1, atMost: 1 }
      : { first: 1, perStep: 1, atMost: 1 + mostLosses * losses },
  uneven: true,
  memory: 4,
  players: 1,
  needs: ['lmo'],
  init(space, z0) {
    const z = space.copy(z0);
    if ((space.constraint.value?.(z) ?? Infinity) === Infinity) space.prox(z, 1);
    return { z, k: 0 };
  },
  begin(space, { step }) {
    const [s, F] = [space.vector(), space.vector()];
    const { constraint } = space;
    // the indicator of a set is 0 wherever it is asked here
    const h = (at: Vector): number => (constraint.support ? 0 : (constraint.value?.(at) ?? 0));
    const search = segmentSearch(space);
    return function* (state) {
      const { z, k } = state;
      copy(F, yield z);
      constraint.lmo(F, s);
      const slope = dot(F, s) - dot(F, z);
      const gap = -slope - h(s) + h(z);
      let θ = gap > 0 ? 2 / (k + 2) : gap - gap; // at a solution 0; NaN where F is
      if (gap > 0 && step === 'line-search') θ = yield* search(z, s, slope, gap);
      mix(z, θ, s);
      state.k++;
    };
  },
});

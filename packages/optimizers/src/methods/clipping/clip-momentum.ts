import { copy, norm, scale, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { enter, figuresOf, tally } from '../../transforms/tally.js';

/**
 * Clipped momentum and clipped gradient, mixed, one norm for all players:  m ← βm + (1 − β)g, at first 0,
 *   z⁺ = (I + ηA)⁻¹(z − η(ν·s(m)m + (1 − ν)·s(g)g)),   s(v) = min(1, c/‖v‖), or 1/(1 + ‖v‖/c) if soft
 * The paper’s γ is ηc, so that a schedule of η scales both, as its authors do. Their code has the soft form.
 * ν = 1 is momentum clipping, ν = 0 (or β = 0) clipped-gradient.
 *
 * (L₀, L₁)-smooth f, small η. Oracle calls per step: 1. Source: Zhang, Jin, Fang, Wang, "Improved analysis of
 * clipping algorithms for non-convex optimization", 2020, arXiv 2010.02519.
 */
export const clipMomentum = method({
  name: 'clip-momentum',
  group: 'clipping',
  about: 'a mixture of clipped momentum and clipped gradient',
  when: 'networks whose gradients have rare large norms, from batches, where momentum pays',
  assumptions: '(L₀, L₁)-smooth f of one player, small η; in games as a heuristic',
  reference: 'Zhang, Jin, Fang, Wang 2020, arXiv 2010.02519',
  options: {
    stepSize: option.smoothStepSize,
    threshold: option.threshold,
    momentum: option.decay(0.999),
    mixture: option.number({
      about: 'weight of the momentum, the rest being that of the gradient',
      symbol: 'ν',
      from: 0,
      to: 1,
      default: 0.7,
    }),
    form: option.choice({
      about: 'hard: min(1, c/‖v‖); soft: 1/(1 + ‖v‖/c)',
      among: ['hard', 'soft'],
      default: 'hard',
    }),
  },
  calls: () => 1,
  memory: 3,
  unconstrained: true,
  /** m is the decaying mean of gradients. */
  init: (space, z0) => ({
    z: space.copy(z0),
    m: space.vector(),
    k: 0,
    tallies: [tally('momentum'), tally('gradient')],
  }),
  figures: ({ tallies }) => figuresOf(tallies),
  begin(space, { stepSize, threshold: c, momentum: β, mixture: ν, form }) {
    const stepAt = mover(space, stepSize);
    const d = space.vector();
    const share = (length: number): number =>
      form === 'soft' ? 1 / (1 + length / c) : length > c ? c / length : 1;
    return function* (s) {
      const move = stepAt(s.k++);
      const g = yield s.z;
      scale(s.m, β);
      waxpy(s.m, s.m, 1 - β, g);
      const lengths = [norm(s.m), norm(g)] as const;
      lengths.forEach((length, i) => enter(s.tallies[i]!, length, length > c ? 1 : 0));
      scale(copy(d, s.m), ν * share(lengths[0]));
      waxpy(d, d, (1 - ν) * share(lengths[1]), g);
      move(s.z, s.z, d);
    };
  },
});

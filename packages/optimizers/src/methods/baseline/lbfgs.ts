import { InputError, copy, distance, dot, fill, waxpy } from '@stillpoint/operators';
import { curvaturePairs, pairsOf } from '../../inner/curvature-pairs.js';
import { WOLFE_TRIES, firstTrial, wolfe } from '../../inner/wolfe.js';
import { method } from '../../method.js';
import { moveTo } from '../../point.js';
import * as option from '../../options.js';

/**
 * Limited-memory BFGS for one player:  z⁺ = z − tH∇f(z),  H from the last m pairs s = Δz, y = Δ∇f by the
 * two-loop recursion. t meets the Wolfe conditions (where rounding may hide a decrease, by slopes alone),
 * tried from γ on (wolfe), or is γ (none); without pairs, as at first, from γ/‖∇f‖₁. So f times a constant
 * takes the same steps. PyTorch's first trial, γ·min(1, 1/‖∇f‖₁), depends on it where ‖∇f‖₁ < 1.
 *
 * For smooth f that is bounded below, ∇f → 0 along the search where H stays bounded; superlinear near strong
 * minima. It asks on all terms of a finite sum: differences of noisy gradients are no curvature.
 * Oracle calls per step: a gradient, with its loss, per trial, mostly 1; without a search 1.
 * Source: Liu, Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.
 */
export const lbfgs = method({
  name: 'lbfgs',
  group: 'baseline',
  about: 'limited-memory BFGS with a Wolfe line search',
  when: 'smooth minimisation of one player without sampling: hard to beat there',
  assumptions: 'one player, f smooth and bounded below; no constraints',
  reference: 'Liu, Nocedal 1989; Lewis, Overton 2013',
  options: {
    stepSize: option.number({ about: 'the step that is tried first', symbol: 'γ', above: 0, default: 1 }),
    history: option.integer({ about: 'pairs that are kept', symbol: 'm', from: 1, to: 1000, default: 10 }),
    firstTrial: option.choice({
      about: 'what is tried without pairs: γ/‖∇f‖₁, or as in PyTorch γ·min(1, 1/‖∇f‖₁)',
      among: ['gradient', 'pytorch'],
      default: 'gradient',
    }),
    search: option.choice({ about: 'line search', among: ['wolfe', 'none'], default: 'wolfe' }),
  },
  calls: ({ search }, { losses }) =>
    search === 'none'
      ? { first: 1, perStep: 1, atMost: 1 }
      : { first: 2, perStep: 1, atMost: (1 + WOLFE_TRIES) * (1 + losses) },
  uneven: true,
  memory: '2m + 9',
  needs: ['losses'],
  players: 1,
  unconstrained: true,
  /** g and loss are those of `seen`, the point where they were asked for last. */
  init: (space, z0, { history }) => ({
    z: space.copy(z0),
    seen: space.copy(z0),
    g: space.vector(),
    loss: 0,
    pairs: pairsOf(space, history),
    k: 0,
  }),
  restart: moveTo,
  begin(space, { stepSize: γ, firstTrial: scaling, search }) {
    if (space.players.length !== 1)
      throw new InputError(
        `lbfgs minimises for one player; this game has ${space.players.map(({ name }) => name).join(', ')}`,
      );
    const [d, w, g, losses] = [space.vector(), space.vector(), space.vector(), space.vector(1)];
    const { remember, direction } = curvaturePairs(space);
    const find = wolfe(space);
    const all = { want: 'gradient', sample: 'all' } as const;
    return function* (s) {
      if (s.k === 0 || distance(s.z, s.seen) !== 0) {
        copy(g, yield { ...all, at: s.z, ...(search === 'wolfe' && { losses: fill(losses, NaN) }) });
        if (s.k > 0) remember(s.pairs, s.z, s.seen, g, s.g);
        copy(s.seen, s.z);
        copy(s.g, g);
        s.loss = losses[0]!;
      }
      direction(d, s.pairs, s.g);
      if (!(dot(s.g, d) <= 0)) {
        s.pairs.count = 0; // rounding has made H indefinite
        direction(d, s.pairs, s.g);
      }
      const first = s.pairs.count === 0 ? firstTrial(s.g, γ, scaling) : γ;
      s.k++;
      const slope = dot(s.g, d);
      if (search === 'none' || !Number.isFinite(slope)) return waxpy(s.z, s.z, first, d);
      const found = yield* find(w, g, s.z, d, { loss: s.loss, slope, first });
      if (!found.decreased) return void (s.pairs.count = 0);
      remember(s.pairs, w, s.seen, g, s.g);
      copy(s.z, w);
      copy(s.seen, w);
      copy(s.g, g);
      s.loss = found.loss;
    };
  },
});

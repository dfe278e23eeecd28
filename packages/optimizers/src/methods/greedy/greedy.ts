import { copy, distance, waxpy } from '@stillpoint/operators';
import { ascent } from '../../inner/ascent.js';
import { greedyEnd, greedyFigures, greedyState } from '../../inner/greedy-end.js';
import { proposals } from '../../inner/proposals.js';
import { rivals } from '../../inner/rivals.js';
import { method } from '../../method.js';
import * as option from '../../options.js';

/**
 * Greedy min-max:  min over x, max over y of f, −f being the loss of y.
 *   X = x + Δ,  Δ drawn from Q
 *   Y ← Y + η∇f(X, Y),  from y on, while ‖∇f(X, Y)‖ > ε, the gradients of y
 *   (x, y) ← (X, Y),  if f(X, Y) ≤ f − δ, or else with probability exp(−i/τ)
 * where f is f(x, y) of the move kept last. It begins with an ascent at x₀, and ends after more than r
 * rejections in a row: then few of the proposals at (x, y) lower f by δ. On samples every question has a
 * fresh one.
 *
 * For bounded smooth f and every Q it ends: with τ = 0 each acceptance lowers f by δ. The number of steps
 * does not depend on the dimension. Oracle calls per step: a loss, and a gradient of y for each step of the
 * ascent and one more; for Q = gradient and adam a gradient of x. Source: Keswani, Mangoubi, Sachdeva,
 * Vishnoi, "A convergent and dimension-independent min-max optimization algorithm", 2022, arXiv 2006.12376.
 */
export const greedy = method({
  name: 'greedy',
  group: 'greedy',
  about: 'one player proposes a move, the other answers by gradient ascent; it is kept if f is lower then',
  when: 'f that is neither convex in x nor concave in y, where descent–ascent cycles or leaves',
  assumptions: 'two players; ends at an approximate local equilibrium if f is bounded and smooth',
  reference: 'Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
  options: option.greedy,
  calls({ proposal, proposer: x, ascentSteps }, { shares, losses }) {
    const [least, ofX] = [shares[1 - x]! + losses, proposals.from(proposal).gradient ? shares[x]! : 0];
    return { first: least, perStep: least + ofX, atMost: least + ofX + ascentSteps * shares[1 - x]! };
  },
  uneven: true,
  memory: '6, and 2 for proposal=adam',
  needs: ['losses'],
  players: 2,
  check: ({ proposal }) => void proposals.from(proposal),
  init: (space, z0, { proposal }) => greedyState(space, z0, proposals.from(proposal).init(space)),
  figures: (s) => greedyFigures(s),
  ended: (s, o) => greedyEnd(s, o),
  begin(space, options) {
    const { decrease: δ, temperature: τ, proposer } = options;
    const { x, y } = rivals('greedy', space, proposer);
    const [ofQ, Δ, w] = [proposals.from(options.proposal), space.vector(), space.vector()];
    const propose = ofQ.begin(space, x);
    const ascend = ascent(space, { ...options, player: y });
    const [Q, U] = [space.random('greedy proposal'), space.random('greedy acceptance')];
    return function* (s) {
      const anew = s.accepted === 0 || distance(s.z, s.seen) > 0; // f_old = ∞
      copy(w, s.z);
      if (!anew) {
        if (ofQ.gradient) copy(Δ, yield { want: 'gradient', at: s.z, player: x });
        propose(Δ, s.moments, Q(s.i));
        waxpy(w, w, 1, Δ, space.players[x]!.start, space.players[x]!.end); // X
        space.prox(w, 1, x);
      }
      const { reached, bounded, slope, first } = yield* ascend(w, s.first); // Y
      if (s.first === 0) s.first = first;
      const losses = yield { want: 'losses', at: w };
      const f = -losses[y]!;
      if (!bounded) return void (s.outcome = f > 0 ? 'unbounded' : 'overshoot');
      const accept = anew || f <= s.f - δ || (τ > 0 && U(s.i).uniform() < Math.exp(-s.i / τ));
      s.i++;
      if (accept && !reached) {
        s.unfinished++; // Y is not known: the ascent at x goes on, a proposal is dropped
        if (anew) copy(s.z, w);
      } else if (accept) {
        copy(s.seen, copy(s.z, w));
        [s.f, s.slope, s.rejectedInARow] = [f, slope, 0];
        s.accepted++;
      } else {
        s.rejectedInARow++;
        s.rejected++;
      }
    };
  },
});

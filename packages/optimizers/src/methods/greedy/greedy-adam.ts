import { copy, distance } from '@stillpoint/operators';
import { rivals } from '../../inner/rivals.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';
import { adamDirections, adamState, copyMoments } from '../../transforms/adam.js';

/**
 * Greedy min-max for GANs:  −f is the loss of y, the discriminator; x is the generator.
 *   X = x − γd,  d Adam’s direction of x on a fresh batch;   Y: k steps of Adam from y at X, each on its own
 *   (x, y)⁺ = (X, Y)  if f(X, Y) ≤ f_old − δ on a fresh batch, else with probability 1/rate
 * and (x, y) stays otherwise. f_old is the f of the last acceptance (reference=kept), or f(x, y) again on the
 * batch of f(X, Y) (fresh). After a rejection Adam’s moments stay as advanced, or go back (restoreMoments).
 * With a `horizon` h the chance falls with the number i of the step: rate + exp((i/h)²) − 1 takes its place.
 *
 * No theorem: k steps stand for an ascent to a small gradient. Oracle calls per step: k gradients of y, one
 * of x, and losses, twice with reference=fresh. Source: Keswani, Mangoubi, Sachdeva, Vishnoi, "A convergent
 * and dimension-independent min-max optimization algorithm", 2022, arXiv 2006.12376.
 */
export const greedyAdam = method({
  name: 'greedy-adam',
  group: 'greedy',
  family: 'adam',
  about: 'a step of Adam for x, k for y, kept if f is lower then, else with a fixed probability',
  when: 'GANs that lose modes: the generator keeps only steps that help once the discriminator has answered',
  assumptions: 'two players; no theory for k steps of Adam',
  reference: 'Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
  options: {
    stepSize: option.adamStepSize,
    ...option.moments,
    ascentSteps: option.integer({ about: 'steps of y', symbol: 'k', from: 1, to: 10_000, default: 1 }),
    decrease: option.number({ about: 'how much lower f has to be', symbol: 'δ', from: 0, default: 0 }),
    rate: option.number({ about: '1/rate is the chance of a step that f rejects', from: 1, default: 4 }),
    horizon: option.number({
      about: 'steps over which that chance begins to fall; null: it stays',
      above: 0,
      orNull: 'it stays',
      default: null,
    }),
    reference: option.choice({
      about: 'what f is compared with: that of the last acceptance, or f(x, y) on the same fresh batch',
      among: ['kept', 'fresh'],
      default: 'kept',
    }),
    restoreMoments: option.flag({ about: 'whether a rejection takes Adam’s moments back', default: false }),
    proposer: { ...option.greedy.proposer, default: 1 },
  },
  calls: ({ ascentSteps: k, reference, proposer: x }, { shares, losses }) =>
    shares[x]! + k * shares[1 - x]! + (reference === 'fresh' ? 2 : 1) * losses,
  memory: '9, with restoreMoments 11',
  needs: ['losses'],
  players: 2,
  /** f is f_old at `seen`, the point accepted last. */
  init: (space, z0) => {
    const [z, seen, moments] = [space.copy(z0), space.copy(z0), adamState(space)];
    return { z, seen, ...moments, f: 0, k: 0, accepted: 0, rejected: 0 };
  },
  figures: ({ accepted, rejected, f }) => ({ accepted, rejected, f }),
  begin(space, { stepSize, ascentSteps, decrease: δ, rate, horizon, reference, proposer, ...options }) {
    const { x, y } = rivals('greedy-adam', space, proposer);
    const [w, before, U] = [space.vector(), adamState(space), space.random('greedy acceptance')];
    const [direct, step] = [adamDirections(space, options), mover(space, stepSize)];
    return function* (s) {
      const move = step(s.k);
      const anew = s.accepted === 0 || distance(s.z, s.seen) > 0; // f_old = ∞
      if (options.restoreMoments) copyMoments(before, s);
      copy(w, s.z);
      for (const player of [x, ...Array<number>(ascentSteps).fill(y)])
        move(w, w, direct(s, yield { want: 'gradient', at: w, player }, player), player);
      let old = s.f;
      if (reference === 'fresh') {
        const here = yield { want: 'losses', at: s.z };
        old = -here[y]!;
      }
      const losses = yield { want: 'losses', at: w, sample: reference === 'fresh' ? 'same' : 'fresh' };
      const f = -losses[y]!;
      const chance = 1 / (rate + (horizon === null ? 0 : Math.expm1((s.k / horizon) ** 2)));
      if (anew || f <= old - δ || U(s.k).uniform() < chance) {
        copy(s.seen, copy(s.z, w));
        s.f = f;
        s.accepted++;
      } else {
        if (options.restoreMoments) copyMoments(s, before);
        s.rejected++;
      }
      s.k++;
    };
  },
});

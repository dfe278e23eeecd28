import { copy, mix, number, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover, playerAt } from '../../move.js';
import * as option from '../../options.js';

/**
 * The local steps of CoDA, a stage-wise proximal primal–dual method. In stage s, from (v, α) and v_ref = v:
 *   v ← v − η_s(∇_v F + (v − v_ref)/γ),  α ← α + η_s∇_α F   T_s times, both at the same (v, α) and sample
 *   (v, α) ← the mean of the stage’s T_s iterates,  η_s ← η_s/c,  T_s ← g·T_s
 * v is one player, and α all others, each along its own loss; a constraint’s proximal step ends each update.
 *
 * With `federate` K workers make these steps and average every I of them. If all T_s are multiples of I, the
 * stages end at averages, and the reference of all workers is the mean over both the stage and the workers;
 * if not, each worker’s reference is its own. The paper also recomputes α from a batch at each stage’s end,
 * which needs the problem’s formula for it; here α is averaged with v.
 * Assumes F weakly convex in v, with a constant below 1/γ, strongly concave in α, and PL of max_α F: the
 * stages are inexact proximal point steps. Oracle calls per step: 1. Source: Guo, Liu, Yuan, Shen, Liu, Yang,
 * "Communication-efficient distributed stochastic AUC maximization with deep neural networks", 2020, arXiv
 * 2005.02426; its defaults of γ and c are those of the authors’ later code.
 */
export const coda = method({
  name: 'coda',
  group: 'stochastic',
  about: 'primal–dual steps in stages, each around the mean of the one before, with ever shorter steps',
  when: 'noisy min-max losses that are strongly concave in α, above all the min-max AUC; with federate, workers that seldom average',
  assumptions: 'weakly convex in v, strongly concave in α, PL of max_α F; not for bilinear games',
  reference: 'Guo et al. 2020, arXiv 2005.02426',
  options: {
    /** η₁. */
    stepSize: option.stepSize({ symbol: 'η', perLipschitz: 0.5 }),
    /** T₁. */
    steps: option.integer({ about: 'steps of the first stage', symbol: 'T', from: 1, default: 1000 }),
    decay: number({ about: 'what η is divided by after a stage', symbol: 'c', from: 1, default: 3 }),
    growth: option.integer({
      about: 'what T is multiplied by after a stage',
      symbol: 'g',
      from: 1,
      default: 1,
    }),
    proximity: number({
      about: 'how loosely v is held to its reference: a pull of (v − v_ref)/γ',
      symbol: 'γ',
      above: 0,
      default: 500,
      fallback: '500/L if the game states L (facts.lipschitz)',
      fromFacts: ({ lipschitz: L }) => (L === undefined || L === 0 ? undefined : 500 / L),
    }),
    primal: option.integer({ about: 'which player is v, by index; for a GAN 1', from: 0, default: 0 }),
  },
  calls: () => 1,
  memory: 3,
  elementwise: true,
  /** ref is v_ref (of v alone, the rest is not read), mean that of the stage so far, t of its T_s steps. */
  init(space, z0) {
    const [z, ref, mean] = [space.copy(z0), space.copy(z0), space.copy(z0)];
    return { z, ref, mean, stage: 0, t: 0, k: 0 };
  },
  restart(s, z) {
    copy(s.z, z);
    if (s.t === 0) copy(s.ref, z); // between two stages: it is where the next one begins
  },
  begin(space, { stepSize, steps, decay, growth, proximity: γ, primal }) {
    const { start, end } = playerAt(space, primal);
    let [stage, moveAt] = [0, mover(space, stepSize)];
    return function* (s) {
      if (stage !== s.stage) [stage, moveAt] = [s.stage, mover(space, stepSize, decay ** -s.stage)];
      const g = yield s.z;
      waxpy(g, g, 1 / γ, s.z, start, end); // + (v − v_ref)/γ
      waxpy(g, g, -1 / γ, s.ref, start, end);
      moveAt(s.k++)(s.z, s.z, g);
      mix(s.mean, 1 / ++s.t, s.z);
      if (s.t < steps * growth ** s.stage) return;
      copy(s.z, s.mean);
      copy(s.ref, s.mean);
      s.t = 0;
      s.stage++;
    };
  },
});

import { copy, norm, rescale, scale, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Normalised steps along a decaying mean of gradients:  m ← βm + (1 − β)g, at first g,
 *   z⁺ = (I + ηA)⁻¹(z − ηm/‖m‖),  one norm for all players
 * The constant form has β and η as they are given. The parameter-free one has β_t = 1 − t^(−1/2) and
 * η_t = ηt^(−3/4), t = 1, 2, …, with η = 1/7 in its paper: no L₀ nor L₁ need be known.
 *
 * (L₀, L₁)-smooth f, noise of bounded variance; every step has the length η, so a constant η ends at a
 * distance. Oracle calls per step: 1. Source: Cutkosky, Mehta, "Momentum improves normalized SGD", 2020,
 * arXiv 2002.03305; Hübler, Yang, Li, He, "Parameter-agnostic optimization under relaxed smoothness", 2024,
 * arXiv 2311.03252.
 */
export const normalisedMomentum = method({
  name: 'normalised-momentum',
  group: 'clipping',
  about: 'steps of a given length along a decaying mean of gradients',
  when: 'gradients from batches whose scale is unknown or changes; let the step size decay, or take the parameter-free form',
  assumptions: '(L₀, L₁)-smooth f of one player, noise of bounded variance; in games as a heuristic',
  reference: 'Cutkosky, Mehta 2020, arXiv 2002.03305; Hübler, Yang, Li, He 2024, arXiv 2311.03252',
  options: {
    stepSize: option.normalisedStepSize,
    momentum: option.decay(0.9),
    form: option.choice({
      about: 'β and η as given, or β_t = 1 − t^(−1/2) and ηt^(−3/4)',
      among: ['constant', 'parameter-free'],
      default: 'constant',
    }),
  },
  calls: () => 1,
  memory: 3,
  unconstrained: true,
  /** m is the decaying mean of gradients. */
  init: (space, z0) => ({ z: space.copy(z0), m: space.vector(), k: 0 }),
  begin(space, { stepSize, momentum, form }) {
    const stepAt = mover(space, stepSize);
    const d = space.vector();
    const free = form === 'parameter-free';
    return function* (s) {
      const move = stepAt(s.k++);
      const t = s.k;
      const β = t === 1 ? 0 : free ? 1 - t ** -0.5 : momentum;
      const g = yield s.z;
      scale(s.m, β);
      waxpy(s.m, s.m, 1 - β, g);
      const length = norm(s.m);
      copy(d, s.m);
      if (length > 0) rescale(d, length, free ? t ** -0.75 : 1);
      move(s.z, s.z, d);
    };
  },
});

import { norm, waxpy } from '@stillpoint/operators';
import { method } from '../../method.js';
import * as option from '../../options.js';
import { startAt } from '../../point.js';

/**
 * Gradient steps as long as (L₀, L₁)-smoothness permits:  g = F(z),  z⁺ = z − ηg,  G = ‖g‖,
 *   optimal      η = ln(1 + L₁G/(L₀ + L₁G))/(L₁G)
 *   simplified   η = 1/(L₀ + 3/2·L₁G)
 *   clipped      η = min(1/(2L₀), 1/(3L₁G))
 * each at least as long as the next. With L₁ = 0 the first two are gradient descent with 1/L₀.
 *
 * For one player f falls in each step by G²/(2L₀ + 3L₁G) at least, with the clipped ones by half of that.
 * Oracle calls per step: 1. Source: Vankov, Rodomanov, Nedich, Sankar, Stich, "Optimizing (L0, L1)-smooth
 * functions by gradient methods", 2024, arXiv 2410.10800.
 */
export const generalisedSmoothGradient = method({
  name: 'generalised-smooth-gradient',
  group: 'clipping',
  about: 'gradient descent whose step size follows from (L₀, L₁) and the norm of the gradient',
  when: 'minimisation where (L₀, L₁) is known, or was measured on a run; nothing else is to be tuned',
  assumptions: 'one player, (L₀, L₁)-smooth f; no constraints',
  reference: 'Vankov, Rodomanov, Nedich, Sankar, Stich 2024, arXiv 2410.10800',
  options: {
    ...option.smoothPair,
    step: option.choice({
      about: 'which of the three step sizes',
      among: ['optimal', 'simplified', 'clipped'],
      default: 'optimal',
    }),
  },
  check: (pair) => option.checkSmoothPair('generalised-smooth-gradient', pair),
  calls: () => 1,
  memory: 1,
  players: 1,
  unconstrained: true,
  init: startAt,
  begin(space, { L0, L1, step }) {
    const length = (G: number): number => {
      if (step === 'clipped') return Math.min(1 / (2 * L0), 1 / (3 * L1 * G));
      if (step === 'simplified' || L1 === 0) return 1 / (L0 + 1.5 * L1 * G);
      return Math.log1p((L1 * G) / (L0 + L1 * G)) / (L1 * G);
    };
    return function* (s) {
      s.k++;
      const g = yield s.z;
      const G = norm(g);
      if (G === 0) return;
      const η = length(G);
      waxpy(s.z, s.z, -η, g);
      space.prox(s.z, η);
    };
  },
});

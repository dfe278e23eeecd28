import { waxpy } from '@stillpoint/operators';
import { averaging, emptyTable, normalise, storing } from '../../gradient-table.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * SAGA, for 0 ∈ A(z) + (1/n) Σ Fᵢ(z); y = 0 before the first step, i drawn uniformly in each:
 *   Δ = Fᵢ(z) − yᵢ,   z⁺ = (I + γA)⁻¹(z − γ(Δ + (1/m) Σⱼ yⱼ)),   yᵢ ← Fᵢ(z)
 * m = n, which makes the direction unbiased, or the number of terms seen so far.
 *
 * Convex terms fᵢ, each L-smooth: γ = 1/(3L). A game's terms, each L-Lipschitz, their mean μ-strongly
 * monotone: γ = μ/(6L²). Both converge linearly where F is strongly monotone, with m = n
 * (certificates/finite-sums.ts); on a merely monotone game, such as a bilinear one, no γ does.
 * Oracle calls per step: 1/n. Memory: n gradients. Source: Defazio, Bach, Lacoste-Julien, "SAGA: a fast
 * incremental gradient method with support for non-strongly convex composite objectives", 2014, arXiv
 * 1407.0202; for monotone inclusions Palaniappan, Bach, "Stochastic variance reduction methods for
 * saddle-point problems", 2016, arXiv 1605.06398.
 */
export const saga = method({
  name: 'saga',
  group: 'finite sums',
  about: 'SAG made unbiased, with a proximal step: for convex sums under constraints, and for games',
  when: 'sums of many terms of which n gradients fit in memory: convex minimisation, with or without constraints; strongly monotone games',
  assumptions:
    'convex terms, each L-smooth, γ = 1/(3L); or μ-strongly monotone F, terms L-Lipschitz, γ = μ/(6L²)',
  reference:
    'Defazio, Bach, Lacoste-Julien 2014, arXiv 1407.0202; for games Palaniappan, Bach 2016, arXiv 1605.06398',
  options: {
    /** γ > 0, for the largest Lipschitz constant L of a term. */
    stepSize: option.sagaStepSize,
    normalise,
  },
  needs: ['terms'],
  calls: (_, __, terms) => 1 / terms,
  memory: 'n + 4, of n terms',
  init: emptyTable,
  begin(space, { stepSize, normalise: divisor }) {
    const stepAt = mover(space, stepSize);
    const [pick, store, average] = [space.random('term'), storing(space), averaging(space, divisor)];
    return function* (s) {
      const move = stepAt(s.k);
      const i = pick(s.k++).below(space.terms);
      const Δ = store(s, i, yield { want: 'gradient', at: s.z, sample: { terms: [i] } });
      const direction = average(s); // (1/m) Σⱼ yⱼ, with the old yᵢ
      waxpy(direction, direction, 1, Δ);
      waxpy(s.mean, s.mean, 1 / space.terms, Δ); // yᵢ ← Fᵢ(z)
      move(s.z, s.z, direction);
    };
  },
});

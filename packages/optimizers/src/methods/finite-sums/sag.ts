import { waxpy } from '@stillpoint/operators';
import { averaging, emptyTable, normalise, storing } from '../../gradient-table.js';
import { method } from '../../method.js';
import { mover } from '../../move.js';
import * as option from '../../options.js';

/**
 * Stochastic average gradient, of f = (1/n) Σ fᵢ; y = 0 before the first step, i drawn uniformly in each:
 *   yᵢ ← ∇fᵢ(x),   x⁺ = x − (α/m) Σⱼ yⱼ
 * m = n, or the number of terms seen so far, which makes the first pass faster.
 *
 * Assumes convex fᵢ, each L-smooth. With α = 1/(16L) and m = n, f μ-strongly convex, the mean of f(x_k) − f*
 * is at most (1 − min{μ/(16L), 1/(8n)})ᵏ times f(x₀) − f* + (4L/n)‖x₀ − x*‖² + σ²/(16L), where σ² is the mean
 * of ‖∇fᵢ(x*)‖². Nothing is proven for m = seen, nor under constraints, where a proximal step ends
 * the update.
 * Oracle calls per step: 1/n. Memory: n gradients. Source: Schmidt, Le Roux, Bach, "Minimizing finite sums
 * with the stochastic average gradient", 2017, arXiv 1309.2388.
 */
export const sag = method({
  name: 'sag',
  group: 'finite sums',
  about: 'stochastic average gradient: a step along the mean of the gradients last seen of every term',
  when: 'minimising a smooth sum of many convex terms without constraints, where n gradients fit in memory; for constraints and games take saga',
  assumptions: 'convex terms, each L-smooth, α = 1/(16L); no constraints',
  reference: 'Schmidt, Le Roux, Bach 2017, arXiv 1309.2388',
  options: {
    /** α > 0, for the largest Lipschitz constant L of a term. */
    stepSize: option.averageGradientStepSize,
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
      const g = yield { want: 'gradient', at: s.z, sample: { terms: [i] } };
      waxpy(s.mean, s.mean, 1 / space.terms, store(s, i, g)); // yᵢ ← ∇fᵢ(x)
      move(s.z, s.z, average(s)); // x⁺ = x − (α/m) Σⱼ yⱼ
    };
  },
});

import {
  constraintOf,
  dot,
  InputError,
  l1Ball,
  lazyFacts,
  linearGap,
  normal,
  randomFrom,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { finiteSum, type FiniteSumGame } from './finite-sum.js';
import { entriesOption, examplesOption, regressionData, rowTimes } from './least-squares-data.js';
import { gramEigen, linearTerms, squaredError } from './linear-model.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';
import { lazy } from './lazy.js';

/**
 * Least squares on an ℓ₁ ball, f(x) = (1/n) Σ ½(aᵢᵀx − bᵢ)² over ‖x‖₁ ≤ r, on seeded data around a solution
 * that is known: with noise e and w = Aᵀe/n, the solution x* has the support S of the largest |wⱼ|, signs of
 * w and ‖x*‖₁ = r; the columns of S are shortened so that |wⱼ| = λ, their least, the others so that |wⱼ| ≤
 * 0.9λ; and b = Ax* + e. Then ∇f(x*) = −w is −λ·sign(x*) on S and smaller elsewhere, which is what optimality
 * asks, and f* = ‖e‖²/(2n). @throws InputError for more nonzeros than entries.
 */
export const sparseRegression = minimisationWithBatches({
  name: 'sparse-regression',
  about: 'least squares on an l1 ball, on seeded data around a sparse solution that is known',
  reference: 'Tibshirani 1996',
  options: {
    examples: examplesOption(200),
    dimension: entriesOption(50),
    nonzeros: option.integer({ about: 'entries of the solution that are not 0', from: 1, default: 3 }),
    radius: option.number({ about: 'radius of the ball', symbol: 'r', above: 0, default: 1 }),
    noise: option.number({ about: 'standard deviation of the noise of b', above: 0, default: 0.1 }),
    seed: option.seed({ default: 1 }),
  },
  make({ examples: n, dimension: d, nonzeros, radius, noise, seed }): FiniteSumGame {
    if (nonzeros > d)
      throw new InputError(
        `sparse-regression: nonzeros is ${nonzeros}; expected at most ${d}, the dimension`,
      );
    const { A } = regressionData(n, d, { seed });
    const e = normal(new Float64Array(n), { seed, purpose: 'noise' }, 0, noise);
    const w = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) w[j]! += (A[i * d + j]! * e[i]!) / n;
    const order = Array.from(w, (_, j) => j).sort((i, j) => Math.abs(w[j]!) - Math.abs(w[i]!));
    const λ = Math.abs(w[order[nonzeros - 1]!]!);
    const shares = order.slice(0, nonzeros).map(() => 0);
    const random = randomFrom({ seed, purpose: 'solution' })(0);
    shares.forEach((_, k) => (shares[k] = 0.5 + random.uniform()));
    const total = shares.reduce((sum, x) => sum + x, 0);
    const solution = new Float64Array(d);
    order.forEach((j, k) => {
      const size = Math.abs(w[j]!);
      const shorter = k < nonzeros ? λ / size : Math.min(1, (0.9 * λ) / size);
      for (let i = 0; i < n; i++) A[i * d + j]! *= shorter;
      if (k < nonzeros) solution[j] = (Math.sign(w[j]!) * radius * shares[k]!) / total;
    });
    const b = e.map((x, i) => rowTimes(A, d, i, solution) + x);
    const data = { rows: n, columns: d, A, b };
    const L = lazy(() => gramEigen(data, () => 1).values[d - 1]!);
    const rowSquares = Float64Array.from(e, (_, i) => {
      const a = A.subarray(i * d, (i + 1) * d);
      return dot(a, a);
    });
    const game = finiteSum({
      name: 'sparse-regression',
      dim: d,
      terms: n,
      start: Array<number>(d).fill(0),
      ...linearTerms(data, squaredError, 0),
      facts: lazyFacts({
        lipschitz: L,
        cocoercive: () => 1 / L(),
        comonotone: () => 0,
        where: () => 'everywhere',
        termLipschitz: () => rowSquares.reduce((most, square) => Math.max(most, square), 0),
        convexTerms: () => true,
        // Fᵢ(x*) = −eᵢaᵢ
        termVariance: () => rowSquares.reduce((sum, square, i) => sum + (e[i]! ** 2 * square) / n, 0),
        solution: () => Array.from(solution),
        optimum: () => dot(e, e) / (2 * n),
      }),
    });
    const constraint = constraintOf(game.players, [l1Ball({ radius })]);
    return { ...game, constraint, gap: linearGap(constraint) };
  },
});

import { normal, randomFrom } from '@stillpoint/operators';
import * as option from '../options.js';
import { entriesOption, examplesOption, rowTimes, type RegressionData } from './least-squares-data.js';
import { linearModel } from './linear-model.js';
import { logisticLoss, logisticSolution } from './logistic.js';
import { ridgeTable } from './ridge.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';
import type { FiniteSumGame } from './finite-sum.js';

/** ŵ of {@link binaryLogistic}: signs, a pure function of the seed. */
export function hiddenSigns(dimension: number, seed: number): Float64Array {
  return normal(new Float64Array(dimension), { seed, purpose: 'hidden' }).map((x) => (x < 0 ? -1 : 1));
}

/**
 * Logistic regression whose labels come from weights of ±1: f(x) = (1/n) Σ log(1 + exp(−bᵢaᵢᵀx)) + (λ/2)‖x‖²,
 * aᵢ ~ N(0, I), bᵢ = 1 with probability 1/(1 + exp(−aᵢᵀŵ)), else −1, ŵ of signs. With enough examples ŵ is
 * the best of all points of signs, which methods for quantised weights look for. The solution over all x is
 * found by Newton's method, to rounding.
 * Source: after the toy problem of Leconte, Schechtman, Moulines 2023, arXiv 2211.03741.
 */
export const binaryLogistic = minimisationWithBatches({
  name: 'binary-logistic',
  about: 'logistic regression whose labels come from weights of ±1, a finite sum: for quantised weights',
  reference: 'after Leconte, Schechtman, Moulines 2023, arXiv 2211.03741',
  options: {
    ...ridgeTable,
    examples: examplesOption(6000),
    dimension: entriesOption(10, 500),
    regularisation: option.number({ about: 'weight of ½‖x‖²', symbol: 'λ', above: 0, default: 1e-4 }),
  },
  make({ examples: n, dimension: d, regularisation: λ, seed }): FiniteSumGame {
    const A = normal(new Float64Array(n * d), { seed, purpose: 'rows' });
    const ŵ = hiddenSigns(d, seed);
    const chance = randomFrom({ seed, purpose: 'labels' })(0);
    const b = Float64Array.from({ length: n }, (_, i) =>
      chance.uniform() < 1 / (1 + Math.exp(-rowTimes(A, d, i, ŵ))) ? 1 : -1,
    );
    const data: RegressionData = { rows: n, columns: d, A, b };
    return linearModel({
      name: 'binary-logistic',
      data,
      regularisation: λ,
      ...logisticLoss,
      solution: (_, sum) => logisticSolution(data, λ, sum),
    });
  },
});

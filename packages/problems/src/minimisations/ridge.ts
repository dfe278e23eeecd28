import {} from '@stillpoint/operators';
import * as option from '../options.js';
import { entriesOption, examplesOption, regressionData } from './least-squares-data.js';
import { linearModel, solveShifted, squaredError } from './linear-model.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';
import type { FiniteSumGame } from './finite-sum.js';

/** The options of {@link ridge}, and of other linear models. */
export const ridgeTable = {
  examples: examplesOption(200),
  dimension: entriesOption(20),
  regularisation: option.number({ about: 'weight of ½‖x‖²', symbol: 'λ', above: 0, default: 0.01 }),
  seed: option.seed({ default: 1 }),
};

/**
 * Ridge regression as a finite sum: f(x) = (1/n) Σ ½(aᵢᵀx − bᵢ)² + (λ/2)‖x‖², on seeded normal rows of length
 * 1. Strongly convex; L, μ and the solution are exact, by an eigendecomposition of AᵀA/n.
 */
export const ridge = minimisationWithBatches({
  name: 'ridge',
  about: 'least squares with ½λ‖x‖² on seeded data, a finite sum: L, μ and the solution are exact',
  reference: 'Hoerl, Kennard 1970',
  options: ridgeTable,
  make({ examples: n, dimension: d, regularisation: λ, seed }): FiniteSumGame {
    const data = regressionData(n, d, { seed });
    return linearModel({
      name: 'ridge',
      data,
      regularisation: λ,
      ...squaredError,
      /** x* = (AᵀA/n + λI)⁻¹Aᵀb/n. */
      solution(gram) {
        const Atb = new Float64Array(d);
        for (let i = 0; i < n; i++)
          for (let j = 0; j < d; j++) Atb[j]! += (data.A[i * d + j]! * data.b[i]!) / n;
        return solveShifted(gram, λ, Atb);
      },
    });
  },
});

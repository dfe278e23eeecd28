import { parseOptions, type Game, type OptionTable } from '@stillpoint/operators';
import * as option from '../options.js';
import { entriesOption, examplesOption, regressionData } from './least-squares-data.js';
import { linearModel, solveShifted, squaredError } from './linear-model.js';

/** Options of {@link ridge}. */
export interface RidgeOptions {
  /** n, the number of examples: the terms of the sum. */
  readonly examples: number;
  /** d, the number of entries of x. */
  readonly dimension: number;
  /** λ, the weight of ½‖x‖². */
  readonly regularisation: number;
  readonly seed: number;
}

/** Options of {@link ridge}: what is accepted, and the defaults. */
export const ridgeTable: OptionTable<RidgeOptions> = {
  examples: examplesOption(200),
  dimension: entriesOption(20),
  regularisation: option.number({ about: 'weight of ½‖x‖²', symbol: 'λ', above: 0, default: 0.01 }),
  seed: option.seed({ default: 1 }),
};

/**
 * Ridge regression as a finite sum: f(x) = (1/n) Σ ½(aᵢᵀx − bᵢ)² + (λ/2)‖x‖², on seeded normal rows of length
 * 1. Strongly convex; L, μ and the solution are exact, by an eigendecomposition of AᵀA/n.
 */
export function ridge(options: Partial<RidgeOptions> = {}): Game {
  const {
    examples: n,
    dimension: d,
    regularisation: λ,
    seed,
  } = parseOptions('minimisation ridge', ridgeTable, options);
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
}

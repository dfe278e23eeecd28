import { norm, waxpy } from '@stillpoint/operators';
import * as option from '../options.js';
import { entriesOption, regressionData, rowTimes, type RegressionData } from './least-squares-data.js';
import { gramEigen, linearModel, solveShifted, type Fit, type WholeSum } from './linear-model.js';
import { ridgeTable } from './ridge.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';
import type { FiniteSumGame } from './finite-sum.js';

/**
 * Logistic regression as a finite sum: f(x) = (1/n) Σ log(1 + exp(−bᵢaᵢᵀx)) + (λ/2)‖x‖², on seeded normal
 * rows of one length, bᵢ = ±1 the sign of aᵢᵀx̂ + noise. Strongly convex with μ = λ; the largest Lipschitz
 * constant of a term, ‖a‖²/4 + λ, is exact; L = λ_max(AᵀA)/(4n) + λ holds everywhere. The solution is found
 * by Newton's method, to rounding.
 */
export const logistic = minimisationWithBatches({
  name: 'logistic',
  about: 'logistic regression with ½λ‖x‖² on seeded data, a finite sum: μ and the solution are exact',
  reference: 'Cox 1958',
  options: {
    ...ridgeTable,
    dimension: entriesOption(20, 500),
    length: option.number({ about: 'length of each row', symbol: '‖a‖', above: 0, default: 2 }),
  },
  make({ examples, dimension, regularisation: λ, length, seed }): FiniteSumGame {
    const { b, ...rows } = regressionData(examples, dimension, { seed, length });
    const data: RegressionData = { ...rows, b: b.map((x) => (x < 0 ? -1 : 1)) };
    return linearModel({
      name: 'logistic',
      data,
      regularisation: λ,
      ...logisticLoss,
      solution: (_, sum) => logisticSolution(data, λ, sum),
    });
  },
});

/** 1/(1 + e⁻ᵗ). */
const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));

/** φ(t, b) = log(1 + e^(−bt)), b = ±1. */
export const logisticLoss: Fit = {
  loss: (t, label) => Math.max(-label * t, 0) + Math.log1p(Math.exp(-Math.abs(t))),
  slope: (t, label) => -label * sigmoid(-label * t),
  curvature: [0, 1 / 4],
};

/** A guard: some ten are taken. */
const MOST_STEPS = 200;

/** x* = argmin f, f strongly convex: Newton steps, each halved until ‖∇f‖ falls, until none lowers it. */
export function logisticSolution(data: RegressionData, λ: number, { gradient }: WholeSum): Float64Array {
  const { columns: d, A } = data;
  let x = new Float64Array(d);
  const g = new Float64Array(d);
  const next = new Float64Array(d);
  gradient(x, g);
  for (let step = 0; step < MOST_STEPS; step++) {
    const curvature = gramEigen(data, (i) => {
      const p = sigmoid(rowTimes(A, d, i, x));
      return p * (1 - p);
    });
    const direction = solveShifted(curvature, λ, g);
    const before = norm(g);
    let share = 1;
    do {
      waxpy(next, x, -share, direction);
      gradient(next, g);
      share /= 2;
    } while (!(norm(g) < before) && share > 2 ** -40);
    if (!(norm(g) < before)) return x;
    x = next.slice();
  }
  return x;
}

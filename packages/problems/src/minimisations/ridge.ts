import {
  dot,
  eigh,
  lazyFacts,
  parseOptions,
  waxpy,
  type Game,
  type OptionTable,
  type Vector,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { finiteSum, type Indices } from './finite-sum.js';
import { lazy } from './lazy.js';
import { regressionData, rowTimes } from './least-squares-data.js';

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
  examples: option.integer({
    about: 'examples: terms of the sum',
    symbol: 'n',
    from: 1,
    to: 100_000,
    default: 200,
  }),
  dimension: option.integer({ about: 'entries of x', symbol: 'd', from: 1, to: 2000, default: 20 }),
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
  const { A, b } = regressionData(n, d, { seed });
  const gradient = (x: Vector, out: Vector, of: Indices): void => {
    const count = of?.length ?? n;
    for (let j = 0; j < d; j++) out[j] = λ * x[j]!;
    for (let k = 0; k < count; k++) {
      const i = of?.[k] ?? k;
      const r = (rowTimes(A, d, i, x) - b[i]!) / count;
      for (let j = 0; j < d; j++) out[j] = out[j]! + r * A[i * d + j]!;
    }
  };
  const loss = (x: Vector, of: Indices): number => {
    const count = of?.length ?? n;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += (rowTimes(A, d, of?.[k] ?? k, x) - b[of?.[k] ?? k]!) ** 2;
    return sum / (2 * count) + (λ / 2) * dot(x, x);
  };
  const spectrum = lazy(() => {
    const gram = new Float64Array(d * d); // AᵀA/n
    for (let i = 0; i < n; i++)
      for (let j = 0; j < d; j++)
        for (let k = 0; k < d; k++) gram[j * d + k]! += (A[i * d + j]! * A[i * d + k]!) / n;
    return eigh(gram);
  });
  /** x* = (AᵀA/n + λI)⁻¹Aᵀb/n. */
  const solution = lazy(() => {
    const { values, vectors } = spectrum();
    const Atb = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) Atb[j]! += (A[i * d + j]! * b[i]!) / n;
    const x = new Float64Array(d);
    for (let m = 0; m < d; m++) {
      const v = vectors.subarray(m * d, (m + 1) * d);
      waxpy(x, x, dot(v, Atb) / (values[m]! + λ), v);
    }
    return x;
  });
  const L = (): number => spectrum().values[d - 1]! + λ;
  return finiteSum({
    name: 'ridge',
    dim: d,
    terms: n,
    start: Array<number>(d).fill(0),
    gradient,
    loss,
    facts: lazyFacts({
      lipschitz: L,
      stronglyMonotone: () => Math.max(0, spectrum().values[0]!) + λ,
      cocoercive: () => 1 / L(),
      comonotone: () => 1 / L(),
      solution: () => Array.from(solution()),
      optimum: () => loss(solution(), undefined),
    }),
  });
}

import { InputError, normal, type Residual, type Vector } from '@stillpoint/operators';
import * as option from '../options.js';
import { indicesOf, type Indices, type FiniteSumGame } from './finite-sum.js';
import { entriesOption, examplesOption, rowTimes, type RegressionData } from './least-squares-data.js';
import { linearModel, squaredError, solveShifted } from './linear-model.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';

/**
 * Least squares whose columns have very different scales, a finite sum with its residual: f(x) = (1/n) Σ
 * ½(aᵢᵀx − bᵢ)², on seeded normal rows times diag(1 … smallest), with b = Ax̂ of a hidden normal x̂. The
 * curvature along the last column is `smallest`² times that along the first, so a step that suits one suits
 * no other. L, μ and, without noise, the solution are exact.
 */
export const stiffRegression = minimisationWithBatches({
  name: 'stiff-regression',
  about: 'least squares whose columns have scales from 1 to 0.03, with its residual, a finite sum',
  reference: 'after Li, Chen, Huang 2023, arXiv 2303.01767',
  options: {
    examples: examplesOption(500, 'examples: terms of the sum, entries of the residual'),
    dimension: entriesOption(20),
    smallest: option.number({
      about: 'scale of the last column, the first having 1',
      above: 0,
      default: 0.03,
    }),
    noise: option.number({
      about: 'standard deviation of the noise of the targets; 0: they are consistent',
      from: 0,
      default: 0,
    }),
    seed: option.seed({ default: 1 }),
  },
  make(parsed): FiniteSumGame {
    const { examples: n, dimension: d, smallest, noise, seed } = parsed;
    if (noise > 0 && n < d)
      throw new InputError(
        `stiff-regression: ${n} examples with noise have no unique solution in ${d} entries; expected as many at least, or noise=0`,
      );
    const scales = Array.from({ length: d }, (_, j) => smallest ** (d === 1 ? 0 : j / (d - 1)));
    const A = normal(new Float64Array(n * d), { seed, purpose: 'rows' }).map((x, at) => x * scales[at % d]!);
    const hidden = normal(new Float64Array(d), { seed, purpose: 'hidden' });
    const ξ = normal(new Float64Array(n), { seed, purpose: 'noise' });
    const b = ξ.map((x, i) => rowTimes(A, d, i, hidden) + noise * x);
    const data: RegressionData = { rows: n, columns: d, A, b };
    const game = linearModel({
      name: 'stiff-regression',
      data,
      regularisation: 0,
      ...squaredError,
      solution(gram, { gradient }) {
        if (noise === 0) return hidden;
        // x̂ − (AᵀA/n)⁻¹∇f(x̂)
        const g = new Float64Array(d);
        gradient(hidden, g);
        const step = solveShifted(gram, 0, g);
        return hidden.map((x, j) => x - step[j]!);
      },
    });
    return { ...game, residual: rowsOf(data) };
  },
});

/** rᵢ = (aᵢᵀx − bᵢ)/√count over all rows, or those of a sample. */
function rowsOf({ rows: n, columns: d, A, b }: RegressionData): Residual {
  const over = (of: Indices, out: Vector, each: (i: number, k: number, scale: number) => void): void => {
    const count = of?.length ?? n;
    if (out.length < count)
      throw new InputError(`stiff-regression: a residual of ${count} entries is asked for ${out.length}`);
    for (let k = 0; k < count; k++) each(of?.[k] ?? k, k, 1 / Math.sqrt(count));
  };
  return {
    length: n,
    value(x, out, { sample }) {
      over(indicesOf(sample), out, (i, k, scale) => (out[k] = scale * (rowTimes(A, d, i, x) - b[i]!)));
    },
    product(_, v, out, transposed, { sample }) {
      const of = indicesOf(sample);
      if (!transposed) return over(of, out, (i, k, scale) => (out[k] = scale * rowTimes(A, d, i, v)));
      out.fill(0);
      over(of, v, (i, k, scale) => {
        const by = scale * v[k]!;
        for (let j = 0; j < d; j++) out[j] = out[j]! + by * A[i * d + j]!;
      });
    },
  };
}

import {
  atomicBall,
  constraintOf,
  dot,
  groupL1Ball,
  InputError,
  lazyFacts,
  linearGap,
  normal,
  randomFrom,
  squaredGauge,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { finiteSum, type FiniteSumGame } from './finite-sum.js';
import { lazy } from './lazy.js';
import { entriesOption, examplesOption, rowTimes } from './least-squares-data.js';
import { gramEigen, linearTerms, squaredError } from './linear-model.js';
import { minimisationWithBatches } from '../kinds/minimisation.js';

/**
 * Least squares with the penalty of a gauge, f(x) + ½ρκ(x)², f(x) = (1/n) Σ ½(aᵢᵀx − bᵢ)², κ(x) = Σ
 * ‖x_g‖₂/norm_g over consecutive groups: with one entry each and equal norms κ = ‖x‖₁. Normal rows aᵢ, and
 * b = Ax° + noise·ξ of hidden coefficients x° of sizes from 4 to 4.25 with seeded signs. The norms are 1,
 * ratio^−½, 1/ratio, again and again. Its gap proves how far f + ½ρκ² is above its least value.
 * @throws InputError for more nonzeros than entries.
 */
export const penalisedRegression = minimisationWithBatches({
  name: 'penalised-regression',
  about: 'least squares with a squared l1 norm as penalty, on seeded data around a known sparse solution',
  reference: 'Sun, Bach 2022',
  options: {
    examples: examplesOption(200),
    dimension: entriesOption(50),
    nonzeros: option.integer({ about: 'hidden coefficients that are not 0', from: 1, default: 3 }),
    weight: option.number({ about: 'of the penalty', symbol: 'ρ', above: 0, default: 1 }),
    group: option.integer({ about: 'entries in a group', from: 1, default: 1 }),
    ratio: option.number({
      about:
        'how many times longer than the shortest the longest atoms are; every third group has the longest',
      from: 1,
      default: 1,
    }),
    noise: option.number({ about: 'standard deviation of the noise of b', from: 0, default: 0.1 }),
    seed: option.seed({ default: 1 }),
  },
  make({ examples: n, dimension: d, nonzeros, weight, group, ratio, noise, seed }): FiniteSumGame {
    if (nonzeros > d)
      throw new InputError(
        `penalised-regression: nonzeros is ${nonzeros}; expected at most ${d}, the dimension`,
      );
    const A = normal(new Float64Array(n * d), { seed, purpose: 'rows' });
    const ξ = normal(new Float64Array(n), { seed, purpose: 'noise' });
    const random = randomFrom({ seed, purpose: 'hidden' })(0);
    const hidden = Float64Array.from({ length: d }, (_, j) =>
      j < nonzeros ? (4 + random.uniform() / 4) * (random.uniform() < 0.5 ? -1 : 1) : 0,
    );
    const data = { rows: n, columns: d, A, b: ξ.map((e, i) => rowTimes(A, d, i, hidden) + noise * e) };
    const groups = Array.from({ length: Math.ceil(d / group) }, (_, g) => Math.min(group, d - g * group));
    const norms = groups.map((_, g) => ratio ** (-(g % 3) / 2));
    const set = ratio === 1 ? groupL1Ball({ radius: 1, groups }) : atomicBall({ norms, groups });
    const gram = lazy(() => gramEigen(data, () => 1));
    const L = (): number => gram().values[d - 1]!;
    const game = finiteSum({
      name: 'penalised-regression',
      dim: d,
      terms: n,
      start: Array<number>(d).fill(0),
      ...linearTerms(data, squaredError, 0),
      facts: lazyFacts({
        lipschitz: L,
        cocoercive: () => 1 / L(),
        comonotone: () => 0,
        where: () => 'everywhere',
        termLipschitz: () =>
          ξ.reduce((most, _, i) => {
            const a = A.subarray(i * d, (i + 1) * d);
            return Math.max(most, dot(a, a));
          }, 0),
        convexTerms: () => true,
      }),
    });
    const constraint = constraintOf(game.players, [squaredGauge(set, { weight })]);
    return { ...game, constraint, gap: linearGap(constraint) };
  },
});

import { dot, eigh, lazyFacts, parseRows, type Game, type Full } from '@stillpoint/operators';
import { solveLinear } from '../games/linear-algebra.js';
import { minimisation } from '../kinds/minimisation.js';
import * as option from '../options.js';
import { lazy } from './lazy.js';
import {
  descending,
  exactly,
  lowerLevels,
  LARGEST_CURVATURE,
  plus,
  trilevelParts,
  unit,
  type Solver,
  type TrilevelParts,
} from './trilevel.js';

const table = {
  dimension: option.integer({ about: 'entries of each level', symbol: 'd', from: 1, to: 20, default: 3 }),
  steps: option.integer({
    about: 'gradient steps of each lower level',
    symbol: 'T',
    from: 1,
    to: 200,
    default: 20,
  }),
  stepSize: option.number({
    about: 'length of these steps, below 2/L',
    symbol: 'η',
    above: 0,
    below: 2 / LARGEST_CURVATURE,
    default: 0.3,
  }),
  derivatives: option.choice({
    about: 'whether the gradient goes through the steps backwards, or forwards along each entry',
    among: ['reverse', 'forward'],
    default: 'reverse',
  }),
  seed: option.seed({ default: 1 }),
};

type Options = Full<typeof table>;

/** F₁ of both ways to solve the lower levels, and its gradient. */
function topOf({ a, ...parts }: TrilevelParts, solver: Solver, derivatives: Options['derivatives']) {
  const d = a[0].length;
  const { solutions, pulledBack } = lowerLevels({ a, ...parts }, solver);
  const away = (x: Float64Array, constants: boolean): readonly Float64Array[] =>
    [x, ...solutions(x, constants)].map((own, i) => (constants ? plus(own, a[i]!, -1) : own));
  /** ∇F₁, or without constants the Hessian times x. */
  const gradient = (x: Float64Array, constants = true): Float64Array => {
    const r = away(x, constants);
    if (derivatives === 'reverse') return plus(r[0]!, pulledBack(r[1]!, r[2]!));
    return Float64Array.from({ length: d }, (_, j) =>
      away(unit(d, j), false).reduce((sum, along, i) => sum + dot(along, r[i]!), 0),
    );
  };
  return {
    gradient,
    value: (x: Float64Array): number => away(x, true).reduce((sum, r) => sum + dot(r, r) / 2, 0),
    hessian: (): Float64Array =>
      Float64Array.from(Array.from({ length: d }, (_, j) => Array.from(gradient(unit(d, j), false))).flat()),
    /** Where the gradient, which is affine, is 0. */
    solution: (): Float64Array => {
      const H = new Float64Array(d * d);
      for (let j = 0; j < d; j++) gradient(unit(d, j), false).forEach((x, i) => (H[i * d + j] = x));
      const minus = gradient(new Float64Array(d)).map((x) => -x);
      return solveLinear(H, minus)!; // its least eigenvalue is 1 or more
    },
  };
}

/**
 * Three levels of quadratics inside each other, the lower two replaced by T steps of gradient descent from 0:
 *   f₁ = ½ Σ ‖xᵢ − aᵢ‖²,  f₂ = ½x₂ᵀA₂x₂ − x₂ᵀ(B₂₁x₁ + B₂₃x₃ + c₂),  f₃ = ½x₃ᵀA₃x₃ − x₃ᵀ(B₃₁x₁ + B₃₂x₂ + c₃),
 * seeded, with lower losses of curvature 1 to 4. F₁ is a quadratic of x₁ with exact constants and solution,
 * and both derivatives through the steps are exact. A gradient is one call, though it makes some 10T² steps.
 * Source: after Sato, Tanaka, Takeda 2021, arXiv 2105.13954.
 */
export const trilevelQuadratic = minimisation({
  name: 'trilevel-quadratic',
  about:
    'three levels of quadratics inside each other, the lower two by T gradient steps: exact derivatives through them',
  reference: 'after Sato, Tanaka, Takeda 2021, arXiv 2105.13954',
  options: table,
  make({ dimension: d, steps, stepSize: η, derivatives, seed }): Game {
    const top = topOf(trilevelParts(d, seed), descending(steps, η), derivatives);
    const spectrum = lazy(() => eigh(top.hessian(), { vectors: false }).values);
    const solution = lazy(() => top.solution());
    const flat = (x: ArrayLike<number>): Float64Array => Float64Array.from(x);
    return {
      name: 'trilevel-quadratic',
      dim: d,
      players: [{ name: 'x', start: 0, end: d }],
      start: Array<number>(d).fill(0),
      operator: (x, out) => out.set(top.gradient(flat(x))),
      losses: (x, out) => void (out[0] = top.value(flat(x))),
      jacobianVector: (_, v, out) => out.set(top.gradient(flat(v), false)),
      facts: lazyFacts({
        lipschitz: () => spectrum()[d - 1]!,
        stronglyMonotone: () => spectrum()[0]!,
        cocoercive: () => 1 / spectrum()[d - 1]!,
        comonotone: () => 1 / spectrum()[d - 1]!,
        solution: () => Array.from(solution()),
        optimum: () => top.value(solution()),
      }),
    };
  },
});

/** The solution of the three levels themselves, which those of T steps approach: x₁, by exact solves. */
export function trilevelSolution(options: Partial<Pick<Options, 'dimension' | 'seed'>> = {}): Float64Array {
  const { dimension, seed } = parseRows('trilevelSolution', table, options);
  return topOf(trilevelParts(dimension, seed), exactly, 'reverse').solution();
}

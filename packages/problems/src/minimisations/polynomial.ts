import { InputError, type Game } from '@stillpoint/operators';
import * as option from '../options.js';
import { derivative, plus, signChanges, trimmed, valueAt, type Coefficients } from './real-roots.js';
import { minimisation } from '../kinds/minimisation.js';

/**
 * f(x) = c₀ + c₁x + … + c_nxⁿ of one variable, bounded below. For n ≥ 3 no L exists, but for every L₁ > 0
 *   L₀ = max(0, max |f″| − L₁|f′|),
 * which is attained where f′ = 0 or f‴ = ±L₁f″, since elsewhere |f″| − L₁|f′| has a slope or turns upwards.
 * The default has two minima. @throws InputError if it is not bounded below.
 */
export const polynomial = minimisation({
  name: 'polynomial',
  about: 'a polynomial of one variable, by default with two minima: (L₀, L₁) and f* are computed',
  reference: 'Zhang, He, Sra, Jadbabaie 2020, arXiv 1905.11881',
  options: {
    coefficients: option.numbers({
      about: 'weights of 1, x, x², …; the highest power is even and its weight above 0',
      symbol: 'c',
      default: [0, 0.5, -2, 0, 1],
    }),
    start: option.number({ about: 'the start', default: 3 }),
    L1: option.number({
      about: 'which pair (L₀, L₁) is stated, with the smallest L₀',
      symbol: 'L₁',
      above: 0,
      default: 1,
    }),
  },
  make({ coefficients, start, L1 }): Game {
    const c = trimmed(coefficients);
    if (c.length < 3 || c.length % 2 === 0 || !(c.at(-1)! > 0))
      throw new InputError(
        `polynomial: the coefficients [${coefficients.join(', ')}] have ${c.length === 0 ? 'no power' : `the highest power ${c.length - 1} with weight ${c.at(-1)}`}; expected an even power >= 2 with a weight above 0`,
      );
    const slope = derivative(c);
    const curvature = derivative(slope);
    const third = derivative(curvature);
    const stationary = signChanges(slope);
    const tries = [-1, 1].flatMap((sign) => signChanges(plus(third, sign * L1, curvature)));
    const excess = (x: number): number => Math.abs(valueAt(curvature, x)) - L1 * Math.abs(valueAt(slope, x));
    const L0 = [...stationary, ...tries].reduce((most, x) => Math.max(most, excess(x)), 0);
    const single = stationary.length === 1 ? stationary : undefined;
    return {
      name: 'polynomial',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      start: [start],
      operator(x, out) {
        out[0] = valueAt(slope, x[0]!);
      },
      losses(x, out) {
        out[0] = valueAt(c, x[0]!);
      },
      jacobianVector(x, v, out) {
        out[0] = valueAt(curvature, x[0]!) * v[0]!;
      },
      facts: {
        generalisedSmooth: { L0: L0 * (1 + ROUNDING), L1 },
        optimum: lowest(c, stationary),
        ...(single && { solution: single }),
      },
    };
  },
});

/** How far L₀ may lie below the maximum by the rounding of where it is attained and of its value. */
const ROUNDING = 2 ** -40;

const lowest = (c: Coefficients, stationary: readonly number[]): number =>
  Math.min(...stationary.map((x) => valueAt(c, x)));

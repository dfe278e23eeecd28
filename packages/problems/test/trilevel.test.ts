import { describe, expect, it } from 'vitest';
import { norm } from '@stillpoint/operators';
import { trilevelQuadratic, trilevelSolution, type OptionsOfProblem } from '../src/index.js';

type Options = OptionsOfProblem<typeof trilevelQuadratic>;

const away = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  norm(Float64Array.from(a, (x, i) => x - b[i]!));
const gradient = (options: Partial<Options>, x: Float64Array): Float64Array => {
  const out = new Float64Array(x.length);
  trilevelQuadratic(options).operator(x, out);
  return out;
};
/** Where the problem of T steps has its solution. */
const solved = (options: Partial<Options>): readonly number[] => trilevelQuadratic(options).facts!.solution!;

const SEEDS = [1, 2, 3, 4, 5];

describe('three levels of quadratics', () => {
  it('have gradients through the steps that central differences confirm, and forward is reverse', () => {
    for (const seed of SEEDS)
      for (const [dimension, steps] of [
        [3, 1],
        [3, 20],
        [5, 7],
        [1, 3],
      ] as const) {
        const options = { dimension, steps, seed };
        const x = Float64Array.from({ length: dimension }, (_, i) => Math.cos(1 + i));
        const [reverse, forward] = (['reverse', 'forward'] as const).map((derivatives) =>
          gradient({ ...options, derivatives }, x),
        );
        // some 100 sums of products with numbers below 10 are rounded
        expect(away(reverse!, forward!)).toBeLessThan(100 * 10 * 2 ** -52);
        // F₁ is quadratic: differences of any length are exact, and of length 1 rounding is not divided
        const game = trilevelQuadratic(options);
        const value = (at: Float64Array): number => {
          const out = new Float64Array(1);
          game.losses!(at, out);
          return out[0]!;
        };
        x.forEach((_, i) => {
          const at = (t: number): number => value(x.map((xj, j) => (j === i ? xj + t : xj)));
          expect(Math.abs((at(1) - at(-1)) / 2 - reverse![i]!)).toBeLessThan(200 * 20 * 2 ** -52);
        });
      }
  });
  it('come to the nested problem as T grows, at the rate of the steps', () => {
    for (const seed of SEEDS) {
      const exact = trilevelSolution({ seed });
      const distances = [1, 2, 5, 10, 20, 40].map((steps) => away(solved({ steps, seed }), exact));
      distances.slice(1).forEach((r, i) => expect(r).toBeLessThan(distances[i]!));
      expect(distances.at(-1)!).toBeLessThan(1e-5);
      // |1 − ηλ| ≤ 0.7 for curvatures from 1 to 4; T steps of both levels are off by up to T·0.7ᵀ or so
      expect(distances[5]! / distances[4]!).toBeLessThan(2 * 0.7 ** 20);
    }
  });
  it('have the solution that the optimality conditions of all levels give', () => {
    // T = 200 steps are off by 0.7²⁰⁰ = 1e-31: the same numbers up to rounding
    for (const seed of SEEDS)
      expect(away(solved({ steps: 200, seed }), trilevelSolution({ seed }))).toBeLessThan(
        1000 * 10 * 2 ** -52,
      );
  });
  it('have lower losses that steps below 2/L lower, and refuse longer ones', () => {
    expect(() => trilevelQuadratic({ stepSize: 0.5 })).toThrow(/stepSize .*0\.5/);
    const far = away(solved({ stepSize: 0.49, steps: 200 }), trilevelSolution());
    // |1 − 0.49·4| = 0.96, and 200·0.96²⁰⁰ is 0.06
    expect(far).toBeLessThan(0.06);
  });
});

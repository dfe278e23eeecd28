import { describe, expect, it } from 'vitest';
import { norm, type Method, type State } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  alternatingGda,
  extragradient,
  gda,
  lookahead,
  pastExtragradient,
  rapp,
  solve,
} from '../src/index.js';

type Complex = readonly [re: number, im: number];
const add = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
const mul = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const times = (c: number, a: Complex): Complex => [c * a[0], c * a[1]];
const one: Complex = [1, 0];
const power = (a: Complex, n: number): Complex => (n === 0 ? one : mul(a, power(a, n - 1)));

/**
 * |m| of a method on the linear game, where each step is z⁺ = m·z in complex notation, z = x + iy: F(z) =
 * μ̄z.
 */
const multipliers = {
  gda: (μ: Complex, γ: number): Complex => add(one, times(-γ, μ)),
  extragradient: (μ: Complex, γ: number): Complex => add(one, times(-γ, mul(μ, add(one, times(-γ, μ))))),
  rapp: (μ: Complex, γ: number, τ: number, λ: number): Complex => {
    let sum = one;
    for (let j = 1; j <= τ; j++) sum = add(sum, power(times(-γ, μ), j));
    return add([1 - λ, 0], times(λ, sum));
  },
  lookahead: (m: Complex, τ: number, λ: number): Complex => add([1 - λ, 0], times(λ, power(m, τ))),
};

/** Measured growth of ‖z‖ per `stride` steps, over `n` of them. */
function growth(L: number, ρ: number, method: Method<State>, n: number, stride = 1): number {
  const { z } = solve(gameFrom(`linear(lipschitz=${L}, weakMinty=${ρ})`), method, { steps: n * stride });
  return (norm(z) / Math.hypot(1, 0.5)) ** (1 / n);
}
const eigenvalue = (L: number, ρ: number): Complex => [L * L * ρ, L * Math.sqrt(1 - L * L * ρ * ρ)];
/** 30 multiplications round to about 30·2⁻⁵² relative; the 30th root keeps it far below 1e-12. */
const close = (found: number, wanted: number): void =>
  expect(Math.abs(found - wanted) / wanted).toBeLessThan(1e-12);

const cases = [-0.33, -0.2, -0.05, 0, 0.1, 0.4].flatMap((ρL) =>
  [0.3, 1, 3].flatMap((L) => [0.2, 0.7, 1].map((γL) => [ρL / L, L, γL / L] as const)),
);
describe('spectral multipliers on the linear game, ρ %f, L %f, γ %f', () => {
  it.each(cases)('ρ=%f L=%f γ=%f', (ρ, L, γ) => {
    const μ = eigenvalue(L, ρ);
    close(growth(L, ρ, gda({ stepSize: γ }), 30), Math.hypot(...multipliers.gda(μ, γ)));
    const eg = Math.hypot(...multipliers.extragradient(μ, γ));
    if (eg > 1e-3) close(growth(L, ρ, extragradient({ stepSize: γ }), 30), eg);
    for (const [τ, λ] of [
      [1, 0.3],
      [2, 0.5],
      [3, 0.9],
      [5, 1],
    ] as const) {
      const wanted = Math.hypot(...multipliers.rapp(μ, γ, τ, λ));
      if (wanted > 1e-3) close(growth(L, ρ, rapp({ stepSize: γ, innerSteps: τ, weight: λ }), 30), wanted);
      const la = Math.hypot(...multipliers.lookahead(multipliers.gda(μ, γ), τ, λ));
      close(growth(L, ρ, lookahead(gda({ stepSize: γ }), { steps: τ, weight: λ }), 30, τ), la);
    }
  });
});

describe('values of the reference: L = 3, ρ = −1/9', () => {
  it.each([
    [1, 1.13411],
    [2, 0.98666],
    [3, 0.69633],
    [5, 0.96579],
    [10, 0.9328],
    [20, 0.87228],
  ])('rapp γ = .99/L, λ = .3, τ = %i', (τ, wanted) => {
    expect(growth(3, -1 / 9, rapp({ stepSize: 0.33, innerSteps: τ, weight: 0.3 }), 30)).toBeCloseTo(
      wanted,
      5,
    );
  });
  it.each([
    [0.5, 1, 1.03078],
    [0.5, 2, 0.91001],
    [0.5, 3, 0.89486],
    [0.5, 5, 0.92874],
    [0.9, 1, 1.09659],
    [0.9, 2, 0.74601],
    [0.9, 3, 0.60111],
    [0.9, 5, 0.99849],
  ])('rapp on xy, λ = .5, γ = %f, τ = %i', (γ, τ, wanted) => {
    expect(growth(1, 0, rapp({ stepSize: γ, innerSteps: τ, weight: 0.5 }), 30)).toBeCloseTo(wanted, 5);
  });
  it('rapp converges exactly where λα < 1 in the limit of many inner steps (ρL = −.8, γ = .9/L)', () => {
    expect(growth(1, -0.8, rapp({ stepSize: 0.9, innerSteps: 400, weight: 0.1 }), 30)).toBeCloseTo(0.9865, 4);
    expect(growth(1, -0.8, rapp({ stepSize: 0.9, innerSteps: 400, weight: 0.3 }), 30)).toBeCloseTo(1.0252, 4);
  });
  it('lookahead on xy, γ = .3, τ = 6: λ = .5, .4 contract, .8 diverges', () => {
    for (const [λ, wanted] of [
      [0.5, 0.744755],
      [0.4, 0.719935],
      [0.8, 1.0198],
    ] as const)
      expect(growth(1, 0, lookahead(gda({ stepSize: 0.3 }), { steps: 6, weight: λ }), 30, 6)).toBeCloseTo(
        wanted,
        4,
      );
    expect(
      growth(1, 0, lookahead(extragradient({ stepSize: 0.3 }), { steps: 6, weight: 0.5 }), 30, 6),
    ).toBeCloseTo(0.5203, 5);
  });
});

describe('nested lookahead', () => {
  const nest = (...levels: readonly (readonly [τ: number, λ: number])[]): Method<State> =>
    levels.reduce(
      (method: Method<State>, [steps, weight]) => lookahead(method, { steps, weight }),
      gda({ stepSize: 0.3 }),
    );
  it('τ = 3 in 9, λ = .5 on xy multiplies by 0.73022 per outer step', () =>
    expect(growth(1, 0, nest([3, 0.5], [9, 0.5]), 20, 9)).toBeCloseTo(0.73022, 5));
  it.each([
    [
      [2, 0.5],
      [6, 0.3],
    ],
    [
      [3, 0.4],
      [6, 0.7],
      [12, 0.5],
    ],
    [
      [1, 0.5],
      [4, 1],
    ],
  ] as const)('closed form of %j', (...levels) => {
    let m = multipliers.gda([0, 1], 0.3);
    let period = 1;
    for (const [τ, λ] of levels) [m, period] = [multipliers.lookahead(m, τ / period, λ), τ];
    close(growth(1, 0, nest(...levels), 20, period), Math.hypot(...m));
  });
  it('an outer period that cuts an inner one in half keeps the inner counter: 2 in 3 repeats every 6 steps', () => {
    const g = multipliers.gda([0, 1], 0.3);
    const half = (slow: Complex, fast: Complex): Complex => times(0.5, add(slow, fast));
    // inner syncs after steps 2, 4, 6; outer after 3 and 6, moving the inner slow and fast points to its own
    let [outer, slow, fast]: Complex[] = [one, one, one];
    for (let k = 1; k <= 6; k++) {
      fast = mul(g, fast ?? one);
      if (k % 2 === 0) slow = fast = half(slow ?? one, fast);
      if (k % 3 === 0) outer = slow = fast = half(outer ?? one, slow ?? one);
    }
    close(growth(1, 0, nest([2, 0.5], [3, 0.5]), 10, 6), Math.hypot(...(outer ?? one)));
  });
});

describe('the game xy from (1, 1), γ = .1, after 100 steps', () => {
  const after = (method: Method<State>, steps = 100): number[] =>
    Array.from(solve(gameFrom('bilinear'), method, { steps }).z);
  it.each([
    ['gda', gda({ stepSize: 0.1 }), 100, [-0.5603401, -2.2573539]],
    ['alternating-gda', alternatingGda({ stepSize: 0.1 }), 100, [-0.3160029, -1.3575869]],
    ['extragradient', extragradient({ stepSize: 0.1 }), 100, [-0.1228173, -0.8511241]],
    [
      'lookahead 5',
      lookahead(gda({ stepSize: 0.1 }), { steps: 5, weight: 0.5 }),
      500,
      [0.1357684, 0.1663565],
    ],
  ] as const)('%s', (_, method, steps, wanted) =>
    after(method, steps).forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 7)),
  );
  it('alternating gda keeps x² + y² − γxy: bounded, never convergent', () => {
    const [x = 0, y = 0] = after(alternatingGda({ stepSize: 0.1 }), 12_345);
    expect(x * x + y * y - 0.1 * x * y).toBeCloseTo(1.9, 9);
  });
  it('past-extragradient obeys its two-term recursion z⁺ = z − γF(z − γg₋), g₋₁ = 0', () => {
    let [x, y, gx, gy] = [1, 1, 0, 0];
    for (let k = 0; k < 100; k++) {
      const [u, v] = [x - 0.1 * gx, y - 0.1 * gy];
      [gx, gy] = [v, -u];
      [x, y] = [x - 0.1 * gx, y - 0.1 * gy];
    }
    after(pastExtragradient({ stepSize: 0.1 })).forEach((found, i) =>
      expect(found).toBeCloseTo([x, y][i] ?? NaN, 13),
    );
  });
});

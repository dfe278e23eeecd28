import { describe, expect, it } from 'vitest';
import { norm, svd, uniform, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom } from '../src/index.js';

const F = (game: Game, z: Vector): Float64Array => {
  const out = new Float64Array(game.dim);
  game.operator(z, out);
  return out;
};
/** J(z), row by row. */
function jacobian(game: Game, z: Vector): Float64Array {
  const { dim: n } = game;
  const J = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    game.jacobianVector?.(
      z,
      Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)),
      column,
      false,
    );
    for (let i = 0; i < n; i++) J[i * n + j] = column[i]!;
  }
  return J;
}
const longest = (game: Game, z: Vector): number => svd(jacobian(game, z), game.dim, game.dim).values[0]!;

describe.each([
  [1, 1],
  [0.5, 3],
  [4, -20],
  [2, 0],
  [1, 0.1],
])('exponential-saddle with a = %f, b = %f', (a, b) => {
  const game = gameFrom(`exponential-saddle(rate=${a}, coupling=${b})`);
  const { L0, L1 } = game.facts!.generalisedSmooth!;
  it('‖J‖ ≤ L₀ + L₁‖F‖ on a grid and where the coupling cancels most of F, ‖J(0)‖ = L₀ = √(1 + b²)', () => {
    expect(L0).toBeCloseTo(Math.hypot(1, b), 13);
    expect(L1 / (a * L0)).toBeCloseTo(1, 14);
    expect(longest(game, Float64Array.of(0, 0)) / L0).toBeCloseTo(1, 14);
    const within = (x: number, y: number): void => {
      const z = Float64Array.of(x, y);
      expect(longest(game, z)).toBeLessThanOrEqual((L0 + L1 * norm(F(game, z))) * (1 + 2 ** -45));
    };
    for (let i = -40; i <= 40; i++) {
      for (let j = -40; j <= 40; j++) within(i / (8 * a), j / (8 * a));
      // F₁ = 0, and the least ‖F‖ if φ′(y) were y
      const x = i / (8 * a);
      const slope = Math.sinh(a * x) / a;
      if (Math.abs(slope / b) < 700 / a) within(x, -slope / b); // beyond, cosh overflows
      within(x, (-b * (slope - x)) / (1 + b * b));
    }
  });
  it('no L₁ below a would do: far along an axis (‖J‖ − L₀)/‖F‖ comes near to a', () => {
    const z = Float64Array.of(30 / a, 0);
    expect((longest(game, z) - L0) / norm(F(game, z)) / a).toBeCloseTo(1, 9);
  });
  it('is 1-strongly monotone, with no better constant', () => {
    const random = uniform(new Float64Array(800), { seed: 1, purpose: 'pairs' });
    for (let k = 0; k < 800; k += 4) {
      const [u, v] = [0, 2].map((at) => random.slice(k + at, k + at + 2).map((x) => (8 * x - 4) / a));
      const [Fu, Fv] = [F(game, u!), F(game, v!)];
      const inner = [0, 1].reduce((sum, i) => sum + (Fu[i]! - Fv[i]!) * (u![i]! - v![i]!), 0);
      const square = [0, 1].reduce((sum, i) => sum + (u![i]! - v![i]!) ** 2, 0);
      expect(inner).toBeGreaterThanOrEqual(square * (1 - 1e-12) - 1e-13 * (norm(Fu) + norm(Fv)) * norm(u!));
    }
    const J = jacobian(game, Float64Array.of(0, 0));
    expect([J[0], J[3], J[1]! + J[2]!]).toEqual([1, 1, 0]); // sym J(0) = I
  });
});

it('other entries are independent: with n = 3 the same as three of them', () => {
  const [one, three] = [1, 3].map((n) => gameFrom(`exponential-saddle(coupling=2, dimension=${n})`));
  const z = Float64Array.of(1, -2, 0.5, 0.3, 4, -1);
  const whole = F(three!, z);
  for (let i = 0; i < 3; i++)
    expect(Array.from(F(one!, Float64Array.of(z[i]!, z[3 + i]!)))).toEqual([whole[i], whole[3 + i]]);
  expect(three!.facts!.generalisedSmooth).toEqual(one!.facts!.generalisedSmooth);
  expect(longest(three!, z)).toBeCloseTo(
    Math.max(...[0, 1, 2].map((i) => longest(one!, Float64Array.of(z[i]!, z[3 + i]!)))),
    12,
  );
});

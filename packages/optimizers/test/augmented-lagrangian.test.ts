import { describe, expect, it } from 'vitest';
import { distance, type Game, type Vector } from '@stillpoint/operators';
import { sparseRegression, userGame } from '@stillpoint/problems';
import { augmentedLagrangian, iterate, solve } from '../src/index.js';

/** ½‖x − a‖² + g(x), whose minimum is prox_g(a). */
const towards = (a: readonly number[], constraint?: string): Game =>
  userGame(
    {
      name: 'towards a',
      players: { x: a.length },
      start: a.map(() => 0),
      operator: (x: Vector, out: Vector) => x.forEach((v, i) => void (out[i] = v - a[i]!)),
      losses: (x: Vector, out: Vector) =>
        void (out[0] = a.reduce((sum, v, i) => sum + (x[i]! - v) ** 2 / 2, 0)),
      ...(constraint === undefined ? {} : { constraint: { x: constraint } }),
    },
    'towards.mjs',
  );

describe('augmented-lagrangian', () => {
  it('has the closed form’s steps on a half-line: u halves its distance to u* = −1 for γ = 1', () => {
    // f = ½(x + 1)², x ≥ 0, u ≤ 0: x⁺ = −(1 + u)/2, z⁺ = 0, u⁺ = (u − 1)/2
    let [u, steps] = [0, 0];
    for (const state of iterate(towards([-1], 'nonnegative'), augmentedLagrangian({ stepSize: 1 }))) {
      u = (u - 1) / 2;
      // the inner solver stops at 1e-8 of a gradient of 1, and the curvature of its objective is 1 at least;
      // errors of u halve with it
      expect(Math.abs(state.u[0]! - u)).toBeLessThan(2e-8);
      expect(state.z[0]).toBe(0);
      if (++steps === 12) break;
    }
    expect(steps).toBe(12);
  });

  it.each([0.01, 1, 100])('finds the soft threshold, for γ = %f', (stepSize) => {
    const a = [3, -0.5, 1.25, -2];
    const { z } = solve(towards(a, 'l1(weight=1)'), augmentedLagrangian({ stepSize }), {
      steps: 400,
      tolerance: 1e-7,
    });
    const soft = a.map((v) => Math.sign(v) * Math.max(0, Math.abs(v) - 1));
    expect(distance(Float64Array.from(z), Float64Array.from(soft))).toBeLessThan(1e-6);
  });

  it('moves its multiplier monotonically to the solution’s, as a proximal point method on the dual', () => {
    const us: Vector[] = [];
    const method = augmentedLagrangian({ stepSize: 0.3, tolerance: 1e-11 });
    for (const state of iterate(sparseRegression({ examples: 30, dimension: 10 }), method)) {
      us.push(Float64Array.from(state.u));
      if (us.length > 30) break;
    }
    const solution = us.at(-1)!;
    const away = us.slice(0, -5).map((u) => distance(u, solution));
    for (let k = 1; k < away.length; k++)
      expect(away[k]!).toBeLessThanOrEqual(away[k - 1]! * (1 + 1e-9) + 1e-9);
    expect(away.at(-1)!).toBeLessThan(away[0]! / 10);
  });

  it('is refused without a constraint, since it would be L-BFGS', () => {
    expect(() => solve(towards([1]), augmentedLagrangian({ stepSize: 1 }), { steps: 1 })).toThrow(
      'augmented-lagrangian needs a problem with a constraint; this one has no constraint. Without one lbfgs does the same',
    );
  });
});

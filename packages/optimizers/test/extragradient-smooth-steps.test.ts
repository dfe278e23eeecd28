import { describe, expect, it } from 'vitest';
import { norm } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { iterate, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

// Extragradient under (L₀, L₁)-smoothness: its steps. extragradient-smooth.test.ts has the theorem.

describe('steps in closed form, on the bilinear game', () => {
  const game = gameFrom('bilinear');
  const path = (spec: string, steps: number): readonly number[] => {
    const lengths: number[] = [];
    for (const { z } of iterate(game, methodFrom(spec), Float64Array.of(30, -40))) {
      lengths.push(norm(z));
      if (lengths.length === steps) break;
    }
    return lengths;
  };
  it('‖z⁺‖² = r² − γ²c² + γ⁴c⁴/r² while r = ‖F(z)‖ > c, then r²(1 − γ² + γ⁴)', () => {
    const [γ, c] = [0.6, 2];
    let [r, clipped] = [50, 0];
    for (const length of path(`clipped-extragradient(stepSize=${γ}, threshold=${c})`, 2500)) {
      const h = γ * Math.min(1, c / r);
      if (r > c) clipped++;
      r *= Math.sqrt(1 - h ** 2 + h ** 4);
      expect(length / r).toBeCloseTo(1, 10); // 2500 steps of a few roundings
    }
    // r² falls by less than γ²c² = 1.44 in a clipped step, from 2500 to 4
    expect(clipped).toBeGreaterThan(2496 / 1.44);
    expect(r).toBeLessThan(2e-10);
  });
  it('clipped gradient steps lead outwards: ‖z⁺‖² = r² + η²c²', () => {
    path('clipped-gradient(stepSize=0.6, threshold=2)', 1000).forEach((length, k) =>
      expect(length ** 2 / (2500 + 1.44 * (k + 1))).toBeCloseTo(1, 11),
    );
  });
});

describe('equal methods, bit for bit', () => {
  it.each([
    ['clipped-extragradient(stepSize=0.01, threshold=1e300)', 'extragradient(stepSize=0.01)'],
    ['generalised-smooth-extragradient(L0=64, L1=0, change=0.5)', 'extragradient(stepSize=0.0078125)'],
    [
      'clipped-extragradient(stepSize=0.01, threshold=1e300, relaxation=0.5)',
      'ceg-plus(stepSize=0.01, relaxation=0.5)',
    ],
  ])('%s and %s', (one, other) => {
    for (const name of ['exponential-saddle', 'bilinear', 'quadratic', 'lq-game']) {
      const game = gameFrom(name);
      const [a, b] = [one, other].map((spec) => solve(game, methodFrom(spec), { steps: 60 }).z);
      if (other.startsWith('extra')) expect(a).toEqual(b);
      else a!.forEach((x, i) => expect(x).toBeCloseTo(b![i]!, 11)); // ceg-plus sums in another order
    }
  });
});

it('(L₀, L₁) = (0, 0) is refused', () =>
  expect(() => methodFrom('generalised-smooth-extragradient(L0=0, L1=0)')).toThrow(
    'generalised-smooth-extragradient: L0 and L1 are 0; expected one of them to be > 0',
  ));

describe('figures', () => {
  it('count the steps whose F(z) was clipped, and F(w) not', () => {
    const game = gameFrom('bilinear');
    const method = methodFrom('clipped-extragradient(stepSize=0.5, threshold=1)');
    const { checkpoint } = solve(game, method, { start: Float64Array.of(1.1, 0), steps: 10 });
    // ‖F‖ is 1.1; in the first step ‖z⁺‖² = 1.21 − 0.25 + 0.0625/1.21, then it is below 1
    expect(method.figures?.(checkpoint.state)).toMatchObject({ engaged: 2, 'norms seen': 10 });
  });
});

import { describe, expect, it } from 'vitest';
import { distance, norm, type Game, type Method, type State } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { gda, heavyBall, higherMomentum, iterate, nesterov, sgdMomentum, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** f(z) = ½λz². */
const bowl = (λ: number): Game => ({
  name: 'bowl',
  dim: 1,
  players: [{ name: 'z', start: 0, end: 1 }],
  start: [1],
  operator(z, out) {
    out[0] = λ * z[0]!;
  },
});
const ridge = problemFrom('ridge(examples=30, dimension=6)').exact;
const { constraint: _, ...forsaken } = gameFrom('forsaken');
/** The points of a run, from the first step on. */
function points(game: Game, method: Method<State>, steps: number): number[][] {
  const found: number[][] = [];
  const states = iterate(game, method);
  for (let k = 0; k < steps; k++) found.push(Array.from(states.next().value.z));
  return found;
}
/** Two runs of tens of steps, each step of a few roundings, which grow tenfold at most. */
const alike = (a: number[][], b: number[][]): void =>
  a.forEach((z, k) => z.forEach((x, i) => expect(x).toBeCloseTo(b[k]![i]!, 11)));
/** F at a point. */
const F = (game: Game, z: readonly number[]): number[] => {
  const out = new Float64Array(game.dim);
  game.operator(Float64Array.from(z), out);
  return Array.from(out);
};

describe('heavy-ball', () => {
  it.each([ridge, forsaken])('is sgd-momentum without constraints, $name', (game) =>
    alike(
      points(game, heavyBall({ stepSize: 0.1, momentum: 0.8 }), 60),
      points(game, sgdMomentum({ stepSize: 0.1, momentum: 0.8 }), 60),
    ),
  );
  it('on a quadratic is the closed form of its recursion, with real and with complex roots', () => {
    const λ = 1;
    // r² − (1 + β − γλ)r + β = 0: discriminants 0.49 − 0.36 and 1.9² − 3.6
    for (const [γ, β] of [
      [0.39, 0.09],
      [0, 0.9],
      [0.2, 0.9],
    ] as const) {
      const [b, square] = [(1 + β - γ * λ) / 2, ((1 + β - γ * λ) / 2) ** 2 - β];
      const found = points(bowl(λ), heavyBall({ stepSize: γ === 0 ? 1e-300 : γ, momentum: β }), 30);
      for (let k = 1; k <= 30; k++) {
        // z₋₁ = z₀ = 1: c₁ = (1 − γλ − r₂)/(r₁ − r₂) in real roots; the cosine form in complex ones
        const root = Math.sqrt(Math.abs(square));
        const slope = 1 - γ * λ - b; // z₁ − b
        const exact =
          square > 0
            ? ((1 + slope / root) * (b + root) ** k + (1 - slope / root) * (b - root) ** k) / 2
            : Math.sqrt(β) ** k *
              (Math.cos(k * Math.atan2(root, b)) + (slope / root) * Math.sin(k * Math.atan2(root, b)));
        expect(found[k - 1]![0]).toBeCloseTo(exact, 12);
      }
    }
  });
  it('rests at a constrained solution where F ≠ 0, with every step size', () => {
    const { facts: __, ...game } = gameFrom('xy-box');
    const pushed: Game = { ...game, operator: (_z, out) => out.set([-1, 2]) };
    for (const method of [
      heavyBall({ stepSize: 0.1 }),
      nesterov({ stepSize: [0.1, 0.3] }),
      higherMomentum({ stepSize: 0.1 }),
    ])
      expect(Array.from(solve(pushed, method, { steps: 2000 }).z)).toEqual([5, -5]);
  });
});

describe('nesterov', () => {
  it('takes the steps of its recursion, in a game, too', () => {
    const [γ, d] = [0.1, 4];
    let [x, before] = [[...forsaken.start!], [...forsaken.start!]];
    const found = points(forsaken, nesterov({ stepSize: γ, friction: d }), 40);
    for (let k = 0; k < 40; k++) {
      const c = k === 0 ? 0 : (k - 1) / (k + d - 1);
      const y = x.map((xi, i) => xi + c * (xi - before[i]!));
      const g = F(forsaken, y);
      [before, x] = [x, y.map((yi, i) => yi - γ * g[i]!)];
      x.forEach((xi, i) => expect(found[k]![i]).toBeCloseTo(xi, 12));
    }
  });
  it.each([3, 4, 8])('d = %d: f(z) − f* ≤ (d − 1)²‖z₀ − z*‖²/(2γ(k + d − 2)²) at every step', (d) => {
    const { lipschitz: L = NaN, solution = [], optimum = NaN } = ridge.facts!;
    const away = distance(ridge.start!, solution) ** 2;
    const loss = new Float64Array(1);
    points(ridge, nesterov({ stepSize: 1 / L, friction: d }), 300).forEach((z, i) => {
      const k = i + 1;
      ridge.losses!(Float64Array.from(z), loss);
      const bound = ((d - 1) ** 2 * away * L) / (2 * (k + d - 2) ** 2);
      expect(loss[0]! - optimum).toBeLessThanOrEqual(bound);
    });
  });
  it('d = 1 begins with a plain step, as all do', () => {
    expect(points(bowl(1), nesterov({ stepSize: 0.25, friction: 1 }), 2)).toEqual([[0.75], [0.5625]]);
  });
});

describe('higher-momentum', () => {
  it('without a second lag is heavy-ball, without both gda', () => {
    expect(points(forsaken, higherMomentum({ stepSize: 0.1, momentum: 0.7, secondMomentum: 0 }), 50)).toEqual(
      points(forsaken, heavyBall({ stepSize: 0.1, momentum: 0.7 }), 50),
    );
    expect(points(ridge, higherMomentum({ stepSize: 0.1, momentum: 0, secondMomentum: 0 }), 50)).toEqual(
      points(ridge, gda({ stepSize: 0.1 }), 50),
    );
  });
  it.each([
    [0.2, 0.5],
    [0.2, 0.8],
    [0.9, -0.4],
  ])('β = (%f, %f) takes the steps of its authors’ code, with two decaying sums', (β1, β2) => {
    // the roots p, q are complex in the last case; there the sum itself is followed
    const γ = 0.05;
    const root = Math.sqrt(β1 * β1 + 4 * β2);
    const [p, q] = [(β1 + root) / 2, (β1 - root) / 2];
    let z = [...forsaken.start!];
    let [Q, B, B1] = [z.map(() => 0), z.map(() => 0), z.map(() => 0)];
    const found = points(forsaken, higherMomentum({ stepSize: γ, momentum: β1, secondMomentum: β2 }), 60);
    for (const at of found) {
      const g = F(forsaken, z);
      if (Number.isNaN(root)) [B, B1] = [B.map((b, i) => β1 * b + β2 * B1[i]! + g[i]!), B];
      else {
        Q = Q.map((x, i) => q * x + g[i]!);
        B = B.map((b, i) => p * b + Q[i]!);
      }
      z = z.map((x, i) => x - γ * B[i]!);
      z.forEach((x, i) => expect(at[i]).toBeCloseTo(x, 12));
    }
  });
  it.each([
    [0.2, 0.5, 2 * (1 + 0.2 - 0.5)],
    [0.2, 0.8, 2 * (1 + 0.2 - 0.8)], // with a root at 1
    [0.2, 0.2, 2],
    [1, -0.5, ((1 - 0.5) * (1 - 1 + 0.5)) / 0.5],
    [-0.5, 0.4, 2 * (1 - 0.5 - 0.4)],
  ])('β = (%f, %f) converges for γ below %f/L, and diverges above', (β1, β2, edge) => {
    const size = (γ: number): number =>
      norm(
        solve(bowl(1), higherMomentum({ stepSize: γ, momentum: β1, secondMomentum: β2 }), {
          steps: 5000,
          tolerance: 0,
        }).z,
      );
    expect(size(0.95 * edge)).toBeLessThan(1e-3);
    expect(size(0.1 * edge)).toBeLessThan(1e-3);
    expect(size(1.05 * edge)).toBeGreaterThan(1e3);
  });
  it('refuses roots outside the circle, and names them; a root at 1 beside one in (−1, 0) it takes', () => {
    expect(() => methodFrom('higher-momentum(stepSize=1, momentum=0.6, secondMomentum=0.5)')).toThrow(
      /roots 1\.06811 and -0\.468115; expected both inside the unit circle/,
    );
    expect(() => methodFrom('higher-momentum(stepSize=1, momentum=0, secondMomentum=-1.21)')).toThrow(
      'roots 0 ± 1.1i (of modulus 1.1)',
    );
    expect(() => methodFrom('higher-momentum(stepSize=1, momentum=1, secondMomentum=0)')).toThrow(
      'roots 1 and 0;',
    );
    expect(() => methodFrom('higher-momentum(stepSize=1, momentum=-0.5, secondMomentum=0.5)')).toThrow(
      'roots 0.5 and -1;',
    );
    for (const [β1, β2] of [
      [0.2, 0.8],
      [0.1, 0.9],
    ])
      expect(() =>
        methodFrom(`higher-momentum(stepSize=1, momentum=${β1}, secondMomentum=${β2})`),
      ).not.toThrow();
  });
});

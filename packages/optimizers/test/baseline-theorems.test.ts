import { describe, expect, it } from 'vitest';
import {
  distance,
  dot,
  norm,
  normal,
  orthogonaliser,
  svd,
  type Game,
  type Vector,
} from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import {
  adam,
  adamw,
  gda,
  iterate,
  lbfgs,
  sam,
  scheduleFree,
  sgdMomentum,
  solve,
  spaceFor,
} from '../src/index.js';
import { curvaturePairs, pairsOf } from '../src/inner/curvature-pairs.js';
import { methodFrom } from '../src/registry.js';

/** f(z) = ½ Σ aᵢzᵢ². */
const bowl = (...a: number[]): Game => ({
  name: 'bowl',
  dim: a.length,
  players: [{ name: 'z', start: 0, end: a.length }],
  start: a.map(() => 1),
  operator(z, out) {
    a.forEach((x, i) => (out[i] = x * z[i]!));
  },
  losses(z, out) {
    out[0] = a.reduce((sum, x, i) => sum + 0.5 * x * z[i]! ** 2, 0);
  },
  facts: { lipschitz: Math.max(...a), cocoercive: 1 / Math.max(...a), solution: a.map(() => 0), optimum: 0 },
});
const ridge = problemFrom('ridge(examples=30, dimension=6)').exact;
const after = (game: Game, method: Parameters<typeof solve>[1], steps: number): Vector =>
  solve(game, method, { steps }).z;

describe('sgd-momentum', () => {
  it('on a quadratic of one entry follows the powers of its matrix: z₊ = z − γm, m = μm₋ + az', () => {
    const [a, γ, μ] = [2, 0.3, 0.7];
    let [z, m] = [1, 0];
    const states = iterate(bowl(a), sgdMomentum({ stepSize: γ, momentum: μ }), Float64Array.of(1));
    for (let k = 0; k < 40; k++) {
      m = μ * m + a * z;
      z -= γ * m;
      expect(states.next().value.z[0]).toBeCloseTo(z, 14);
    }
  });
  it('converges for γ < 2(1 + μ)/L and leaves beyond (Polyak 1964)', () => {
    const edge = 2 * (1 + 0.8);
    const size = (γ: number): number =>
      norm(after(bowl(1), sgdMomentum({ stepSize: γ, momentum: 0.8 }), 400));
    expect(size(0.98 * edge)).toBeLessThan(1e-2);
    expect(size(1.02 * edge)).toBeGreaterThan(1e2);
  });
  it('without momentum is gda', () => {
    expect(after(ridge, sgdMomentum({ stepSize: 0.5, momentum: 0 }), 30)).toEqual(
      after(ridge, gda({ stepSize: 0.5 }), 30),
    );
  });
  it('refuses nesterov without momentum, or with dampening', () => {
    expect(() => sgdMomentum({ stepSize: 1, momentum: 0, nesterov: true })).toThrow('needs momentum > 0');
    expect(() => sgdMomentum({ stepSize: 1, dampening: 0.5, nesterov: true })).toThrow('dampening = 0.5');
  });
});

describe('adamw', () => {
  it('without decay is adam; where F = 0, it shrinks z by 1 − γλ a step', () => {
    expect(after(ridge, adamw({ stepSize: 0.1, weightDecay: 0 }), 30)).toEqual(
      after(ridge, adam({ stepSize: 0.1 }), 30),
    );
    const [z] = after(bowl(0), adamw({ stepSize: 0.1, weightDecay: 0.5 }), 20);
    expect(z).toBeCloseTo(0.95 ** 20, 14);
  });
});

describe('sam', () => {
  it('on ½az² takes z⁺ = z − γa(z + ρ·sign z), so that it cannot come nearer than it overshoots', () => {
    const [a, γ, ρ] = [3, 0.1, 0.2];
    let z = 1;
    const states = iterate(bowl(a), sam({ stepSize: γ, radius: ρ }), Float64Array.of(1));
    for (let k = 0; k < 60; k++) {
      z -= γ * a * (z + ρ * Math.sign(z));
      expect(states.next().value.z[0]).toBeCloseTo(z, 14);
    }
    expect(Math.abs(z)).toBeGreaterThan(1e-3);
    expect(Math.abs(z)).toBeLessThan(γ * a * ρ);
  });
});

describe('schedule-free', () => {
  it('its z is the mean of its iterates; with β = 0 the iterates are those of gda', () => {
    const states = iterate(bowl(2, 0.5), scheduleFree({ stepSize: 0.3, momentum: 0 }), Float64Array.of(1, 1));
    const sum = [0, 0];
    for (let k = 1; k <= 30; k++) {
      const { z, last } = states.next().value;
      [2, 0.5].forEach((a, i) => {
        expect(last[i]).toBeCloseTo((1 - 0.3 * a) ** k, 14);
        sum[i]! += last[i]!;
        expect(z[i]).toBeCloseTo(sum[i]! / k, 14);
      });
    }
  });
  it('with β = 0 and γ = 1/L, f(x) − f* ≤ L‖z₀ − z*‖²/(2k), as means of gradient descent have', () => {
    const { lipschitz: L = NaN, solution = [], optimum = NaN } = ridge.facts ?? {};
    const away = distance(ridge.start ?? [], solution) ** 2;
    const loss = new Float64Array(1);
    const states = iterate(ridge, scheduleFree({ stepSize: 1 / L, momentum: 0 }));
    for (let k = 1; k <= 200; k++) {
      ridge.losses?.(states.next().value.z, loss);
      expect(loss[0]! - optimum).toBeLessThanOrEqual((L * away) / (2 * k));
    }
  });
});

/** From (−1.2, 1) along a bent valley to (1, 1). */
const rosenbrock: Game = {
  name: 'rosenbrock',
  dim: 2,
  players: [{ name: 'z', start: 0, end: 2 }],
  start: [-1.2, 1],
  operator(z, out) {
    const [x, y] = [z[0]!, z[1]!];
    out[0] = -400 * x * (y - x * x) - 2 * (1 - x);
    out[1] = 200 * (y - x * x);
  },
  losses(z, out) {
    out[0] = 100 * (z[1]! - z[0]! ** 2) ** 2 + (1 - z[0]!) ** 2;
  },
};
/** The losses, and so the gradients, times c. */
const inUnits = (game: Game, c: number): Game => ({
  ...game,
  facts: {},
  operator(z, out, asked) {
    game.operator(z, out, asked);
    out.forEach((x, i) => (out[i] = c * x));
  },
  losses(z, out, asked) {
    game.losses?.(z, out, asked);
    out[0] = c * out[0]!;
  },
});

describe('lbfgs', () => {
  it('its matrix meets the secant equation Hy = s, and is symmetric', () => {
    const space = spaceFor({ dim: 7, players: ridge.players }, new Float64Array(0));
    const { remember, direction } = curvaturePairs(space);
    const pairs = pairsOf(space, 3);
    const random = (call: number): Vector => normal(new Float64Array(7), { seed: 2, purpose: 'pairs', call });
    const zero = new Float64Array(7);
    for (let call = 0; call < 5; call++) {
      const s = random(call);
      const y = s.map((x, i) => (1 + i) * x); // the Hessian diag(1 … 7)
      remember(pairs, s, zero, y, zero);
      const [Hy, Ha, Hb] = [new Float64Array(7), new Float64Array(7), new Float64Array(7)];
      direction(Hy, pairs, y);
      Hy.forEach((x, i) => expect(-x).toBeCloseTo(s[i]!, 12));
      const [a, b] = [random(10), random(11)];
      direction(Ha, pairs, a);
      direction(Hb, pairs, b);
      expect(dot(Ha, b)).toBeCloseTo(dot(a, Hb), 12);
      expect(dot(Ha, a)).toBeLessThan(0); // positive definite
    }
    const kept = pairs.count;
    remember(
      pairs,
      random(1),
      zero,
      random(1).map((x) => -x),
      zero,
    ); // negative curvature
    expect(pairs.count).toBe(kept);
  });
  it('meets both Wolfe conditions at each step, and needs few calls where gda needs many', () => {
    const steep = bowl(1, 3, 10, 30, 100, 1000);
    let [before, looked]: [{ z: Vector; g: Vector; loss: number } | undefined, number] = [undefined, 0];
    const result = solve(steep, lbfgs(), {
      steps: 100,
      tolerance: 1e-12,
      observe({ state: { z, seen, g, loss, k } }) {
        if (before !== undefined && k > 1) {
          const step = z.map((x, i) => x - before!.z[i]!);
          const slope = dot(before.g, step);
          looked++;
          expect(slope).toBeLessThan(0);
          expect(loss).toBeLessThanOrEqual(before.loss + 1e-4 * slope + 2 ** -51 * Math.abs(before.loss));
          expect(dot(g, step)).toBeGreaterThanOrEqual(0.9 * slope);
        }
        if (k > 0) before = { z: seen.slice(), g: g.slice(), loss };
      },
    });
    expect(result.status).toBe('converged');
    expect(looked).toBeGreaterThan(5);
    const plain = solve(steep, gda({ stepSize: 1e-3 }), { steps: 100_000, tolerance: 1e-12 });
    expect(plain.status).toBe('converged');
    expect(result.calls).toBeLessThan(plain.calls / 100);
  });
  it('walks down Rosenbrock’s valley', () => {
    const { z, steps, warnings } = solve(rosenbrock, lbfgs(), { steps: 100, tolerance: 1e-12 });
    expect(distance(z, [1, 1])).toBeLessThan(1e-10);
    expect(steps).toBeLessThan(60);
    expect(warnings).toEqual([]);
  });
  it.each([
    ['wolfe', rosenbrock],
    ['wolfe', ridge],
    ['none', ridge],
  ] as const)('takes the same steps in any unit of the losses: search=%s on $name', (search, game) => {
    const method = lbfgs({ search, stepSize: 0.5 });
    const start = Float64Array.from(game.start ?? [], (x, i) => x + i / 8);
    const expected = iterate(game, method, start);
    // multiplying by a power of 2 does not round, so that every iterate is the same, bit for bit
    const others = [2 ** 30, 2 ** -30].map((c) => iterate(inUnits(game, c), method, start));
    for (let k = 0; k < 30; k++) {
      const z = expected.next().value.z;
      for (const other of others) expect(other.next().value.z, `step ${k + 1}`).toEqual(z);
    }
    expect(distance(expected.next().value.z, start)).toBeGreaterThan(0.1);
  });
  it('moves first by γ in the 1-norm, or in PyTorch’s way by at most γ‖∇f‖₁', () => {
    const flat = bowl(1 / 4, 1 / 8); // ∇f = (1/4, 1/8) at the start (1, 1)
    const moved = (options: Parameters<typeof lbfgs>[0]): number[] =>
      Array.from(after(flat, lbfgs({ search: 'none', stepSize: 0.75, ...options }), 1), (x) => 1 - x);
    expect(moved({})).toEqual([0.5, 0.25]);
    expect(moved({ firstTrial: 'pytorch' })).toEqual([0.1875, 0.09375]);
  });
  it('refuses two players, and a problem without losses', () => {
    const two = {
      ...bowl(1, 1),
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
    };
    expect(() => solve(two, lbfgs(), { steps: 1 })).toThrow('minimises for one player; this game has x, y');
    const silent: Game = {
      name: 'silent',
      dim: 1,
      players: [{ name: 'z', start: 0, end: 1 }],
      start: [1],
      operator: (z, out) => void (out[0] = z[0]!),
    };
    expect(() => solve(silent, lbfgs(), { steps: 1 })).toThrow('lbfgs needs a problem with losses');
  });
});

describe('muon', () => {
  it.each([
    [3, 5],
    [5, 3],
    [4, 4],
    [1, 6],
  ])('its direction has the singular vectors of M and singular values near 1: %d × %d', (rows, columns) => {
    const M = normal(new Float64Array(rows * columns), { seed: 4, purpose: 'matrix' });
    const O = M.slice();
    orthogonaliser(rows, columns, { iterations: 8 })(O, 0);
    const { values } = svd(O, rows, columns);
    for (const σ of values) {
      expect(σ).toBeGreaterThan(0.6);
      expect(σ).toBeLessThan(1.3);
    }
    // a polynomial in M: OᵀM is symmetric
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        let [one, other] = [0, 0];
        for (let r = 0; r < rows; r++) {
          one += O[r * columns + i]! * M[r * columns + j]!;
          other += O[r * columns + j]! * M[r * columns + i]!;
        }
        expect(one).toBeCloseTo(other, 12);
      }
  });
  it('with coefficients that converge, becomes the orthogonal factor itself', () => {
    const O = normal(new Float64Array(6), { seed: 5, purpose: 'matrix' });
    orthogonaliser(3, 2, { iterations: 40, coefficients: [1.5, -0.5, 0] })(O, 0);
    const column = (j: number): Vector => O.filter((_, at) => at % 2 === j);
    expect([dot(column(0), column(0)), dot(column(1), column(1)), dot(column(0), column(1))]).toEqual(
      [1, 1, 0].map((x) => expect.closeTo(x, 13)),
    );
  });
  it('where no tensor is named, is adamw', () => {
    const spec = '(stepSize=0.05, weightDecay=0.1)';
    expect(after(ridge, methodFrom(`muon${spec}`), 20)).toEqual(after(ridge, methodFrom(`adamw${spec}`), 20));
  });
});

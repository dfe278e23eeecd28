import { box, distance, normal, projection, type Game } from '@stillpoint/operators';
import {
  affineGame,
  gameFrom,
  matrixGame,
  randomMatrixGame,
  valueBounds,
  dualityGap,
} from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import { errorBound } from '../src/certificates.js';
import { extragradient, solve } from '../src/index.js';

const players = [
  { name: 'x', start: 0, end: 2 },
  { name: 'y', start: 2, end: 4 },
];

/**
 * F(z) = Mz + q with sym(M) = BBᵀ/4 + I/2, so that μ >= 1/2, and an antisymmetric part; on a box, or without
 * constraints.
 */
function random(seed: number, constrained: boolean): Game {
  const n = 4;
  const x = normal(new Float64Array(2 * n * n + n), { seed, purpose: 'error bound' });
  const M = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 0.5 : 0;
    for (let k = 0; k < n; k++) sum += (x[i * n + k]! * x[j * n + k]!) / 4;
    return sum + x[n * n + at]! - x[n * n + j * n + i]!;
  });
  const onto = projection(box({ lower: -0.5, upper: 0.5 }));
  return affineGame({
    name: 'random',
    players,
    M,
    q: x.slice(2 * n * n),
    start: [0.4, 0.3, 0.2, 0.1],
    ...(constrained ? { constraint: { prox: (z) => onto(z) } } : {}),
  });
}

describe('the error bound', () => {
  it.each([[false], [true]])('holds at every point of a run, constrained: %s', (constrained) => {
    for (let seed = 1; seed <= 20; seed++) {
      const game = random(seed, constrained);
      const method = extragradient({ stepSize: 0.5 / (game.facts?.lipschitz ?? NaN) });
      const solution = solve(game, method, { tolerance: 1e-14, steps: 20_000 }).z;
      for (const steps of [0, 1, 3, 10, 30]) {
        const { z } = solve(game, method, { steps });
        const found = errorBound(game, z);
        if ('reason' in found) throw new Error(found.reason);
        expect(found.distance).toBeGreaterThanOrEqual(distance(z, solution) * (1 - 1e-9) - 1e-12);
      }
    }
  });
  it('is attained if F is a multiple of the identity', () => {
    const game = affineGame({
      name: 'scaled',
      players,
      M: Float64Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 3 : 0)),
      q: new Float64Array(4),
      start: [1, 1, 1, 1],
    });
    // ‖F‖/σ = 6/3
    expect(errorBound(game, Float64Array.of(2, 0, 0, 0))).toMatchObject({ distance: expect.closeTo(2, 14) });
  });
  it.each([
    [gameFrom('forsaken'), 'F is not affine'],
    [gameFrom('polar'), 'F is not affine'],
    [gameFrom('matrix-game'), 'F is not strongly monotone'],
    [gameFrom('quadratic(convex=[[0]], coupling=[[0]], concave=[[1]])'), 'singular'],
    [gameFrom('random-matrix-game(rows=150, columns=150)'), 'up to 200 entries'],
  ])('says why there is none: %#', (game, reason) => {
    expect(errorBound(game, Float64Array.from(game.start ?? []))).toEqual({
      reason: expect.stringContaining(reason),
    });
  });
});

describe('bounds of the value of a matrix game', () => {
  it('enclose the value at every point, and differ by the duality gap', () => {
    const penny = matrixGame({
      matrix: [
        [2, -1],
        [-1, 1],
      ],
    }); // by hand: value 1/5 at (2/5, 3/5)
    for (const [a, b] of [
      [0.5, 0.5],
      [1, 0],
      [0.4, 0.4],
      [0.1, 0.9],
    ] as const) {
      const z = Float64Array.of(a, 1 - a, b, 1 - b);
      const { lower, upper } = valueBounds(penny, z);
      expect(lower).toBeLessThanOrEqual(0.2 + 1e-15);
      expect(upper).toBeGreaterThanOrEqual(0.2 - 1e-15);
      expect(upper - lower).toBeCloseTo(dualityGap(penny, z), 15);
    }
    const at = valueBounds(penny, Float64Array.of(0.4, 0.6, 0.4, 0.6));
    expect([at.lower, at.upper]).toEqual([expect.closeTo(0.2, 15), expect.closeTo(0.2, 15)]);
  });
  it('first projects a point outside the simplices onto them: otherwise the bounds would be false', () => {
    const game = randomMatrixGame({ rows: 3, columns: 4 });
    const { lower, upper } = valueBounds(game, new Float64Array(7).fill(9));
    const inside = valueBounds(game, Float64Array.of(1 / 3, 1 / 3, 1 / 3, 0.25, 0.25, 0.25, 0.25));
    expect([lower, upper]).toEqual([expect.closeTo(inside.lower, 14), expect.closeTo(inside.upper, 14)]);
  });
});

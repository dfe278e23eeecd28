import { describe, expect, it } from 'vitest';
import { distance, type Game, type Vector } from '@stillpoint/operators';
import { affineGame, gameFrom } from '@stillpoint/problems';
import { estimateLipschitz, extragradient, gda, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

/** One player with F of one entry or two. */
function scalar(name: string, F: (x: number) => number, facts: Game['facts'] = {}): Game {
  return {
    name,
    dim: 1,
    players: [{ name: 'x', start: 0, end: 1 }],
    operator(z: Vector, out: Vector) {
      out[0] = F(z[0]!);
    },
    facts,
  };
}

describe('where a run ends', () => {
  it('a run that starts at a solution, or a rounding away from it, ends at once', () => {
    const affine = affineGame({
      name: 'affine',
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      M: Float64Array.of(3, 1, -1, 4),
      q: Float64Array.of(0.1, 0.7),
      start: [0, 0],
    });
    const games = [
      affine,
      gameFrom('matrix-game(matrix=[[3,-1],[0,1.2]])'),
      gameFrom('matrix-game(matrix=[[2,1],[1,4]])'),
    ];
    for (const game of games) {
      const { solution = [] } = game.facts ?? {};
      for (const away of [0, 2 ** -53]) {
        const start = Float64Array.from(solution, (x) => x * (1 + away));
        const { status, steps, z } = solve(game, methodFrom('extragradient', game.facts), { start });
        expect(['converged', 'rounding'], game.name).toContain(status);
        expect(steps, game.name).toBe(0);
        expect(z).toEqual(start);
      }
    }
  });
  it('a constant F on a box has not converged before the wall: F = 2⁻³⁰ from 1e7, L = 0', () => {
    const game: Game = {
      ...scalar('constant', () => 2 ** -30, { lipschitz: 0 }),
      constraint: { prox: (z) => void (z[0] = Math.min(1e8, Math.max(-1e8, z[0]!))) },
    };
    const far = solve(game, gda({ stepSize: 1 }), {
      start: Float64Array.of(1e7),
      tolerance: 1e-8,
      steps: 100,
    });
    expect(far.status).toBe('budget');
    const wall = solve(game, gda({ stepSize: 1 }), {
      start: Float64Array.of(-1e8),
      tolerance: 1e-8,
      steps: 100,
    });
    expect([wall.status, wall.steps]).toEqual(['converged', 0]);
  });
  it('a run that starts near an unstable solution leaves it: z³ − z from 1e-13 goes to 1', () => {
    const game = scalar('double well', (x) => x ** 3 - x);
    const { status, z } = solve(game, gda({ stepSize: 0.3 }), { start: Float64Array.of(1e-13) });
    expect(status).toBe('converged');
    expect(Math.abs(z[0]! - 1)).toBeLessThan(1e-7);
  });
  it('float32: a steep coordinate at its solution does not end a run whose other coordinate is not at its solution', () => {
    const game: Game = {
      ...scalar('mixed', () => 0, { lipschitz: 1e4 }),
      dim: 2,
      players: [{ name: 'x', start: 0, end: 2 }],
      operator(z: Vector, out: Vector) {
        out[0] = 1e4 * z[0]!;
        out[1] = z[1]! - 1010;
      },
    };
    const start = Float32Array.of(0, 1000);
    const { z, status } = solve(game, extragradient({ stepSize: 0.7e-4 }), { start });
    // it goes on until a step is lost beside 1010: γ|y − 1010| is half a unit in the last place, 2⁻¹⁵; and y
    // is known to one
    expect(Math.abs(z[1]! - 1010)).toBeLessThanOrEqual(2 ** -15 / 0.7e-4 + 2 ** -14);
    expect(status).not.toBe('converged');
  });
  it('eg-plus by default converges on F = z, on which a step 1/L would not move', () => {
    const game = scalar('z', (x) => x, { lipschitz: 1, weakMinty: 1 });
    const { status, z } = solve(game, methodFrom('eg-plus', game.facts), { start: Float64Array.of(1) });
    expect(status).toBe('converged');
    expect(distance(z, [0])).toBeLessThan(2e-8);
  });
});

describe('the estimate of L', () => {
  it('sees that F is curved: eᶻ − 1 from −5, and from −4 in float32, where its slope at the start is under 0.02', () => {
    const game = scalar('exponential', (x) => Math.exp(x) - 1);
    for (const start of [Float64Array.of(-5), Float32Array.of(-4)]) {
      const { lipschitz } = estimateLipschitz(game, start);
      // the mean slope between two points of the path: below the largest there, e^2|z₀|, and above that at
      // the start
      expect(lipschitz).toBeGreaterThan(10 * Math.exp(start[0]!));
      const { status } = solve(game, gda({ stepSize: 1 / (2 * lipschitz) }), { start });
      expect(['converged', 'rounding']).toContain(status);
    }
  });
});

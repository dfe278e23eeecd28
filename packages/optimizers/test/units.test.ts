import { describe, expect, it } from 'vitest';
import { pack, type Game } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { solve } from '../src/index.js';
import { familyOf, methodFrom, methods } from '../src/registry.js';
import { exactRows, scaled, specs, quickGame, withSomeLipschitz } from './helpers.js';

/**
 * Not free of units, as their papers have them: Adam's ε beside √v, the alignment's 1/10 of
 * symplectic-adjustment, and a threshold of clipping, which the user states in the unit of F. (On a problem
 * that states (L₀, L₁) its default has that unit: clipping-methods.test.ts.)
 */
const withAbsolute = (spec: string): boolean =>
  familyOf(spec) === 'adam' ||
  spec === 'symplectic-adjustment' ||
  /^(transform\(|clipped-|clip-momentum)/.test(spec);
const suits = (spec: string, game: Game): boolean =>
  (methods.find(({ name }) => name === spec.split('(')[0])?.players ?? game.players.length) ===
  game.players.length;

describe.each(exactRows.map((row) => [row.name, row] as const))(
  '%s in another unit: F times 2^±30, default step sizes',
  (_, row) => {
    const game = withSomeLipschitz(quickGame(row));
    it.each(specs.filter((spec) => !withAbsolute(spec) && suits(spec, game)))(
      '%s: the same iterates, bit for bit, and the same verdict',
      (spec) => {
        const [plain, ...others] = [1, 2 ** 30, 2 ** -30].map((s) => {
          const unit = scaled(game, s);
          const run = solve(unit, methodFrom(spec, unit.facts), { steps: 60, tolerance: 1e-8 });
          return { ...run, bits: pack({ z: run.z }).vectors };
        });
        for (const other of others) {
          expect(other.bits).toEqual(plain?.bits);
          expect([other.status, other.steps]).toEqual([plain?.status, plain?.steps]);
        }
      },
    );
  },
);

describe('payoffs plus a constant, on simplices', () => {
  const byEntry = (matrix: readonly (readonly number[])[], c: number): string =>
    JSON.stringify(matrix.map((row) => row.map((a) => a + c)));
  const made: { readonly [name: string]: (c: number) => string } = {
    'a 2 by 2 game': (c) =>
      `matrix-game(matrix=${byEntry(
        [
          [2, -1],
          [-1, 1],
        ],
        c,
      )})`,
    'a 3 by 4 game': (c) =>
      `matrix-game(matrix=${byEntry(
        [
          [0.3, -1.2, 0.8, 2],
          [1.1, 0.4, -0.7, -1],
          [-0.5, 0.9, 1.3, 0.1],
        ],
        c,
      )})`,
    'a ratio game': (c) =>
      `ratio-game(reward=${JSON.stringify(
        [
          [-0.6, -0.3],
          [0.6, -0.3],
        ].map((row, i) =>
          row.map(
            (r, j) =>
              r +
              c *
                ([
                  [0.9, 0.5],
                  [0.8, 0.4],
                ][i]?.[j] ?? NaN),
          ),
        ),
      )}, stopping=[[0.9,0.5],[0.8,0.4]])`,
  };
  const tried = [
    'extragradient',
    'forward-backward-forward',
    'past-extragradient',
    'ogda',
    'forward-reflected-backward',
    'projected-reflected-gradient',
    'graal',
    'adaptive-graal',
    'mirror-prox',
    'optimistic-mirror-descent',
    'ceg-plus',
    'adaptive-eg-plus',
    'rapp',
    'km',
    'proximal-point',
    'lookahead(gda)',
    'gda',
  ];
  describe.each(Object.entries(made))('%s', (_, spec) => {
    it.each(tried)('%s: the same verdict, steps within 1 %', (method) => {
      const run = (c: number): { readonly status: string; readonly steps: number } => {
        const game = gameFrom(spec(c));
        return solve(game, methodFrom(method, game.facts), { steps: 20_000, tolerance: 1e-8 });
      };
      const plain = run(0);
      for (const c of [-1e4, 100, 1e4]) {
        const shifted = run(c);
        expect(shifted.status).toBe(plain.status);
        expect(Math.abs(shifted.steps - plain.steps)).toBeLessThanOrEqual(0.01 * plain.steps);
      }
    });
  });
  it('the same if a user’s own F contains the constant, which moves no point of a simplex', () => {
    const game = gameFrom('matrix-game(matrix=[[2,-1],[-1,1]])');
    const run = (c: number): number => {
      const own: Game = {
        ...game,
        operator(z, out) {
          game.operator(z, out);
          for (let i = 0; i < 4; i++) out[i] = out[i]! + c;
        },
      };
      const { status, steps } = solve(own, methodFrom('extragradient(stepSize=0.25)'), {
        steps: 20_000,
        tolerance: 1e-8,
      });
      expect(status).toBe('converged');
      return steps;
    };
    for (const c of [-1e4, 1e4]) expect(Math.abs(run(c) - run(0))).toBeLessThanOrEqual(0.01 * run(0));
  });
});

describe('float32', () => {
  it.each(['bilinear', 'quadratic', 'cournot', 'matrix-game', 'traffic', 'lq-game'])(
    '%s: never converged below what float32 can show, and never left running',
    (name) => {
      const game = gameFrom(name);
      const { status, residual, threshold, message } = solve(game, methodFrom('extragradient', game.facts), {
        start: Float32Array.from(game.start ?? []),
        steps: 100_000,
        tolerance: 1e-8,
      });
      expect(['converged', 'rounding']).toContain(status);
      if (status === 'converged') expect(residual).toBeLessThanOrEqual(threshold);
      else expect(message).toContain('the precision of float32');
    },
  );
  it('F = 1e-5 everywhere, from (1000, 1000): nothing moves, and nothing is called converged', () => {
    const game: Game = {
      name: 'slope',
      dim: 2,
      players: [{ name: 'x', start: 0, end: 2 }],
      operator: (_, out) => {
        out.fill(1e-5);
      },
      facts: { lipschitz: 1 },
    };
    const run = solve(game, methodFrom('gda(stepSize=1)'), {
      start: Float32Array.of(1000, 1000),
      steps: 50,
      tolerance: 1e-8,
    });
    expect(run.status).not.toBe('converged');
    expect(run.residual).toBeCloseTo(1e-5 * Math.SQRT2, 10);
  });
  it('F = (1, 1) everywhere is not converged at any point, and F near the largest number causes no error', () => {
    const constant = (x: number): Game => ({
      name: 'constant',
      dim: 2,
      players: [{ name: 'x', start: 0, end: 2 }],
      operator: (_, out) => {
        out.fill(x);
      },
    });
    expect(
      solve(constant(1), methodFrom('gda(stepSize=1)'), {
        start: Float64Array.of(2 ** 54, 0),
        steps: 200,
        tolerance: 1e-8,
      }).status,
    ).toBe('budget');
    const large = solve(constant(-1e308), methodFrom('gda(stepSize=1e-300)'), {
      start: Float64Array.of(0, 0),
      steps: 3,
      tolerance: 1e-8,
    });
    expect(large.status).toBe('budget');
    expect(large.residual / 1e308).toBeCloseTo(Math.SQRT2, 12);
  });
});

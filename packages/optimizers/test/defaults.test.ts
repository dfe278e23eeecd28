import { describe, expect, it } from 'vitest';
import {
  InputError,
  projection,
  simplex,
  type Game,
  type Method,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom, problemsOf } from '@stillpoint/problems';
import { boundOn } from '../src/certificates.js';
import { solve, solveWith, type SolutionWith, type SolveOptions } from '../src/index.js';
import { methodFrom, methods } from '../src/registry.js';
import { lipschitzOf, specs } from './helpers.js';

/** Their bound is ‖residual‖ = O(1/k): after 20,000 steps no more than a thousandth can be asked. */
const slow = ['halpern', 'eag-c', 'eag-v', 'feg', 'double-loop-halpern'];

/** The method with its defaults; undefined if the game states no L and the method’s step size needs one. */
function withDefaults(spec: string, { facts = {} }: Game): Method<State> | undefined {
  try {
    return methodFrom(spec, facts);
  } catch (error) {
    if (facts.lipschitz === undefined && error instanceof InputError) return undefined;
    throw error;
  }
}

describe('every method with its default step size reaches the solution of every game that its theorem covers', () => {
  const covered = problemsOf('game').rows.flatMap((row) => {
    const game = row.build({}).exact;
    return specs.flatMap((spec) => {
      const name = spec.split('(')[0] ?? '';
      const { players = game.players.length } = methods.find((method) => method.name === name) ?? {};
      if (players !== game.players.length) return [];
      const method = withDefaults(spec, game);
      return method === undefined || 'reason' in boundOn(game, method, Float64Array.from(game.start ?? []))
        ? []
        : [[spec, row.name] as const];
    });
  });
  it('which are more than 60 pairs', () => expect(covered.length).toBeGreaterThan(60));
  it.each(covered)('%s on %s', (spec, name) => {
    const game = gameFrom(name);
    const { status, residual, threshold } = solve(game, methodFrom(spec, game.facts), {
      steps: 20_000,
      tolerance: 1e-8,
    });
    if (slow.includes(spec)) expect(residual).toBeLessThan(1e5 * threshold);
    else expect(status).toBe('converged');
  });
});

describe('methods without an implemented theorem, on games for which they are meant', () => {
  it.each([
    ...[
      'graal',
      'adaptive-graal',
      'projected-reflected-gradient',
      'anchored-popov',
      'mirror-prox',
      'optimistic-mirror-descent',
      'multi-step-extragradient',
      'lookahead(gda)',
      'lookahead(gda, steps=20)',
      'lookahead(alternating-gda)',
      'lookahead(extragradient)',
    ].map((spec) => [spec, 'bilinear'] as const),
    ...[
      'graal',
      'adaptive-graal',
      'projected-reflected-gradient',
      'mirror-prox',
      'optimistic-mirror-descent',
      'lookahead(gda, steps=20)',
    ].map((spec) => [spec, 'matrix-game'] as const),
    ...['consensus', 'symplectic-adjustment', 'competitive-gradient', 'follow-the-ridge'].map(
      (spec) => [spec, 'quadratic'] as const,
    ),
  ])('%s on %s', (spec, name) => {
    const game = gameFrom(name);
    const { status, residual, threshold } = solve(game, methodFrom(spec, game.facts), {
      steps: 50_000,
      tolerance: 1e-8,
    });
    if (spec === 'anchored-popov') expect(residual).toBeLessThan(1e5 * threshold);
    else expect(status).toBe('converged');
  });
});

describe('a game that states no L', () => {
  const onto = projection(simplex({ sum: 10 }));
  const crowd = {
    // 10 travellers on two roads whose times rise with the fourth power: no one L bounds their slope
    name: 'roads',
    dim: 2,
    players: [{ name: 'crowd', start: 0, end: 2 }],
    start: [10, 0],
    constraint: { prox: (z: Vector) => onto(z) },
    operator(z: ArrayLike<number>, out: { [index: number]: number }) {
      out[0] = 10 * (1 + 0.15 * (z[0]! / 2) ** 4);
      out[1] = 15 * (1 + 0.15 * (z[1]! / 4) ** 4);
    },
  };
  it.each(['adaptive-graal', 'extragradient', 'forward-reflected-backward', 'gda', 'rapp', 'ceg-plus'])(
    '%s finds the equilibrium (bisection: 3.745468596893) and says what was estimated',
    (spec) => {
      const { status, z, message, estimate } = solveWith(crowd, (facts) => methodFrom(spec, facts));
      expect(status).toBe('converged');
      expect(Math.abs(z[0]! - 3.745468596893)).toBeLessThan(1e-6);
      expect(estimate?.calls).toBeGreaterThan(1);
      expect(message).toContain('The game states no L;');
    },
  );
  it('L is not estimated if the step size is given', () => {
    expect(
      solveWith(crowd, (facts) => methodFrom('extragradient(stepSize=0.001)', facts)).estimate,
    ).toBeUndefined();
  });
  it('a step size that is too large is halved, within the budget, and the message says so', () => {
    const steep = {
      // flat in y near the start, of slope 400 beyond |y| = 0.1, where no probe looks
      name: 'steep',
      dim: 2,
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      start: [3, 0],
      operator(z: ArrayLike<number>, out: { [index: number]: number }) {
        const [x, y] = [z[0]!, z[1]!];
        out[0] = x;
        out[1] = x * (x - 3) + 400 * Math.sign(y) * Math.max(Math.abs(y) - 0.1, 0);
      },
    };
    const { status, z, estimate, message, calls } = solveWith(
      steep,
      (facts) => methodFrom('extragradient', facts),
      { calls: 100_000, tolerance: 1e-8 },
    );
    expect(status).toBe('converged');
    expect(z[0]).toBeCloseTo(0, 5);
    expect(Math.abs(z[1]!)).toBeLessThan(0.1 + 1e-6);
    expect(estimate?.lipschitz).toBeLessThan(400);
    expect(estimate?.halvings).toBeGreaterThan(0);
    expect(message).toContain('the step size was halved');
    expect(calls + estimate!.lostCalls).toBeLessThanOrEqual(100_000);
  });
  it('a run whose step size was halved continues from its checkpoint', () => {
    const game = {
      name: 'cubic',
      dim: 2,
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      start: [2, 2],
      operator(z: ArrayLike<number>, out: { [index: number]: number }) {
        out[0] = z[0]! + 5 * z[1]! * (1 + z[1]! ** 2);
        out[1] = z[1]! - 5 * z[0]! * (1 + z[0]! ** 2);
      },
    };
    const run = (options: SolveOptions<State>): SolutionWith =>
      solveWith(game, (facts) => methodFrom('gda', facts), { tolerance: 1e-8, ...options });
    const whole = run({ steps: 3000 });
    const half = run({ steps: 1500 });
    const rest = run({ steps: 3000, from: half.checkpoint });
    expect([rest.z, rest.status, rest.steps]).toEqual([whole.z, whole.status, whole.steps]);
  });
  it('L̂ is never above L, and near it if F is linear', () => {
    for (const name of [
      'bilinear',
      'linear(lipschitz=3, weakMinty=-0.2)',
      'quadratic',
      'random-comonotone',
    ]) {
      const { lipschitz, stated } = lipschitzOf(gameFrom(name));
      expect(lipschitz).toBeLessThanOrEqual(stated * (1 + 1e-9));
      expect(lipschitz).toBeGreaterThan(0.5 * stated);
    }
  });
});

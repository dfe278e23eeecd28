import { describe, expect, it } from 'vitest';
import type { Game, Method, Problem } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { extragradient, gda, moveTo, solve, startAt, train, type PointState } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const bilinear = gameFrom('bilinear');

describe('verdicts', () => {
  it('a budget of calls or steps hides neither divergence nor convergence', () => {
    expect(solve(bilinear, gda({ stepSize: 1 }), { calls: 2000 })).toMatchObject({ status: 'diverged' });
    expect(solve(bilinear, gda({ stepSize: 1 }), { calls: 100 })).toMatchObject({
      status: 'diverged',
      steps: 100,
    });
    expect(solve(bilinear, extragradient({ stepSize: 0.5 }), { calls: 2000 })).toMatchObject({
      status: 'converged',
      steps: 1000,
    });
  });
  it('k + m steps with a tolerance equal k steps, a checkpoint and m steps: same end, same numbers, same message', () => {
    const cases: readonly (readonly [Game, Method<PointState>])[] = [
      [bilinear, gda({ stepSize: 1 })],
      [bilinear, extragradient({ stepSize: 0.5 })],
      [gameFrom('matrix-game'), extragradient({ stepSize: 0.4 })],
    ];
    for (const [game, method] of cases) {
      // what judging asked is counted from where a run begins or goes on
      const { judging: _, ...whole } = solve(game, method, { steps: 2000, tolerance: 1e-8 });
      const half = solve(game, method, { steps: Math.floor(whole.steps / 2) });
      const { judging: __, ...rest } = solve(game, method, {
        steps: 2000,
        tolerance: 1e-8,
        from: half.checkpoint,
      });
      expect(rest).toEqual(whole);
    }
  });
  it('a moment that overflowed is named, though z is finite', () => {
    const spike: Game = {
      ...bilinear,
      facts: {},
      operator: (z, out) => {
        out[0] = z[0]! === 1 ? 1e200 : z[1]!;
        out[1] = -z[0]!;
      },
    };
    const { status, message } = solve(spike, methodFrom('adam(stepSize=0.1)'), { steps: 5 });
    expect(status).toBe('non-finite');
    expect(message).toContain('state.moments.v[0] is no longer finite');
  });
  it('a checkpoint of a run that overflowed is refused, and the error says so', () => {
    const { checkpoint } = solve(bilinear, gda({ stepSize: 1e200 }), { steps: 1000 });
    expect(() => solve(bilinear, gda({ stepSize: 1e200 }), { from: checkpoint })).toThrow(
      'this checkpoint is of a run that overflowed within 2 steps: state.z[0] is not finite',
    );
  });
  it('a method that never moves z is reported', async () => {
    const idle: Method<PointState> = {
      name: 'idle',
      options: {},
      init: startAt,
      restart: moveTo,
      begin: () =>
        function* (s) {
          yield s.z;
        },
    };
    // the slow point of lookahead moves at its 50th step only
    const early = solve(bilinear, methodFrom('lookahead(gda(stepSize=0.1), steps=50)'), { steps: 10 });
    expect(early.z).toEqual(Float64Array.from(bilinear.start ?? []));
    expect(early.message).not.toContain('z is where it began');
    expect(solve(bilinear, idle, { steps: 10 }).message).toContain('z is where it began');
    const sampled: Problem<number> = {
      name: 's',
      dim: 2,
      players: bilinear.players,
      draw: (call) => call,
      operator: (z, out) => {
        out.set(z);
      },
    };
    expect((await train(sampled, idle, { start: Float64Array.of(1, 1), steps: 10 })).message).toContain(
      'z is where it began',
    );
  });
  it('a start at a solution is converged in 0 steps, with constraints too', () => {
    expect(solve(bilinear, gda({ stepSize: 0.1 }), { start: Float64Array.of(0, 0) })).toMatchObject({
      status: 'converged',
      steps: 0,
    });
    expect(solve(gameFrom('matrix-game(matrix=[[0,0],[0,0]])'), gda({ stepSize: 0.1 }))).toMatchObject({
      status: 'converged',
      steps: 0,
    });
    expect(
      solve(gameFrom('matrix-game(matrix=[[1,0],[2,3]])'), gda({ stepSize: 0.1 }), {
        start: Float64Array.of(1, 0, 1, 0),
      }),
    ).toMatchObject({ status: 'converged', steps: 0 });
  });
  it('facts that F contradicts are refused before the first step', () => {
    expect(() => solve({ ...bilinear, facts: { lipschitz: 0.5 } }, gda({ stepSize: 0.1 }))).toThrow(
      'bilinear: facts.lipschitz is 0.5, but F changes by 1 times the distance',
    );
  });
  it('as are facts of a finite sum, or of a sampled game’s mean', () => {
    const facts = { lipschitz: 0.5 };
    const sum: Problem<readonly number[]> = {
      name: 'sum',
      dim: 1,
      players: [{ name: 'x', start: 0, end: 1 }],
      start: [1],
      terms: { count: 2, sample: (indices) => indices },
      operator(z, out, { sample = [0, 1] }) {
        out[0] = sample.reduce((total, i) => total + (i + 0.5) * z[0]!, 0) / sample.length;
      },
      facts,
    };
    expect(() => solve(sum, gda({ stepSize: 0.1 }))).toThrow('sum: facts.lipschitz is 0.5');
    const noisy = { ...bilinear, draw: (call: number) => call, mean: { ...bilinear, facts } };
    expect(() => solve(noisy, gda({ stepSize: 0.1 }))).toThrow('facts.lipschitz is 0.5');
  });
});

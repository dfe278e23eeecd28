import { describe, expect, it } from 'vitest';
import type { Game, Method, Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { extragradient, gda, iterate, lookahead, moveTo, rapp, solve } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const bilinear = gameFrom('bilinear');

it.each([
  [{ steps: -1 }, 'steps is -1'],
  [{ steps: 1.5 }, 'steps is 1.5'],
  [{ calls: NaN }, 'calls is NaN'],
])('solve refuses %j', (options, message) =>
  expect(() => solve(gameFrom('bilinear'), gda({ stepSize: 0.1 }), options)).toThrow(
    `${message}; expected a whole number >= 0`,
  ),
);

describe('solve', () => {
  it('converges with the default tolerance 1e-8', () => {
    const { status, residual, threshold, steps, message, distance } = solve(
      bilinear,
      extragradient({ stepSize: 0.5 }),
    );
    expect(status).toBe('converged');
    expect(residual).toBeLessThanOrEqual(threshold);
    expect(threshold).toBeCloseTo(1e-8 * Math.SQRT2, 16); // ‖F‖ = ‖z‖ is largest at the start (1, 1)
    expect(distance).toBe(residual);
    expect(message).toMatch(new RegExp(`^Converged in ${steps} steps`));
  });
  it('with a step count alone never stops early', () =>
    expect(solve(bilinear, extragradient({ stepSize: 0.5 }), { steps: 5000 }).steps).toBe(5000));
  it('with a step count and a tolerance stops at whichever comes first', () => {
    expect(solve(bilinear, extragradient({ stepSize: 0.5 }), { steps: 5000, tolerance: 1e-3 }).status).toBe(
      'converged',
    );
    expect(solve(bilinear, extragradient({ stepSize: 0.5 }), { steps: 3, tolerance: 1e-3 })).toMatchObject({
      status: 'budget',
      steps: 3,
      calls: 6,
    });
  });
  it('ends with budget after 100,000 steps', () =>
    expect(solve(bilinear, methodFrom('alternating-gda(stepSize=0.1)'))).toMatchObject({
      status: 'budget',
      steps: 100_000,
    }));
  it('calls a run diverged long before it overflows', () =>
    expect(solve(bilinear, gda({ stepSize: 1 })).status).toBe('diverged'));
  it('an overflow is a result, at the step where it happened', () => {
    const { status, steps, message } = solve(bilinear, gda({ stepSize: 1e200 }), { steps: 1000 });
    expect([status, steps]).toEqual(['non-finite', 2]);
    expect(message).toContain('no longer finite after 2 steps');
  });
  it('F not finite at the start is an error', () => {
    const bad: Game = {
      ...bilinear,
      facts: {},
      operator: (_, out) => {
        out[0] = NaN;
      },
    };
    expect(() => solve(bad, gda({ stepSize: 1 }))).toThrow('F of bilinear is not finite at the start [1,1]');
  });
  it('so is a start that is not finite, or of another length', () => {
    expect(() => solve(bilinear, gda({ stepSize: 1 }), { start: Float64Array.of(NaN, 1) })).toThrow(
      'is not finite; expected 2 finite numbers',
    );
    expect(() => solve(bilinear, gda({ stepSize: 1 }), { start: Float64Array.of(1) })).toThrow(
      'the start has 1 entries; bilinear has 2',
    );
  });
  it('zero steps return the start', () =>
    expect(solve(bilinear, gda({ stepSize: 1 }), { steps: 0 })).toMatchObject({
      status: 'budget',
      steps: 0,
      calls: 0,
      z: Float64Array.of(1, 1),
    }));
  it('a budget of calls undoes the step in which it ends', () => {
    const run = solve(bilinear, rapp({ stepSize: 0.5, innerSteps: 5 }), { calls: 13 });
    expect(run).toMatchObject({ steps: 2, calls: 10 });
    expect(run.z).toEqual(solve(bilinear, rapp({ stepSize: 0.5, innerSteps: 5 }), { steps: 2 }).z);
  });
  it('a budget also holds if steps become more expensive', () => {
    const growing: Method<{ readonly z: Vector; k: number }> = {
      name: 'growing',
      options: {},
      restart: moveTo,
      init: (space, z0) => ({ z: space.copy(z0), k: 0 }),
      begin: () =>
        function* (s) {
          s.k++;
          for (let i = 0; i < s.k; i++) yield s.z;
        },
    };
    for (let calls = 1; calls < 200; calls++)
      expect(solve(bilinear, growing, { calls }).calls).toBeLessThanOrEqual(calls);
  });
  it('reports a NaN that only F or a point other than z has', () => {
    const edge: Game = {
      ...bilinear,
      facts: {},
      operator: (z, out) => {
        out[0] = z[0]! < 0.85 ? NaN : 1;
        out[1] = 0;
      },
    };
    expect(solve(edge, gda({ stepSize: 0.1 }), { steps: 2 }).status).toBe('non-finite');
    expect(
      solve(bilinear, lookahead(gda({ stepSize: 10 }), { steps: 100_000 }), { steps: 5000 }).status,
    ).toBe('non-finite');
  });
  it('a start whose squares overflow still counts as finite', () =>
    expect(
      solve(bilinear, gda({ stepSize: 0.1 }), { steps: 1, start: Float64Array.of(1e200, 1) }).status,
    ).toBe('budget'));
  it('a step size per player on a set that couples them is a projection, continuous in the sizes', () => {
    const after = (stepSize: readonly number[]): Vector =>
      solve(gameFrom('global-forsaken'), gda({ stepSize }), { steps: 1 }).z;
    const [a, b] = [after([0.3, 0.3]), after([0.3, 0.3 + 1e-12])];
    a.forEach((x, i) => expect(Math.abs(x - (b[i] ?? NaN))).toBeLessThan(1e-11));
  });
  it('refuses a checkpoint of another method, options or game, and accepts it with acceptIdentity', () => {
    const { checkpoint } = solve(bilinear, gda({ stepSize: 0.1 }), { steps: 3 });
    expect(() => solve(bilinear, extragradient({ stepSize: 0.1 }), { from: checkpoint })).toThrow(
      'of method gda; expected extragradient',
    );
    expect(() => solve(bilinear, gda({ stepSize: 0.2 }), { from: checkpoint })).toThrow(
      'of options {stepSize=0.1}; expected {stepSize=0.2}',
    );
    expect(() => solve(gameFrom('polar'), gda({ stepSize: 0.1 }), { from: checkpoint })).toThrow(
      'of game bilinear; expected polar(a=1)',
    );
    expect(
      solve(bilinear, gda({ stepSize: 0.2 }), { from: checkpoint, acceptIdentity: true, steps: 5 }).steps,
    ).toBe(5);
    expect(() =>
      solve(bilinear, gda({ stepSize: 0.1 }), {
        from: { ...checkpoint, state: { z: new Float64Array(3), k: 3 } },
      }),
    ).toThrow('state.z differs');
    expect(() =>
      solve(bilinear, gda({ stepSize: 0.1 }), {
        from: { ...checkpoint, buffers: { u: new Float64Array(1) } },
      }),
    ).toThrow('buffers.u differs');
    expect(() =>
      solve(bilinear, gda({ stepSize: 0.1 }), {
        from: { ...checkpoint, draws: [1] },
      }),
    ).toThrow('the number of players differs');
  });
  it('keeps the type of the state for its caller', () => {
    const k: number = solve(bilinear, lookahead(gda({ stepSize: 0.1 }), { steps: 4 }), { steps: 7 })
      .checkpoint.state.k;
    expect(k).toBe(7);
  });
});

describe('iterate', () => {
  it('yields as many states as are asked for', () => {
    let k = 0;
    for (const { z } of iterate(bilinear, extragradient({ stepSize: 0.5 })))
      if (++k === 100) {
        expect(Math.hypot(...z)).toBeLessThan(1e-4);
        break;
      }
  });
});

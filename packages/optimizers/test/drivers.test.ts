import { describe, expect, it } from 'vitest';
import {
  waxpy,
  type Question,
  type Game,
  type Method,
  type State,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  extragradient,
  federate,
  gda,
  iterate,
  lookahead,
  moveTo,
  rapp,
  solve,
  startAt,
  train,
  type PointState,
} from '../src/index.js';
import { methodFrom, specOf } from '../src/registry.js';

/** A method that asks one fixed list of questions per step and keeps the answers of the last. */
function asker(questions: (z: Vector) => readonly Question[]): {
  method: Method<PointState>;
  answers: number[][];
} {
  const answers: number[][] = [];
  return {
    answers,
    method: {
      name: 'asker',
      options: {},
      init: startAt,
      restart: moveTo,
      begin: () =>
        function* (s) {
          for (const q of questions(s.z)) answers.push(Array.from(yield q));
        },
    },
  };
}
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
      oracleCalls: 6,
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
  it('zero steps answer the start', () =>
    expect(solve(bilinear, gda({ stepSize: 1 }), { steps: 0 })).toMatchObject({
      status: 'budget',
      steps: 0,
      oracleCalls: 0,
      z: Float64Array.of(1, 1),
    }));
  it('a budget of calls undoes the step it ends in', () => {
    const run = solve(bilinear, rapp({ stepSize: 0.5, innerSteps: 5 }), { calls: 13 });
    expect(run).toMatchObject({ steps: 2, oracleCalls: 10 });
    expect(run.z).toEqual(solve(bilinear, rapp({ stepSize: 0.5, innerSteps: 5 }), { steps: 2 }).z);
  });
  it('a budget holds for steps that grow dearer, too', () => {
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
      expect(solve(bilinear, growing, { calls }).oracleCalls).toBeLessThanOrEqual(calls);
  });
  it('tells a NaN that only F or a hidden point has', () => {
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
  it('a start whose squares overflow is finite all the same', () =>
    expect(
      solve(bilinear, gda({ stepSize: 0.1 }), { steps: 1, start: Float64Array.of(1e200, 1) }).status,
    ).toBe('budget'));
  it('a step size per player on a set that couples them is a projection, continuous in the sizes', () => {
    const after = (stepSize: readonly number[]): Vector =>
      solve(gameFrom('global-forsaken'), gda({ stepSize }), { steps: 1 }).z;
    const [a, b] = [after([0.3, 0.3]), after([0.3, 0.3 + 1e-12])];
    a.forEach((x, i) => expect(Math.abs(x - (b[i] ?? NaN))).toBeLessThan(1e-11));
  });
  it('refuses a checkpoint of another method, options or game, and takes it when told to', () => {
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

describe('questions', () => {
  it('of losses, one player, and Jacobian products are answered and counted', () => {
    const { method, answers } = asker((z) => [
      { want: 'losses', at: z },
      { want: 'gradient', at: z, player: 1 },
      { want: 'product', at: z, along: Float64Array.of(1, 0) },
      { want: 'product', at: z, along: Float64Array.of(1, 0), transposed: true },
    ]);
    const { checkpoint } = solve(gameFrom('linear(lipschitz=2, weakMinty=-0.25)'), method, { steps: 1 });
    const a = Math.sqrt(4 - 1);
    expect(checkpoint.ledger).toMatchObject({
      gradients: [0, 1],
      losses: 1,
      products: 1,
      transposedProducts: 1,
    });
    expect(answers[0]?.[0]).toBeCloseTo(0.5 * a - 0.5 * (1 - 0.25), 14);
    expect(answers[2]?.[0]).toBeCloseTo(-1, 14);
    expect(answers[2]?.[1]).toBeCloseTo(-a, 14);
    expect(answers[3]?.[1]).toBeCloseTo(a, 14);
  });
  it('of products without a Jacobian fall back to differences, transposed by signs in zero-sum games', () => {
    const game: Game = { ...gameFrom('forsaken') };
    delete game.jacobianVector;
    const v = Float64Array.of(0.3, -0.7);
    for (const transposed of [false, true]) {
      const [exact, approximate] = [gameFrom('forsaken'), game].map((g) => {
        const { method, answers } = asker((z) => [{ want: 'product', at: z, along: v, transposed }]);
        solve(g, method, { steps: 1 });
        return answers[0] ?? [];
      });
      // ε^(2/3) ≈ 4e-11 times third derivatives ≈ 100
      exact?.forEach((x, i) => expect(approximate?.[i]).toBeCloseTo(x, 8));
    }
    const { zeroSum: _, ...facts } = game.facts ?? {};
    expect(() =>
      solve(
        { ...game, facts },
        asker((z) => [{ want: 'product', at: z, along: v, transposed: true }]).method,
        { steps: 1 },
      ),
    ).toThrow('has no Jᵀv');
  });
  it('of what a game does not have are refused with a reason', () => {
    const mute: Game = { ...bilinear };
    delete mute.losses;
    expect(() => solve(mute, asker((z) => [{ want: 'losses', at: z }]).method, { steps: 1 })).toThrow(
      'bilinear has no losses',
    );
    expect(() =>
      solve(bilinear, asker((z) => [{ want: 'gradient', at: z, sample: { terms: [3] } }]).method, {
        steps: 1,
      }),
    ).toThrow('no finite sum: it has no term 3');
  });
});

describe('samples', () => {
  const seen: string[] = [];
  const game: Problem<string> = {
    name: 's',
    dim: 2,
    players: bilinear.players,
    terms: { count: 9, drawn: 3, sample: ([i]) => `term ${i}` },
    start: [1, 1],
    draw: (call, player, worker) => `${call}/${player ?? '-'}/${worker ?? 0}`,
    operator: (z, out, { sample }) => {
      seen.push(sample ?? 'everything');
      out.set(z);
    },
  };
  const asked = async (questions: (z: Vector) => readonly Question[], steps = 1): Promise<string[]> => {
    seen.length = 0;
    await train(game, asker(questions).method, { start: Float64Array.of(1, 1), steps });
    return [...seen];
  };
  it('a bare vector means a fresh one; each player has its own counter; a joint question goes past the furthest', async () => {
    expect(
      await asked((z) => [
        z,
        { want: 'gradient', at: z, player: 0 },
        { want: 'gradient', at: z, player: 0 },
        { want: 'gradient', at: z, player: 1 },
        z,
      ]),
    ).toEqual(['0/-/0', '1/0/0', '2/0/0', '1/1/0', '3/-/0']);
  });
  it('same is what was last asked with; each worker draws its own', async () => {
    expect(await asked((z) => [z, { want: 'gradient', at: z, sample: 'same' }])).toEqual(['0/-/0', '0/-/0']);
    await expect(asked((z) => [{ want: 'gradient', at: z, sample: 'same' }])).rejects.toThrow(
      'with the same sample, but none was drawn yet',
    );
    seen.length = 0;
    await federate(game, gda({ stepSize: 0.1 }), { workers: 2, every: 1, rounds: 2 });
    expect(seen).toEqual(['0/-/0', '0/-/1', '1/-/0', '1/-/1']);
  });
  it('a run that goes on from a checkpoint remembers what it was last asked with', async () => {
    const method: Method<{ readonly z: Vector; k: number }> = {
      name: 'm',
      options: {},
      restart: moveTo,
      init: (space, z0) => ({ z: space.copy(z0), k: 0 }),
      begin: () =>
        function* (s) {
          if (s.k++ > 0) yield { want: 'gradient', at: s.z, sample: 'same' };
          yield { want: 'gradient', at: s.z, player: 1 };
        },
    };
    const start = Float64Array.of(1, 1);
    seen.length = 0;
    await train(game, method, { start, steps: 3 });
    const whole = [...seen];
    const half = await train(game, method, { start, steps: 2 });
    seen.length = 0;
    await train(game, method, { start, steps: 3, from: half.checkpoint });
    expect(seen).toEqual(whole.slice(3));
  });
  it('terms are named by index and draw nothing', async () =>
    expect(await asked((z) => [{ want: 'gradient', at: z, sample: { terms: [4] } }, z])).toEqual([
      'term 4',
      '0/-/0',
    ]));
  it('train needs a budget, stops on a signal, and reports an overflow', async () => {
    const start = Float64Array.of(1, 1);
    await expect(train(game, gda({ stepSize: 1 }), { start })).rejects.toThrow('needs a budget');
    const stop = new AbortController();
    const stopped = await train(game, gda({ stepSize: 0.1 }), {
      start,
      steps: 9,
      signal: stop.signal,
      observe: ({ ledger }) => {
        if (ledger.steps === 4) stop.abort();
      },
    });
    expect([stopped.status, stopped.checkpoint.ledger.steps]).toEqual(['stopped', 4]);
    expect((await train(game, gda({ stepSize: 1e200 }), { start, steps: 9 })).status).toBe('non-finite');
  });
});

describe('iterate', () => {
  it('goes on for as long as it is asked', () => {
    let k = 0;
    for (const { z } of iterate(bilinear, extragradient({ stepSize: 0.5 })))
      if (++k === 100) {
        expect(Math.hypot(...z)).toBeLessThan(1e-4);
        break;
      }
  });
});

describe('methods by spec', () => {
  it.each([
    'gda(stepSize=0.1)',
    'lookahead(lookahead(alternating-adam(stepSize=[0.0002,0.0001], beta1=0.5), steps=3), steps=9, weight=0.4)',
  ])('%s is built, and its own spec builds it again', (text) => {
    const method = methodFrom(text);
    const again = methodFrom(specOf(method));
    expect([again.name, again.options]).toEqual([method.name, method.options]);
  });
  it.each([
    ['exragradient', 'did you mean extragradient?'],
    ['lookahead', 'method lookahead takes one method before its options; found none'],
    [
      'lookahead(gda(stepSize=1), rapp)',
      'method lookahead takes one method before its options; found gda and rapp',
    ],
    ['gda(rapp)', 'method gda takes options only; found rapp'],
    ['gda', 'method gda needs stepSize'],
    ['alternating-gda(stepSize=1, order=[0,2])', 'there is no player 2; this game has 0 (x), 1 (y)'],
    ['gda(stepSize=[1,1,1])', 'stepSize has 3 entries; expected one for each of x, y'],
  ])('%s is refused', (text, message) =>
    expect(() => solve(bilinear, methodFrom(text), { steps: 1 })).toThrow(message),
  );
  it('a method’s closure holds no state: two runs of one object interleave', () => {
    const method = lookahead(gda({ stepSize: 0.3 }), { steps: 3 });
    const [a, b] = [iterate(bilinear, method), iterate(bilinear, method)];
    for (let k = 0; k < 10; k++) a.next();
    for (let k = 0; k < 7; k++) b.next();
    const seven = solve(bilinear, method, { steps: 8 }).z;
    const state: State = b.next().value;
    expect(state.z).toEqual(seven);
    const out = new Float64Array(2);
    waxpy(out, out, 1, state.z);
    expect(out).toEqual(seven);
  });
});

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
  it('k + m steps with a tolerance are k, a checkpoint and m: same end, same numbers, same words', () => {
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
  it('a checkpoint of a run that overflowed is refused as that', () => {
    const { checkpoint } = solve(bilinear, gda({ stepSize: 1e200 }), { steps: 1000 });
    expect(() => solve(bilinear, gda({ stepSize: 1e200 }), { from: checkpoint })).toThrow(
      'this checkpoint is of a run that overflowed within 2 steps: state.z[0] is not finite',
    );
  });
  it('a method that never moves z is noticed', async () => {
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
  it('and those of a finite sum, or of a sampled game’s mean', () => {
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

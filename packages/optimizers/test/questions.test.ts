import { describe, expect, it } from 'vitest';
import type { Question, Game, Method, Problem, Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { federate, gda, moveTo, solve, startAt, train, type PointState } from '../src/index.js';

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
  it('about members that a game does not have are refused with a reason', () => {
    const mute: Game = { ...bilinear };
    delete mute.losses;
    expect(() => solve(mute, asker((z) => [{ want: 'losses', at: z }]).method, { steps: 1 })).toThrow(
      'bilinear has no losses',
    );
    expect(() =>
      solve(bilinear, asker((z) => [{ want: 'gradient', at: z, sample: { terms: [3] } }]).method, {
        steps: 1,
      }),
    ).toThrow('not a finite sum: it has no term 3');
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
  it('a bare vector means a fresh one; each player has its own counter; a joint question moves all past the largest', async () => {
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
  it('same is the sample last drawn; each worker draws its own', async () => {
    expect(await asked((z) => [z, { want: 'gradient', at: z, sample: 'same' }])).toEqual(['0/-/0', '0/-/0']);
    await expect(asked((z) => [{ want: 'gradient', at: z, sample: 'same' }])).rejects.toThrow(
      'for the same sample, but none was drawn yet',
    );
    seen.length = 0;
    await federate(game, gda({ stepSize: 0.1 }), { workers: 2, every: 1, rounds: 2 });
    expect(seen).toEqual(['0/-/0', '0/-/1', '1/-/0', '1/-/1']);
  });
  it('a run that continues from a checkpoint keeps the sample last drawn', async () => {
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

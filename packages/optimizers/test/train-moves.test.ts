import { describe, expect, it } from 'vitest';
import type { Checkpoint, Method, Problem, Vector } from '@stillpoint/operators';
import { problemFrom } from '@stillpoint/problems';
import { adam, gda, train, trainGuarded } from '../src/index.js';

const half: Problem = {
  name: 'half a square',
  dim: 1,
  players: [{ name: 'x', start: 0, end: 1 }],
  start: [1],
  operator: (z, out) => void (out[0] = z[0]!),
};
const raised = (z: Vector): Vector => z.map((x) => x + 1);

describe('train with moves', () => {
  it('goes on from the moved point before every T-th further step, and observers see each step once', async () => {
    const seen: number[] = [];
    const asked: number[] = [];
    const { z, steps } = await train(half, gda({ stepSize: 0.25 }), {
      steps: 6,
      moves: {
        every: 2,
        to(at, made) {
          asked.push(made);
          return raised(at);
        },
      },
      observe: ({ state }) => void seen.push(state.z[0]!),
    });
    // x ← 0.75x, and + 1 after steps 2 and 4: not at the end, where no step follows
    const expected = [1, 0.75, 0.5625];
    for (let k = 0; k < 2; k++) {
      const from = 0.75 * (expected.at(-1)! + 1);
      expected.push(from, 0.75 * from);
    }
    expect(seen).toEqual(expected);
    expect([z[0], steps, asked]).toEqual([expected.at(-1), 6, [2, 4]]);
  });
  it('is the plain run, bit for bit, where nothing is moved: moments and draws go on', async () => {
    const { problem } = problemFrom('stiff-regression(batch=1)');
    const plain = await train(problem, adam(), { steps: 25 });
    const stays = await train(problem, adam(), { steps: 25, moves: { every: 4, to: () => undefined } });
    expect(stays.z).toEqual(plain.z);
    expect(stays.ledger).toEqual(plain.ledger);
  });
  it('continues from a checkpoint bit for bit, also from one before a move', async () => {
    const { problem } = problemFrom('stiff-regression(batch=1)');
    const options = { steps: 10, moves: { every: 3, to: async (z: Vector) => raised(z) } };
    const method = adam();
    const kept: (typeof method extends Method<infer S> ? Checkpoint<S> : never)[] = [];
    const whole = await train(problem, method, {
      ...options,
      observe: (progress) => void kept.push(progress.checkpoint()),
    });
    for (const from of [kept[0]!, kept[3]!, kept[5]!]) {
      const before = structuredClone(from);
      expect((await train(problem, method, { ...options, from })).z).toEqual(whole.z);
      expect(from).toEqual(before);
    }
  });
  it('ends by its budget of calls, and by its tolerance', async () => {
    const moves = { every: 2, to: () => undefined };
    expect(await train(half, gda({ stepSize: 0.25 }), { calls: 5, moves })).toMatchObject({
      status: 'budget',
      steps: 5,
    });
    expect(await train(half, gda({ stepSize: 0.25 }), { steps: 1000, tolerance: 1e-3, moves })).toMatchObject(
      { status: 'converged' },
    );
  });
  it('are made again where a guarded run names what was not finite', async () => {
    const root: Problem = { ...half, operator: (z, out) => void (out[0] = Math.sqrt(1.5 - z[0]!) * 1e-3) };
    const { status, handled } = await trainGuarded(root, gda({ stepSize: 0.25 }), {
      steps: 10,
      moves: { every: 2, to: raised },
    });
    // near 1 until step 2, then near 2
    expect([status, handled.map(({ incident }) => incident.step)]).toEqual(['non-finite', [3]]);
    expect(handled[0]!.at).toBe(2);
    expect(handled[0]!.message).toContain('step 3');
    expect(handled[0]!.message).not.toContain('did not come up again');
  });
  it('says what is wrong with them', async () => {
    const run = (moves: object): Promise<unknown> =>
      Reflect.apply(train, undefined, [half, gda({ stepSize: 0.1 }), { steps: 4, moves }]);
    await expect(run({ every: 2 })).rejects.toThrow('expected a record, as { every: 100, to: (z) => moved }');
    await expect(run({ every: 0, to: raised })).rejects.toThrow(
      'every of moves is 0; expected a whole number',
    );
    await expect(run({ every: 2, to: () => new Float64Array(3) })).rejects.toThrow('start');
  });
});

import type { Problem } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { federate, localSteps } from '../src/drivers.js';
import { gda } from '../src/index.js';

const one: Problem = {
  name: 'one',
  dim: 1,
  players: [{ name: 'x', start: 0, end: 1 }],
  start: [1],
  operator(z, out) {
    out[0] = z[0]!;
  },
};
const half = gda({ stepSize: 0.5 });

describe('federate', () => {
  it('asks `local` for the steps of each worker, with the seed, the start and where it is', async () => {
    const asked: unknown[] = [];
    const { z } = await federate(one, half, {
      workers: 2,
      every: 3,
      rounds: 2,
      seed: 5,
      start: Float64Array.of(8),
      local(steps) {
        asked.push([steps.worker, steps.steps, steps.seed, steps.start[0], steps.from !== undefined]);
        return localSteps(one, half, steps);
      },
    });
    expect(asked).toEqual([
      [0, 3, 5, 8, false],
      [1, 3, 5, 8, false],
      [0, 6, 5, 8, true],
      [1, 6, 5, 8, true],
    ]);
    expect(z[0]).toBe(8 * 0.5 ** 6);
  });
  it('has seed 0, and refuses unknown options and missing or wrong counts by name', async () => {
    const seeds: number[] = [];
    await federate(one, half, {
      workers: 1,
      every: 1,
      rounds: 1,
      local(steps) {
        seeds.push(steps.seed);
        return localSteps(one, half, steps);
      },
    });
    expect(seeds).toEqual([0]);
    const any = async (options: object): Promise<unknown> =>
      Reflect.apply(federate, undefined, [one, half, options]);
    const counts = { workers: 1, every: 1, rounds: 1 };
    await expect(any({ workers: 1, rounds: 1 })).rejects.toThrow('federate needs every, a whole number >= 1');
    await expect(any({ ...counts, every: 0 })).rejects.toThrow(
      'federate: every is 0; expected a whole number',
    );
    await expect(any({ ...counts, onround: () => {} })).rejects.toThrow('did you mean onRound?');
    await expect(any({ ...counts, local: 3 })).rejects.toThrow('federate: local is 3; expected a function');
  });
  it('ends after the round in which the steps of a worker are not finite, and says which', async () => {
    const rounds: number[] = [];
    const { name, dim, players } = one;
    const broken: Problem<number> = {
      name,
      dim,
      players,
      start: [1],
      draw: (_call, _player, worker = 0) => worker,
      operator(z, out, { sample }) {
        out[0] = sample === 1 ? Infinity : z[0]!;
      },
    };
    const found = await federate(broken, half, {
      workers: 3,
      every: 2,
      rounds: 4,
      onRound: (round) => rounds.push(round),
    });
    expect(found.status).toBe('non-finite');
    expect(found.message).toMatch(/^worker 1 in round 1: Overflowed/);
    expect(rounds).toEqual([1]);
  });
});

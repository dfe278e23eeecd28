import { describe, expect, it } from 'vitest';
import { dot, norm, type Problem, type Vector } from '@stillpoint/operators';
import { gameFrom, minMaxAuc } from '@stillpoint/problems';
import { coda, federate, gda, solve } from '../src/index.js';
import { one2 } from './contract-problems.js';

/** The mean of T iterates of v ← v − η(μ(v − a) + (v − r)/γ), v = r at first, and the last one. */
function stage(r: number, a: number, { η, μ, γ, T }: { η: number; μ: number; γ: number; T: number }) {
  const fixed = (γ * μ * a + r) / (1 + γ * μ); // argmin ½μ(v − a)² + (v − r)²/(2γ)
  const q = 1 - η * (μ + 1 / γ);
  return {
    mean: fixed + ((r - fixed) * q * (1 - q ** T)) / (T * (1 - q)),
    last: fixed + (r - fixed) * q ** T,
  };
}

describe('coda', () => {
  it('a stage ends at the mean of its iterates, in closed form; η falls and T grows; the next starts there', () => {
    let r = 1;
    let steps = 0;
    for (let s = 0; s < 4; s++) {
      const of = { η: 0.3 / 4 ** s, μ: 1, γ: 0.7, T: 3 * 2 ** s };
      const { mean, last } = stage(r, 0, of);
      const method = coda({ stepSize: 0.3, steps: 3, decay: 4, growth: 2, proximity: 0.7 });
      const almost = solve(one2, method, { start: Float64Array.of(1), steps: steps + of.T - 1 });
      expect(almost.z[0]).toBeCloseTo(stage(r, 0, { ...of, T: of.T - 1 }).last, 14);
      steps += of.T;
      const end = solve(one2, method, { start: Float64Array.of(1), steps });
      expect(end.z[0]).toBeCloseTo(mean, 14);
      expect(end.checkpoint.state.ref).toEqual(end.z);
      expect(Math.abs(mean - last)).toBeGreaterThan(1e-3);
      r = mean;
    }
  });
  it('holds the primal player alone to its reference', () => {
    // F = 0: all that moves is what the reference pulls, and it is where v is
    const still: Problem = {
      ...one2,
      dim: 2,
      players: [
        { name: 'x', start: 0, end: 1 },
        { name: 'y', start: 1, end: 2 },
      ],
      start: [1, 1],
      operator: (z, out) => out.set([z[0]!, -1]),
    };
    const options = { stepSize: 0.5, steps: 100, proximity: 2 };
    for (const primal of [0, 1]) {
      const { z } = solve(still, coda({ ...options, primal }), { steps: 2 });
      // x ← x/2 twice, and with the reference 1 half of that: ½, then ½ − ½(½ + (½ − 1)/2) = 3/8
      expect(z[0]).toBe(primal === 0 ? 0.375 : 0.25);
      // y ← y + ½ twice, and with the reference 1: 1½, then 2 − ½·½/2 = 1⅞
      expect(z[1]).toBe(primal === 0 ? 2 : 1.875);
    }
    expect(() => solve(still, coda({ ...options, primal: 2 }), { steps: 1 })).toThrow('there is no player 2');
  });
  it('without noise K workers are one, whatever I; with one that divides T their references agree bit for bit', async () => {
    const game = gameFrom('quadratic');
    const method = coda({ stepSize: 0.01, steps: 24 });
    const alone = solve(game, method, { steps: 72 });
    for (const every of [1, 8, 24, 9]) {
      const { z, workers } = await federate(game, method, { workers: 4, every, rounds: 72 / every });
      z.forEach((x, i) => expect(x).toBeCloseTo(alone.z[i]!, 13));
      const [first, ...others] = workers.map(({ checkpoint }) => checkpoint.state);
      for (const state of others) expect(state).toEqual(first);
    }
  });
  it('workers with optima of their own: the reference is the mean over stage and workers, once a stage', async () => {
    const pulls: Problem<number> = {
      ...one2,
      draw: (_, __, worker = 0) => worker,
      operator: (z, out, { sample }) => void (out[0] = z[0]! - sample!),
    };
    // one average a stage: each worker's closed form, then their mean, is that of the mean optimum, 1
    let r = 1;
    for (let s = 0; s < 3; s++) r = stage(r, 1.5, { η: 0.2 / 3 ** s, μ: 1, γ: 2, T: 5 }).mean;
    const rounds: number[] = [];
    const { z, workers } = await federate(pulls, coda({ stepSize: 0.2, steps: 5, proximity: 2 }), {
      workers: 4,
      every: 5,
      rounds: 3,
      onRound: (round, mean) => void rounds.push(round, mean[0]!),
    });
    expect(z[0]).toBeCloseTo(r, 13);
    for (const { checkpoint } of workers) expect(checkpoint.state).toMatchObject({ stage: 3, t: 0, ref: z });
    expect([rounds.length, rounds[4], rounds[5]]).toEqual([6, 3, z[0]]);
  });
  it('on the min-max AUC it comes nearer to the solution than gda with the same steps, whose noise stays', () => {
    const { game, expected } = minMaxAuc({ dimension: 5, examples: 500, batch: 4 });
    const solution = Float64Array.from(expected.facts!.solution!);
    const off = (z: Vector): number => norm(z.map((x, i) => x - solution[i]!));
    const options = { steps: 4000, seed: 1 };
    const [staged, plain] = [coda({ stepSize: 0.2, steps: 1000 }), gda({ stepSize: 0.2 })].map((method) =>
      off(solve(game, method, options).z),
    );
    expect(staged).toBeLessThan(plain! / 3);
    expect(dot(solution, solution)).toBeGreaterThan(0);
  });
});

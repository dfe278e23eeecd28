import { describe, expect, it } from 'vitest';
import {
  copy,
  mix,
  norm,
  scale,
  type Problem,
  type Question,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { extragradient, federate, gda, lookahead, probed, solve, train } from '../src/index.js';
import { one, one2, own } from './contract-problems.js';

// Each part of the contract, tried by one small problem and one small method.

describe('a constraint as an object', () => {
  it('Frank–Wolfe by the linear minimiser: f falls at 2LD²/(k + 2)', () => {
    const ball: Problem = {
      ...one2,
      dim: 2,
      players: one(2),
      start: [-1, 0],
      operator: (z, out) => out.set([z[0]! - 2, z[1]! - 1]),
      constraint: {
        prox: (z) => void (norm(z) > 1 && scale(z, 1 / norm(z))),
        lmo: (g, out) => scale(copy(out, g), -1 / norm(g)),
      },
    };
    const frankWolfe = own('frank-wolfe', (space) => {
      const s = space.vector();
      return function* (state) {
        space.constraint!.lmo!(yield state.z, s);
        mix(state.z, 2 / (state.k++ + 2), s);
      };
    });
    const f = (z: Vector): number => ((z[0]! - 2) ** 2 + (z[1]! - 1) ** 2) / 2;
    const least = (Math.sqrt(5) - 1) ** 2 / 2;
    for (const steps of [1, 10, 100])
      expect(f(solve(ball, frankWolfe, { steps }).z) - least).toBeLessThanOrEqual((2 * 4) / (steps + 2));
  });
});

describe('buffers', () => {
  // u ← Mu/‖Mu‖ once per step: after k steps it is M^k u₀ normalised
  const spectral: Problem = {
    ...one2,
    dim: 2,
    players: one(2),
    start: [1, 1],
    buffers: [{ name: 'u', length: 2 }],
    operator: (z, out) => out.set(z),
    advance(_, { u }) {
      if (u![0] === 0) u!.set([1, 0]);
      u!.set([u![0]! + u![1]!, u![0]!]);
      scale(u!, 1 / norm(u!));
    },
  };
  it('advance once per step, whatever is asked; are saved, and restored when a budget undoes a step', () => {
    const u = (options: object) =>
      solve(spectral, extragradient({ stepSize: 0.1 }), options).checkpoint.buffers['u']!;
    const fibonacci = [1, 1, 2, 3, 5, 8, 13];
    for (const steps of [1, 2, 5]) {
      const [a, c] = [fibonacci[steps]!, fibonacci[steps - 1]!];
      expect(u({ steps })[0]! / u({ steps })[1]!).toBeCloseTo(a / c, 12);
      expect(u({ calls: 2 * steps + 1 })).toEqual(u({ steps }));
    }
    const half = solve(spectral, extragradient({ stepSize: 0.1 }), { steps: 2 }).checkpoint;
    expect(u({ steps: 5, from: half })).toEqual(u({ steps: 5 }));
  });
  it('advance at the last point where a gradient was asked: under lookahead the fast one', () => {
    const points: number[] = [];
    const problem: Problem = { ...spectral, advance: (z) => void points.push(z[0]!) };
    solve(problem, lookahead(gda({ stepSize: 0.5 }), { steps: 10 }), { steps: 3 });
    expect(points).toEqual([1, 0.5, 0.25]);
  });
});

describe('blocks', () => {
  it('name the tensor that is not finite, and the players that still are', () => {
    const problem: Problem = {
      ...one2,
      name: 'net',
      dim: 4,
      players: [
        { name: 'D', start: 0, end: 2 },
        { name: 'G', start: 2, end: 4 },
      ],
      start: [1, 1, 1, 1],
      blocks: [
        { name: 'D.kernel', offset: 0, shape: [2], player: 0 },
        { name: 'G.bias', offset: 2, shape: [1], player: 1 },
        { name: 'G.kernel', offset: 3, shape: [1], player: 1 },
      ],
      operator: (z, out) => out.set([0, 0, 0, z[3]! * 1e200]),
    };
    expect(solve(problem, gda({ stepSize: 1 }), { steps: 9 }).message).toContain(
      'state.z[3] (G.kernel[0]; D is still finite)',
    );
  });
});

describe('federate', () => {
  it('K workers on a quadratic with noise: their mean follows the closed form (1 − γ)^(IK) z₀ without noise', async () => {
    const quadratic: Problem<number> = { ...one2, draw: (_, __, worker = 0) => worker };
    const { z, ledgers } = await federate(quadratic, gda({ stepSize: 0.25 }), {
      workers: 3,
      every: 2,
      rounds: 4,
    });
    expect(z[0]).toBeCloseTo(0.75 ** 8, 14);
    expect(ledgers.map(({ gradients }) => gradients[0])).toEqual([8, 8, 8]);
  });
  it('workers with different optima agree on the mean of local steps: z ← mean of a_k + (1 − γ)^I (z − a_k)', async () => {
    const pulls: Problem<number> = {
      ...one2,
      draw: (_, __, worker = 0) => worker,
      operator: (z, out, { sample }) => {
        out[0] = z[0]! - sample!;
      },
    };
    const { z } = await federate(pulls, gda({ stepSize: 0.5 }), { workers: 4, every: 3, rounds: 5 });
    const q = 0.5 ** 3;
    expect(z[0]).toBeCloseTo(1.5 + q ** 5 * (1 - 1.5), 13); // the mean of 0, 1, 2, 3 is 1.5
  });
  it('refuses counts that are not whole numbers', async () =>
    expect(federate(one2, gda({ stepSize: 1 }), { workers: 0, every: 1, rounds: 1 })).rejects.toThrow(
      'workers is 0',
    ));
});

describe('an asynchronous problem', () => {
  const slow: Problem = {
    ...one2,
    name: 'slow',
    async operator(z, out) {
      await Promise.resolve();
      out.set(z);
    },
  };
  it('is trained with the same numbers as a synchronous one, its tolerance judged', async () => {
    const trained = await train(slow, extragradient({ stepSize: 0.5 }), { steps: 1000, tolerance: 1e-8 });
    const solved = solve(one2, extragradient({ stepSize: 0.5 }), { steps: 1000, tolerance: 1e-8 });
    expect([trained.status, trained.steps, [...trained.z]]).toEqual([
      'converged',
      solved.steps,
      [...solved.z],
    ]);
  });
  it('is refused by solve, and the error says what to use', () =>
    expect(() => solve(slow, gda({ stepSize: 0.1 }), { steps: 1 })).toThrow('slow is asynchronous'));
});

describe('a probe', () => {
  it('asks over the same oracle, in a ledger of its own: the largest |eigenvalue| by power iteration', () => {
    const radius = probed(
      gameFrom('linear(lipschitz=2, weakMinty=-0.2)'),
      Float64Array.of(1, 1),
      (_, space) =>
        (function* (): Generator<Question, number, Vector> {
          const v = space.random('probe')(0).normals(space.vector());
          let sum = 0;
          for (let i = 0; i < 200; i++) {
            const Jv = yield { want: 'product', at: v, along: v };
            sum += Math.log(norm(Jv) / norm(v));
            scale(copy(v, Jv), 1 / norm(Jv));
          }
          return Math.exp(sum / 200);
        })(),
    );
    expect(radius).toBeCloseTo(2, 10); // J is 2 times a rotation
  });
  it('random numbers: uniform in [0, 1), normal with unit moments, the same of one counter', () => {
    const state: State[] = [];
    const numbers = own('random', (space) => {
      const random = space.random('test');
      return function* (s) {
        const first = Array.from(random(3).normals(new Float64Array(10_000)));
        expect(Array.from(random(3).normals(new Float64Array(10_000)))).toEqual(first);
        expect(Array.from(random(4).normals(new Float64Array(10_000)))).not.toEqual(first);
        // five standard errors of the mean and of the variance of 10,000
        expect(Math.abs(first.reduce((a, x) => a + x, 0) / 1e4)).toBeLessThan(0.05);
        expect(Math.abs(first.reduce((a, x) => a + x * x, 0) / 1e4 - 1)).toBeLessThan(0.071);
        const u = random(5);
        for (let i = 0; i < 1000; i++) expect([0, 1, 2]).toContain(u.below(3));
        expect(first.every(Number.isFinite)).toBe(true);
        yield s.z;
      };
    });
    solve(gameFrom('bilinear'), numbers, { steps: 1, observe: ({ state: s }) => void state.push(s) });
    expect(state.length).toBe(2);
  });
});

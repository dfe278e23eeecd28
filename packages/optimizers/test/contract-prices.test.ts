import { describe, expect, it } from 'vitest';
import {
  callsOf,
  defaultPrices,
  emptyLedger,
  waxpy,
  type Game,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { alternatingGda, consensus, iterate, solve, train } from '../src/index.js';
import { pricesOf } from '../src/drivers.js';
import { oracleOf } from '../src/registry.js';
import { leastSquaresProblem, n, one2, own } from './contract-problems.js';

describe('the ledger and its prices', () => {
  it('a joint gradient is 1 whatever the number of players; one player’s is its share', () => {
    for (const players of [1, 2, 3, 7]) {
      const ledger = { ...emptyLedger(players), gradients: Array<number>(players).fill(3) };
      expect(callsOf(ledger, defaultPrices(players))).toBe(3);
      ledger.gradients[0]!++;
      expect(callsOf(ledger, defaultPrices(players))).toBeCloseTo(3 + 1 / players, 15);
    }
  });
  it('equals what an instrumented problem counts: consensus on xy without products of its own', () => {
    let evaluations = 0;
    const xy = gameFrom('bilinear');
    const counted: Game = {
      name: xy.name,
      dim: 2,
      players: xy.players,
      start: xy.start!,
      facts: xy.facts!,
      operator(z: Vector, out: Vector) {
        evaluations++;
        xy.operator(z, out);
      },
    };
    const method = consensus({ stepSize: 0.1, penalty: 1 });
    const states = iterate(counted, method); // neither judges nor checks facts
    for (let step = 1; step <= 20; step++) {
      states.next();
      expect(evaluations).toBe(3 * step); // F, and a central difference
    }
    const asked = evaluations;
    expect(solve(counted, method, { steps: 20 }).calls).toBe(asked);
  });
  it('a budget includes products: the step that would exceed it is undone', () => {
    const game = gameFrom('forsaken');
    expect(pricesOf(game).transposedProduct).toBe(2);
    for (const calls of [1, 2, 3, 7, 8, 9, 31]) {
      const { ledger, calls: spent } = solve(game, consensus({ stepSize: 0.01, penalty: 1 }), { calls });
      expect([ledger.steps, spent]).toEqual([Math.floor(calls / 3), 3 * Math.floor(calls / 3)]);
    }
  });
  it('turns of three players are counted at their shares: one joint call, and a third', () => {
    const three: Problem = {
      ...one2,
      dim: 3,
      players: ['x', 'y', 'w'].map((name, i) => ({ name, start: i, end: i + 1 })),
      start: [1, 1, 1],
    };
    const method = alternatingGda({ stepSize: 0.1, order: [0, 1, 2, 2] });
    const { calls, ledger } = solve(three, method, { steps: 6 });
    expect(ledger.gradients).toEqual([6, 6, 12]);
    expect(calls).toBe(6 + 6 * (1 / 3));
    expect(oracleOf('alternating-gda(stepSize=0.1, order=[0,1,2,2])', {}, pricesOf(three)).perStep).toBe(
      1 + 1 / 3,
    );
  });
  it('a problem states its own prices', () => {
    const game = { ...gameFrom('forsaken'), prices: { transposedProduct: 0.5, shares: [0.9, 0.1] } };
    expect(solve(game, consensus({ stepSize: 0.01, penalty: 1 }), { steps: 4 }).calls).toBe(6);
  });
});

describe('losses', () => {
  const sampled: Problem<number> = {
    ...one2,
    draw: (call) => call,
    operator(z, out, { losses }) {
      out.set(z);
      if (losses) losses[0] = z[0]! ** 2 / 2;
    },
    losses: (z, out) => {
      out[0] = z[0]! ** 2 / 2;
    },
  };
  it('come with a gradient if asked for: free from the forward pass, else computed and counted', () => {
    const at: number[] = [];
    const both = own('both', (space) => {
      const losses = space.vector(1);
      return function* (s) {
        yield { want: 'gradient', at: s.z, losses };
        at.push(losses[0]!);
      };
    });
    expect(solve(leastSquaresProblem(), both, { steps: 1 }).ledger.losses).toBe(n);
    const free = solve({ ...sampled, mean: one2 }, both, { steps: 1 });
    expect(free.ledger.losses).toBe(0);
    expect(at[1]).toBe(0.5);
  });
  it('asked beside a gradient are limited by a budget, synchronous or not', async () => {
    const both = own('both', (space) => {
      const losses = space.vector(1);
      return function* (s) {
        waxpy(s.z, s.z, -0.1, yield { want: 'gradient', at: s.z, losses });
      };
    });
    const dear: Problem = {
      ...one2,
      losses: (z, out) => {
        out[0] = z[0]! ** 2 / 2;
      },
    };
    const slow: Problem = {
      ...dear,
      operator: async (z, out) => out.set(z),
    };
    // a step costs 4/3
    for (const calls of [1, 2, 3, 4, 5, 6]) {
      const steps = Math.floor(calls / (4 / 3));
      const solved = solve(dear, both, { calls });
      const trained = await train(slow, both, { calls });
      expect([solved.steps, trained.steps]).toEqual([steps, steps]);
      expect(solved.calls).toBeCloseTo((4 / 3) * steps, 12);
    }
  });
  it('shown to observers are those at the point of the gradient, not at the points of a difference', async () => {
    const seen: number[] = [];
    const product = own(
      'product',
      () =>
        function* (s) {
          yield s.z;
          yield { want: 'product', at: s.z, along: s.z };
        },
    );
    await train(sampled, product, { steps: 1, observe: ({ losses }) => void seen.push(losses[0]!) });
    expect(seen).toEqual([NaN, 0.5]);
  });
});

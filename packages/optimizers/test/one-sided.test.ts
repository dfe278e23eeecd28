import { describe, expect, it } from 'vitest';
import { naturalResidual, norm, type Game, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  amsgradExtragradient,
  amsgradExtragradientDrd,
  extragradient,
  mintyAlong,
  optimisticAdagrad,
  pastExtragradient,
  solve,
  type AmsgradState,
} from '../src/index.js';
import { methodFrom } from '../src/registry.js';

// Adam-type extragradient: against its rule in plain numbers, in the limit of extragradient, and what it does
// under a one-sided MVI.

const F = (game: Game, z: ArrayLike<number>): number[] => {
  const out = new Float64Array(game.dim);
  game.operator(Float64Array.from(z), out);
  return Array.from(out);
};
const same = (found: Vector, wanted: readonly number[]): void =>
  // some 20 steps of some 20 operations
  wanted.forEach((x, i) =>
    expect(Math.abs(found[i]! - x)).toBeLessThan(400 * 2 ** -52 * Math.max(1, Math.abs(x))),
  );
const zeros = (): number[] => [0, 0];
const forsaken = gameFrom('forsaken');
const free: Game = (({ constraint: _, ...rest }) => rest)(forsaken);
const start = Float64Array.of(0.4, -0.3);

describe('the rules, written out in numbers', () => {
  /** 20 steps of AMSGrad-EG with these rates of the two players. */
  const amsgradEg = (γ: (k: number) => readonly number[]): number[] => {
    const [β1, β2, ε] = [0.9, 0.999, 1e-8];
    const [m, v, peak] = [zeros(), zeros(), zeros()];
    let [z, t] = [Array.from(start), 0];
    for (let k = 0; k < 20; k++) {
      let w = z;
      for (const _ of ['look', 'step']) {
        t++;
        w = F(free, w).map((g, i) => {
          m[i] = β1 * m[i]! + (1 - β1) * g;
          v[i] = β2 * v[i]! + (1 - β2) * g * g;
          peak[i] = Math.max(peak[i]!, v[i]!);
          return z[i]! - (γ(k)[i]! * (m[i]! / (1 - β1 ** t))) / (Math.sqrt(peak[i]! / (1 - β2 ** t)) + ε);
        });
      }
      z = w;
    }
    return z;
  };
  it('amsgrad-extragradient: both half steps advance one set of moments', () => {
    same(
      solve(free, amsgradExtragradient({ stepSize: 0.03 }), { start, steps: 20 }).z,
      amsgradEg(() => [0.03, 0.03]),
    );
  });
  it('amsgrad-extragradient-drd: the rate of one player falls by its power', () => {
    const run = (dual: number, power: number): Vector =>
      solve(free, amsgradExtragradientDrd({ stepSize: 0.03, dual, power }), { start, steps: 20 }).z;
    same(
      run(1, 0.5),
      amsgradEg((k) => [0.03, 0.03 / Math.sqrt(1 + k)]),
    );
    same(
      run(0, 1),
      amsgradEg((k) => [0.03 / (1 + k), 0.03]),
    );
  });
  it('the same as amsgrad-extragradient with that schedule, on a set too, bit for bit', () => {
    const one = solve(forsaken, amsgradExtragradientDrd({ stepSize: 0.1 }), { steps: 50 });
    const falling = { kind: 'power', from: 0.1, steps: 1, power: 0.5 } as const;
    const other = solve(forsaken, amsgradExtragradient({ stepSize: [0.1, falling] }), { steps: 50 });
    expect(one.z).toEqual(other.z);
  });
  it('optimistic-adagrad: looks ahead along the last step, S sums the squares', () => {
    const [γ, ε] = [0.1, 1e-10];
    const [S, d] = [zeros(), zeros()];
    let z = Array.from(start);
    for (let k = 0; k < 20; k++) {
      F(
        free,
        z.map((x, i) => x - γ * d[i]!),
      ).forEach((g, i) => {
        S[i] = S[i]! + g * g;
        d[i] = g / (Math.sqrt(S[i]!) + ε);
      });
      z = z.map((x, i) => x - γ * d[i]!);
    }
    same(solve(free, optimisticAdagrad({ stepSize: γ }), { start, steps: 20 }).z, z);
  });
});

describe('without moments and with ε → ∞', () => {
  // √v̂ + 2⁶⁰ = 2⁶⁰ in float64, so that the direction is F/2⁶⁰ exactly
  const ε = 2 ** 60;
  it('amsgrad-extragradient is extragradient, bit for bit', () => {
    const scaled = amsgradExtragradient({ stepSize: 0.2 * ε, beta1: 0, beta2: 0, epsilon: ε });
    const plain = extragradient({ stepSize: 0.2 });
    for (const game of [forsaken, free, gameFrom('one-sided(dimension=3)')])
      expect(solve(game, scaled, { steps: 30 }).z).toEqual(solve(game, plain, { steps: 30 }).z);
  });
  it('optimistic-adagrad is past-extragradient, bit for bit', () => {
    const scaled = optimisticAdagrad({ stepSize: 0.2 * ε, epsilon: ε });
    const plain = pastExtragradient({ stepSize: 0.2 });
    for (const game of [forsaken, free, gameFrom('one-sided(dimension=3)')])
      expect(solve(game, scaled, { steps: 30 }).z).toEqual(solve(game, plain, { steps: 30 }).z);
  });
});

describe.each([
  ['amsgrad-extragradient', amsgradExtragradient({ stepSize: 0.05, beta2: 0.9 })],
  ['amsgrad-extragradient-drd', amsgradExtragradientDrd({ stepSize: 0.05, beta2: 0.9 })],
])('v̂ of %s', (_, method) => {
  it('never falls, in any entry; v does', () => {
    const seen: AmsgradState[] = [];
    solve(forsaken, method, {
      steps: 300,
      observe: ({ state }) => void seen.push(structuredClone(state.moments)),
    });
    let falls = 0;
    for (const [k, { peak, v }] of seen.entries()) {
      if (k === 0) continue;
      const before = seen[k - 1]!;
      peak.forEach((x, i) => expect(x).toBeGreaterThanOrEqual(before.peak[i]!));
      v.forEach((x, i) => void (falls += Number(x < before.v[i]!)));
    }
    expect(falls).toBeGreaterThan(100);
  });
});

describe('one-sided-only: the one-sided MVI suffices for x, whichever side y goes to', () => {
  it.each([
    ['amsgrad-extragradient(stepSize=0.05)', 1500],
    ['amsgrad-extragradient-drd(stepSize=0.05)', 4000],
    ['optimistic-adagrad(stepSize=0.5)', 1500],
    ['extragradient(stepSize=0.2)', 300],
  ])('%s', async (spec, steps) => {
    const ends = [0.5, -0.5].map((side) => {
      const game = gameFrom(`one-sided-only(dimension=3, start=2, side=${side})`);
      const along = mintyAlong(game);
      const { z } = solve(game, methodFrom(spec), { steps, observe: along.observe });
      expect(norm(Float64Array.from(F(game, z)), 0, 3)).toBeLessThan(1e-6);
      expect(norm(Float64Array.from(F(game, z)), 3, 5)).toBeGreaterThanOrEqual(1);
      expect(Array.from(z.subarray(3))).toEqual([Math.sign(side), 1]);
      return along;
    });
    // a full MVI would have one z* for both runs; each of the three solutions fails in one of them
    for (const u of [-1, 0, 1]) {
      const found = await Promise.all(ends.map((along) => along.measure([0, 0, 0, u, 1])));
      for (const { players } of found) expect(players[0]!.holds).toBe(1);
      expect(Math.min(...found.map(({ all }) => all.lowest))).toBeLessThan(-0.1);
    }
  });
});

describe('one-sided: only the gradient of x falls', () => {
  it.each([
    ['amsgrad-extragradient(stepSize=0.05)', 3000],
    ['amsgrad-extragradient-drd(stepSize=0.05)', 6000],
    ['optimistic-adagrad(stepSize=0.5)', 3000],
    ['extragradient(stepSize=0.3)', 300],
  ])('%s', (spec, steps) => {
    const game = gameFrom('one-sided(dimension=3, start=2)');
    const gradients: number[] = [];
    const end = solve(game, methodFrom(spec), {
      steps,
      observe({ state: { z } }) {
        const g = F(game, z);
        gradients.push(norm(Float64Array.from(g), 0, 3));
        expect(g[3]).toBeLessThanOrEqual(-1);
      },
    });
    expect(gradients[0]).toBe(Math.sqrt(12));
    expect(gradients.at(-1)).toBeLessThan(1e-6);
    expect(naturalResidual(game, end.z, new Float64Array(4))).toBeLessThan(1e-6);
    expect(end.z[3]).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { normal, type Problem } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { atLeast, atMost } from '../src/inner/confidence.js';
import { checkEquilibrium, greedy, localEquilibrium, probeAsync, solve } from '../src/index.js';

// Whether a point is an (ε, δ, ω)-approximate local equilibrium.

/** Φ(t) by Simpson's rule. */
function normalBelow(t: number): number {
  let sum = 0;
  const h = t / 400;
  for (let k = 0; k <= 400; k++)
    sum += (k === 0 || k === 400 ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp(-((k * h) ** 2) / 2);
  return 0.5 + (sum * h) / (3 * Math.sqrt(2 * Math.PI));
}
const settings = { stepSize: 0.05, samples: 400 };

describe('minimax-f1, where max_y f = x²: ω(x) = P(|x + σξ| < √(x² − δ))', () => {
  const game = gameFrom('minimax-f1');
  it.each([
    [0, 0],
    [0.1, 0.2],
    [0.5, 1],
    [1, 2],
    [3, 6],
  ])('at (%f, %f) the bounds hold the exact ω, at 99.99 %% each', (x, y) => {
    const found = checkEquilibrium(game, Float64Array.of(x, y), { ...settings, confidence: 0.9999 }, 3);
    const s = Math.sqrt(Math.max(0, x * x - 0.03));
    const ω = normalBelow((s - x) / 0.5) - normalBelow((-s - x) / 0.5);
    // f at the end of an ascent is below x² by at most ε²/4, which moves s by nothing that 400 samples show
    expect(found.omega.atLeast).toBeLessThanOrEqual(ω + 1e-5);
    expect(found.omega.atMost).toBeGreaterThanOrEqual(ω - 1e-5);
    expect(found.gradient).toBeCloseTo(Math.abs(4 * x - 2 * y), 12);
    expect(found.stationary).toBe(true);
    expect(found.f).toBeCloseTo(x * x, 5);
    expect([found.unfinished, found.unbounded, found.samples]).toEqual([0, 0, 400]);
  });
  it('where y is not at its best: not stationary, and f is that after its ascent', () => {
    const found = checkEquilibrium(game, Float64Array.of(1, 0), settings);
    expect([found.stationary, found.gradient]).toEqual([false, 4]);
    expect(found.f).toBeCloseTo(1, 5);
  });
  it('at 0 none of 400 improves: ω is at most 1 − 0.05^(1/400), exactly', () => {
    const { omega, improved } = checkEquilibrium(game, new Float64Array(2), settings);
    expect([improved, omega.estimate, omega.atLeast]).toEqual([0, 0, 0]);
    expect(omega.atMost).toBeCloseTo(1 - 0.05 ** (1 / 400), 14);
  });
  it('bounds ω where greedy ended, by less than its run certifies', () => {
    const end = solve(game, greedy({ stepSize: 0.05 }), { steps: 2000 });
    const found = checkEquilibrium(game, end.z, { ...settings, samples: 2000 }, 1);
    expect(found.gradient).toBe(end.figures?.['gradient']);
    expect(found.stationary).toBe(true);
    expect(found.omega.atMost).toBeLessThan(end.figures?.['improvementAtMostOverRun'] ?? NaN);
  });
});

describe('other problems', () => {
  it('minimax-f2: every ascent has no end', () => {
    const found = checkEquilibrium(gameFrom('minimax-f2'), Float64Array.of(1, 1), {
      ...settings,
      samples: 20,
    });
    expect([found.unbounded, found.improved]).toEqual([21, 0]);
  });
  it('an ascent that is cut short and may be an improvement counts in the upper bound only', () => {
    const cut = { ...settings, ascentSteps: 1, samples: 100 };
    const found = checkEquilibrium(gameFrom('minimax-f3'), Float64Array.of(3, 1), cut);
    expect(found.unfinished).toBeGreaterThan(0);
    expect(found.omega.atMost).toBe(atMost(found.improved + found.unfinished, 100, 0.95));
    expect(found.omega.atLeast).toBe(atLeast(found.improved, 100, 0.95));
  });
  /** minimax-f1 with noise, of which only samples can be asked, as of a GAN. */
  const noisy = (wait: boolean): Problem<Float64Array> => {
    const game = gameFrom('minimax-f1');
    return {
      name: 'noisy minimax-f1',
      dim: 2,
      players: game.players,
      draw: (call) => normal(new Float64Array(2), { seed: 5, purpose: 'noise', call }, 0, 0.2),
      operator(z, out, { sample }) {
        game.operator(z, out);
        for (const i of [0, 1]) out[i] = out[i]! + sample![i]!;
        return wait ? Promise.resolve() : undefined;
      },
      losses(z, out, { sample }) {
        game.losses?.(z, out);
        out[0] = out[0]! + z[0]! * sample![0]! - z[1]! * sample![1]!;
        out[1] = -out[0]!;
        return wait ? Promise.resolve() : undefined;
      },
    };
  };
  it.each(['gaussian', 'gradient(stepSize=0.05)', 'adam'])(
    'sampled, with proposal %s: both ascents of a proposal are on one batch, waiting or not',
    async (proposal) => {
      const given = { stepSize: 0.05, samples: 50, proposal };
      const z = Float64Array.of(1, 2);
      const sync = checkEquilibrium(noisy(false), z, given);
      const { value, ledger } = await probeAsync(noisy(true), z, localEquilibrium(z, given));
      expect(value).toEqual(sync);
      // one at the end of each of the two ascents, and one that draws their batch
      expect(ledger.losses).toBe(50 * 3);
      expect(ledger.gradients[0]).toBe(proposal === 'gaussian' ? 0 : 50);
      expect(value.f).toBeCloseTo(1, 0);
    },
  );
  it('refuses options and problems by name', () => {
    const z = new Float64Array(2);
    expect(() => checkEquilibrium(gameFrom('minimax-f1'), z, Object.fromEntries([['sample', 3]]))).toThrow(
      /samples/,
    );
    expect(() => checkEquilibrium(gameFrom('polar'), z)).toThrow(/losses/);
    expect(() => checkEquilibrium(gameFrom('minimax-f1'), z, { proposal: 'adm' })).toThrow(/adam/);
  });
});

describe('the bounds of Clopper and Pearson', () => {
  const binomial = (k: number, n: number, ω: number): number => {
    let [sum, choose] = [0, 1];
    for (let i = 0; i <= k; i++) {
      sum += choose * ω ** i * (1 - ω) ** (n - i);
      choose = (choose * (n - i)) / (i + 1);
    }
    return sum;
  };
  it.each([
    [0, 10, 0.95],
    [1, 10, 0.95],
    [9, 10, 0.95],
    [3, 40, 0.975],
    [20, 40, 0.5],
  ])('k = %i of n = %i at %f: P(X ≤ k) and P(X ≥ k) there are 1 − confidence', (k, n, confidence) => {
    const p = 1 - confidence;
    expect(Math.abs(binomial(k, n, atMost(k, n, confidence)) - p)).toBeLessThan(1e-11);
    if (k > 0) expect(Math.abs(1 - binomial(k - 1, n, atLeast(k, n, confidence)) - p)).toBeLessThan(1e-11);
  });
  it('are 0 and 1 at the ends, also of many tries', () => {
    expect([atLeast(0, 10, 0.95), atMost(10, 10, 0.95)]).toEqual([0, 1]);
    const many = atMost(5000, 10_000, 0.95);
    // normal approximation: 0.5 + 1.645/(2·100)
    expect(Math.abs(many - (0.5 + 1.645 / 200))).toBeLessThan(1e-4);
  });
});

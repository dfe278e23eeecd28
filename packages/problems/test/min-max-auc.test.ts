import { describe, expect, it } from 'vitest';
import { norm, type Vector } from '@stillpoint/operators';
import { minMaxAuc } from '../src/index.js';

const d = 4;
const options = { dimension: d, examples: 60, positives: 0.2, parts: 2, batch: 5, seed: 3 };
const auc = minMaxAuc(options);
const { expected, game } = auc;
const n = 120;
const whole = { sample: undefined, player: undefined, losses: undefined, buffers: {} };
const lossAt = (z: Vector): number => {
  const out = new Float64Array(2);
  void game.losses!(z, out, whole);
  return out[0]!;
};
/** Each example's score, from the losses of its term alone: p(h − b)² at α = 0 gives h. */
const labels = Array.from({ length: n }, (_, i) => i % 60 < 12);
const gradientOf = (z: Vector, i: number): Float64Array => {
  const out = new Float64Array(d + 3);
  expected.operator(z, out, { sample: [i] });
  return out;
};
/** ∂F/∂a = −2(1 − p)(h − a) of a positive example, ∂F/∂b = −2p(h − b) of a negative one; here a = b = 0. */
const scoresAt = (w: readonly number[]): readonly number[] => {
  const z = Float64Array.of(...w, 0, 0, 0);
  return labels.map((positive, i) => {
    const g = gradientOf(z, i);
    return positive ? g[d]! / -1.6 : g[d + 1]! / -0.4;
  });
};
const mean = (x: readonly number[]): number => x.reduce((sum, each) => sum + each, 0) / x.length;

describe('min-max-auc', () => {
  it('min over a and b, max over α of F is p(1 − p) times the mean of (1 − (h₊ − h₋))² over all pairs', () => {
    for (const w of [
      [0, 0, 0, 0],
      [0.3, -0.1, 0.7, 0.2],
      [-2, 5, 1, 3],
    ] as const) {
      const h = scoresAt(w);
      const [up, down] = [h.filter((_, i) => labels[i]), h.filter((_, i) => !labels[i])];
      const [a, b] = [mean(up), mean(down)];
      const pairs = mean(up.flatMap((s) => down.map((t) => (1 - (s - t)) ** 2)));
      const saddle = Float64Array.of(...w, a, b, 1 + b - a);
      const size = Math.max(1, 0.16 * pairs);
      expect(Math.abs(lossAt(saddle) - 0.16 * pairs)).toBeLessThan(1e-14 * n * size);
      const F = new Float64Array(d + 3);
      expected.operator(saddle, F);
      expect(norm(F, d)).toBeLessThan(1e-13 * size); // stationary in a, b and α
      for (const [at, sign] of [
        [d, 1],
        [d + 1, 1],
        [d + 2, -1],
      ] as const) {
        const off = saddle.slice();
        off[at]! += 0.1;
        expect(sign * (lossAt(off) - lossAt(saddle))).toBeGreaterThan(0);
      }
    }
  });
  it('its operator is (∇_v F, −∇_α F), by central differences, which are exact for a quadratic', () => {
    const z = Float64Array.from({ length: d + 3 }, (_, i) => Math.sin(i + 1));
    const F = new Float64Array(d + 3);
    expected.operator(z, F);
    F.forEach((x, i) => {
      const [up, down] = [z.slice(), z.slice()];
      up[i]! += 0.5;
      down[i]! -= 0.5;
      expect((i === d + 2 ? -1 : 1) * x).toBeCloseTo(lossAt(up) - lossAt(down), 12);
    });
  });
  it('its terms’ mean is F; a draw is a batch of different examples of the worker’s own part', () => {
    const z = Float64Array.from({ length: d + 3 }, (_, i) => Math.cos(i));
    const [F, sum] = [new Float64Array(d + 3), new Float64Array(d + 3)];
    expected.operator(z, F);
    for (let i = 0; i < n; i++) gradientOf(z, i).forEach((x, j) => (sum[j]! += x / n));
    sum.forEach((x, j) => expect(x).toBeCloseTo(F[j]!, 13));
    for (const [worker, first] of [
      [0, 0],
      [1, 60],
      [2, 0],
      [3, 60],
    ] as const)
      for (const call of [0, 1, 2]) {
        const sample = game.draw(call, undefined, worker)!;
        expect(new Set(sample).size).toBe(5);
        expect(sample.every((i) => i >= first && i < first + 60)).toBe(true);
      }
  });
  it('the AUC of z is that of held-out scores, five standard errors; the best is at w along the means', () => {
    const { solution } = expected.facts!;
    const z = Float64Array.from(solution!);
    const rows = auc.heldOut(10_000);
    const h = auc.scores(z, rows);
    const [up, down] = [h.filter((_, i) => rows.labels[i] === 1), h.filter((_, i) => rows.labels[i] === 0)];
    expect([up.length, down.length]).toEqual([2000, 8000]);
    const sorted = down.toSorted();
    let wins = 0;
    for (const s of up) {
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle]! < s) low = middle + 1;
        else high = middle;
      }
      wins += low;
    }
    // the variance of an AUC is at most AUC(1 − AUC)/min(n₊, n₋)
    const A = auc.auc(z);
    expect(Math.abs(wins / (2000 * 8000) - A)).toBeLessThan(5 * Math.sqrt((A * (1 - A)) / 2000));
    expect(A).toBeGreaterThan(0.8);
    expect(A).toBeLessThan(auc.bestAuc);
    expect(auc.auc(new Float64Array(d + 3))).toBe(0.5);
    expect(auc.auc(z.map((x) => -7 * x))).toBeCloseTo(1 - A, 14); // by angle alone
    expect(minMaxAuc({ separation: Math.SQRT2 }).bestAuc).toBeCloseTo(0.841344746068543, 14); // Φ(1)
    expect(minMaxAuc({ separation: 3 * Math.SQRT2 }).bestAuc).toBeCloseTo(0.99865010196837, 14); // Φ(3)
    expect(minMaxAuc({ separation: 0 }).bestAuc).toBe(0.5);
  });
  it('refuses data of one class and batches larger than a part', () => {
    expect(() => minMaxAuc({ examples: 10, positives: 0.01 })).toThrow('positives=0.01 of examples=10 are 0');
    expect(() => minMaxAuc({ examples: 10, positives: 0.2, batch: 11 })).toThrow('batch is 11');
  });
});

import { describe, expect, it } from 'vitest';
import { distance, norm, uniform, type Game, type Problem, type Vector } from '@stillpoint/operators';
import { gameFrom, problemFrom } from '@stillpoint/problems';
import { probed, smoothnessAlong, smoothnessBetween, smoothnessFit, train } from '../src/index.js';
import { methodFrom } from '../src/registry.js';

const along = async (
  problem: Problem,
  spec: string,
  steps: number,
  options: Parameters<typeof smoothnessAlong>[1] = {},
) => {
  const watch = smoothnessAlong(problem, options);
  const run = await train(problem, methodFrom(spec, problem.facts), { steps, observe: watch.observe });
  return { watch, run };
};
const x4 = problemFrom('power(start=3)').exact;

describe('smoothness between two points', () => {
  it('of x⁴ from z to z⁺, w halfway: (4w³ − 4z³)/(w − z) = 4(w² + wz + z²), beside 4|z|³', () => {
    for (const [z, next] of [
      [3, 2.5],
      [-1, 4],
      [0.1, 0.1001],
    ] as const) {
      const found = probed(x4, Float64Array.of(z), () =>
        smoothnessBetween(Float64Array.of(z), Float64Array.of(next)),
      );
      const w = (z + next) / 2;
      // the difference of w³ and z³ has 2⁻⁵² of either, over a length of 5e-4·z at least
      expect(found!.smoothness / (4 * (w * w + w * z + z * z))).toBeCloseTo(1, 10);
      expect(found!.gradient).toBeCloseTo(4 * Math.abs(z) ** 3, 12);
    }
  });
  it('is undefined where nothing moves, or F is not finite', () => {
    const at = (z: number, next: number, game: Game = x4): unknown =>
      probed(game, Float64Array.of(z), () => smoothnessBetween(Float64Array.of(z), Float64Array.of(next)));
    expect(at(2, 2)).toBeUndefined();
    expect(at(2, 1e300)).toBeUndefined();
  });
});

describe('along a run', () => {
  it('measures each step, or some, at 2 calls each, and changes nothing of the run', async () => {
    const spec = 'clipped-gradient(stepSize=0.00625, threshold=16)';
    const { watch, run } = await along(x4, spec, 40);
    const alone = await train(x4, methodFrom(spec), { steps: 40 });
    expect([run.z, run.checkpoint.ledger]).toEqual([alone.z, alone.checkpoint.ledger]);
    expect([watch.points.length, watch.calls()]).toEqual([40, 80]);
    const path: number[] = [3];
    await train(x4, methodFrom(spec), { steps: 40, observe: ({ state }) => void path.push(state.z[0]!) });
    watch.points.forEach(({ gradient }, k) => expect(gradient).toBeCloseTo(4 * path[k + 1]! ** 3, 12));
    const some = await along(x4, spec, 40, { every: 7 });
    expect(some.watch.points).toEqual([0, 7, 14, 21, 28, 35].map((k) => watch.points[k]));
    expect(some.watch.calls()).toBe(12);
  });
  it('on a sampled problem on draw 0 throughout, or on all of it, at their prices', async () => {
    const { problem, exact } = problemFrom('logistic(examples=40, dimension=4, batch=8)');
    const path: Vector[] = [];
    const watches = [smoothnessAlong(problem), smoothnessAlong(problem, { sample: 'all' })];
    await train(problem, methodFrom('gda(stepSize=0.3)'), {
      steps: 9,
      start: new Float64Array(4).fill(2),
      async observe(progress) {
        path.push(progress.state.z.slice());
        for (const watch of watches) await watch.observe(progress);
      },
    });
    const samples = [problem.draw!(0), undefined];
    const F = (z: Vector, sample: unknown): Float64Array => {
      const out = new Float64Array(4);
      exact.operator(z, out, { sample });
      return out;
    };
    watches.forEach((watch, i) => {
      expect(watch.points).toHaveLength(9);
      watch.points.forEach(({ gradient, smoothness }, k) => {
        const [z, w] = [path[k]!, path[k]!.map((x, j) => (x + path[k + 1]![j]!) / 2)];
        expect(gradient).toBeCloseTo(norm(F(z, samples[i])), 14);
        expect(smoothness).toBeCloseTo(distance(F(w, samples[i]), F(z, samples[i])) / distance(w, z), 11);
      });
      expect(watch.calls()).toBeCloseTo(2 * 9 * [8 / 40, 1][i]!, 12);
    });
  });
  it('x⁴: what is fitted is near the tangent of 12x² over 4|x|³, and clipping by it is counted as the method counts', async () => {
    const { watch, run } = await along(x4, 'clipped-gradient(stepSize=0.00625, threshold=16)', 200);
    const fit = watch.fit({ quantile: 0.99, threshold: 16 });
    const figures = methodFrom('clipped-gradient(stepSize=1, threshold=16)').figures!(run.checkpoint.state);
    expect(fit.engaged).toBe(figures['engaged']! / 200);
    // ln 12x² = ⅔ ln 4|x|³ + constant, but for the midpoint: steps are a tenth of x at most where clipped
    expect(fit.correlation).toBeGreaterThan(0.99);
    // for any L₁ the smallest L₀ that holds everywhere is 16/L₁²; steps have slightly smaller mean curvatures
    expect(fit.L0).toBeLessThan(16 / fit.L1 ** 2);
    expect(fit.L0).toBeGreaterThan(0);
    expect(fit.threshold).toBe((2 * fit.L0) / (3 * fit.L1));
    expect(fit.stepSize).toBe(1 / (2 * fit.L0));
    const below = watch.points.filter(
      ({ gradient, smoothness }) => smoothness <= fit.L0 + fit.L1 * gradient * (1 + 1e-12),
    );
    expect(below.length / 200).toBeGreaterThanOrEqual(0.99);
  });
  it('of a problem that must be waited for it measures the same', async () => {
    const later: Problem = {
      ...x4,
      operator: (z, out, asked) => Promise.resolve().then(() => x4.operator(z, out, asked)),
    };
    const spec = 'clipped-gradient(stepSize=0.00625, threshold=16)';
    expect((await along(later, spec, 20)).watch.points).toEqual((await along(x4, spec, 20)).watch.points);
  });
  it('a quadratic has L₁ = 0, and no threshold is suggested', async () => {
    const { watch } = await along(problemFrom('gaussian(curvatures=[4])').exact, 'gda(stepSize=0.01)', 50);
    expect(watch.fit()).toEqual({
      L0: expect.closeTo(4, 9),
      L1: 0,
      points: 50,
      correlation: NaN,
      stepSize: expect.closeTo(1 / 8, 9),
      engaged: 0,
    });
  });
  it('refuses games and options that it does not have', () => {
    expect(() => smoothnessAlong(gameFrom('bilinear'))).toThrow(
      'smoothnessAlong measures the gradient of one player’s loss; bilinear has x, y',
    );
    expect(() => smoothnessAlong(x4, { every: 0 })).toThrow('every is 0; expected a whole number >= 1');
    const given: object = { sample: 'none' };
    expect(() => smoothnessAlong(x4, given)).toThrow('sample is "none"; expected "same" or "all"');
  });
});

describe('the fit', () => {
  const line = (L0: number, L1: number, gradients: readonly number[]) =>
    gradients.map((gradient) => ({ gradient, smoothness: L0 + L1 * gradient }));
  it('of points on a line is the line', () => {
    for (const [L0, L1] of [
      [2, 3],
      [1e-6, 1e4],
      [5, 0],
    ] as const) {
      const fit = smoothnessFit(line(L0, L1, [0.1, 0.5, 2, 7, 30]));
      expect(fit.L1).toBeCloseTo(L1, L1 > 1 ? 6 : 9);
      expect(fit.L0 / L0).toBeCloseTo(1, 2);
    }
    expect(smoothnessFit(line(0, 3, [1, 2, 4]))).toMatchObject({
      L0: expect.closeTo(0, 9),
      L1: expect.closeTo(3, 9),
    });
  });
  it('of points on a line through 0 has L₀ = 0, and suggests no threshold', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [slope, ...gradients] = uniform(new Float64Array(40), { seed, purpose: 'ray' });
      const fit = smoothnessFit(line(0, slope!, gradients));
      expect([fit.L0, fit.threshold, fit.stepSize]).toEqual([0, undefined, undefined]);
    }
  });
  it('minimises the quantile loss: no line through two points, nor one with L₀ = 0 or L₁ = 0, is better', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = uniform(new Float64Array(60), { seed, purpose: 'fit' });
      const points = Array.from({ length: 20 }, (_, i) => ({
        gradient: 5 * random[3 * i]!,
        smoothness:
          seed % 3 === 0 ? random[3 * i + 1]! : (1 + 2 * random[3 * i]!) * random[3 * i + 1]! ** 0.3,
      }));
      const q = [0.5, 0.8, 0.9, 0.95][seed % 4]!;
      const loss = (L0: number, L1: number): number =>
        points.reduce((sum, { gradient, smoothness }) => {
          const r = smoothness - L0 - L1 * gradient;
          return sum + (r > 0 ? q * r : (q - 1) * r);
        }, 0);
      let best = Infinity;
      for (const a of points) {
        best = Math.min(best, loss(0, a.smoothness / a.gradient), loss(a.smoothness, 0));
        for (const b of points) {
          const L1 = (b.smoothness - a.smoothness) / (b.gradient - a.gradient);
          const L0 = a.smoothness - L1 * a.gradient;
          if (L0 >= 0 && L1 >= 0) best = Math.min(best, loss(L0, L1));
        }
      }
      const fit = smoothnessFit(points, { quantile: q });
      expect(loss(fit.L0, fit.L1)).toBeLessThanOrEqual(best * (1 + 1e-9));
      const above = points.filter(
        ({ gradient, smoothness }) => smoothness > fit.L0 + fit.L1 * gradient * (1 + 1e-12) + 1e-12,
      );
      expect(above.length).toBeLessThanOrEqual((1 - q) * 20 + 1e-9);
    }
  });
  it('takes the smallest line that nine of ten points do not exceed', () => {
    // gradients do not tell them apart, so L₁ = 0 and L₀ is a quantile
    const points = Array.from({ length: 10 }, (_, i) => ({ gradient: 2, smoothness: i + 1 }));
    for (const [quantile, L0] of [
      [0.9, 9],
      [0.85, 9],
      [0.91, 10],
      [0.1, 1],
    ] as const)
      expect(smoothnessFit(points, { quantile })).toMatchObject({ L0, L1: 0, engaged: 0 });
  });
  it('scales with f and with x exactly', () => {
    const points = line(1, 2, [0.1, 0.7, 3, 11]).map(({ gradient, smoothness }, i) => ({
      gradient,
      smoothness: smoothness * [1, 0.8, 0.9, 0.7][i]!,
    }));
    const plain = smoothnessFit(points);
    const f = smoothnessFit(
      points.map(({ gradient, smoothness }) => ({ gradient: 8 * gradient, smoothness: 8 * smoothness })),
    );
    expect(f).toMatchObject({
      L0: 8 * plain.L0,
      L1: plain.L1,
      threshold: 8 * plain.threshold!,
      engaged: plain.engaged,
    });
    const x = smoothnessFit(
      points.map(({ gradient, smoothness }) => ({ gradient: gradient / 4, smoothness: smoothness / 16 })),
    );
    expect(x).toMatchObject({
      L0: plain.L0 / 16,
      L1: plain.L1 / 4,
      threshold: plain.threshold! / 4,
      engaged: plain.engaged,
    });
  });
  it('refuses what it cannot fit', () => {
    expect(() => smoothnessFit([])).toThrow('no step was measured');
    expect(() => smoothnessFit(line(1, 1, [1]), { quantile: 1 })).toThrow(
      'quantile is 1; expected a number > 0 and < 1',
    );
    expect(() => smoothnessFit(line(1, 1, [1]), { threshold: -1 })).toThrow(
      'threshold is -1; expected a number >= 0',
    );
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { distance } from '@stillpoint/operators';
import { gda, lbfgs, solveAsync } from '@stillpoint/optimizers';
import { multilevelProblem, start, type MultilevelProblem } from '../src/index.js';

const opened = new Map<string, Promise<MultilevelProblem>>();
/** ‖v‖. */
const length = (v: readonly number[]): number => Math.hypot(...v);
afterAll(async () => {
  for (const problem of opened.values()) await (await problem.catch(() => undefined))?.dispose();
});
const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };
const gradientOf = async (problem: MultilevelProblem, z: Float32Array): Promise<Float32Array> => {
  const out = new Float32Array(z.length);
  await problem.operator(z, out, asked);
  return out;
};

// f = ½‖y − a‖² + x²/20, g = ½yᵀHy − yᵀBx, H = QΛQ with Q = I − ½·11ᵀ, which is orthogonal
const Λ = [0.5, 1, 1.5, 2];
const a = [1, -1, 2, 0.5];
const B = [
  [1, 0.5],
  [-1, 1],
  [0, 2],
  [0.5, -0.5],
];
const reflect = (v: readonly number[]): number[] => v.map((x) => x - v.reduce((s, y) => s + y, 0) / 2);
const H = Λ.map((_, j) => {
  const e = reflect(Λ.map((__, i) => (i === j ? 1 : 0)));
  return reflect(e.map((x, i) => Λ[i]! * x));
});
const solved = (b: readonly number[]): number[] => reflect(reflect(b).map((x, i) => x / Λ[i]!));
const lowerSolution = (x: ArrayLike<number>): number[] =>
  solved(B.map((row) => row[0]! * x[0]! + row[1]! * x[1]!));
/** ∇_x f + Bᵀq with Hq = y − a. */
const implicit = (x: ArrayLike<number>, y = lowerSolution(x)): number[] => {
  const q = solved(y.map((yi, i) => yi - a[i]!));
  return [0, 1].map((j) => x[j]! / 10 + B.reduce((sum, row, i) => sum + row[j]! * q[i]!, 0));
};

const η = 0.8;
interface Chosen {
  readonly steps: number;
  readonly derivatives: 'reverse' | 'implicit';
  readonly products?: number;
}
const made = (options: Chosen): Promise<MultilevelProblem> =>
  multilevelProblem({
    name: 'quadratics',
    levels: { up: { x: start.constant([2], 0.5) }, down: { y: start.constant([4], 0) } },
    losses: {
      up: ({ up, down }) =>
        tf.add(
          tf.mul(0.5, tf.sum(tf.square(tf.sub(down.y, tf.tensor1d(a))))),
          tf.mul(0.05, tf.sum(tf.square(up.x))),
        ),
      down: ({ up, down }) =>
        tf.sub(
          tf.mul(0.5, tf.sum(tf.mul(down.y, tf.dot(tf.tensor2d(H), down.y)))),
          tf.sum(tf.mul(down.y, tf.dot(tf.tensor2d(B), up.x))),
        ),
    },
    stepSize: η,
    ...options,
  });
/** One for the same options: much of this file would be their compilation. */
const problemWith = (options: Chosen): Promise<MultilevelProblem> => {
  const key = JSON.stringify(options);
  const problem = opened.get(key) ?? made(options);
  opened.set(key, problem);
  return problem;
};
const at = Float32Array.of(0.75, -0.5);
/** A step or product rounds 4 sums of 4 products of numbers below 8, and H has the condition 4. */
const rounding = (operations: number): number => operations * 16 * 8 * 4 * 2 ** -24;

describe('implicit derivatives of two quadratics', () => {
  it('are the closed form where the steps end at the lower minimum', async () => {
    // (1 − ημ)ᵀ = 0.6²⁴ is 5e-6, of numbers below 8
    const problem = await problemWith({ steps: 24, derivatives: 'implicit' });
    expect(distance(await gradientOf(problem, at), implicit(at))).toBeLessThan(rounding(28));
    expect(problem.about).toContain('a gradient takes 24 steps of down and 4 products with its Hessian');
    const [down] = await problem.lowerSolutions(at);
    expect(down!.residual).toBeLessThan(rounding(5));
  });
  it('are taken where the steps end, and what these forget of their start is what is missing', async () => {
    for (const steps of [1, 3, 6]) {
      let y = Λ.map(() => 0);
      const end = lowerSolution(at);
      // y − y* shrinks by 1 − ηH
      for (let t = 0; t < steps; t++) {
        const Hr = reflect(reflect(y.map((yi, i) => yi - end[i]!)).map((x, i) => Λ[i]! * x));
        y = y.map((yi, i) => yi - η * Hr[i]!);
      }
      const problem = await problemWith({ steps, derivatives: 'implicit' });
      const found = await gradientOf(problem, at);
      expect(distance(found, implicit(at, y))).toBeLessThan(rounding(steps + 4));
      // ‖BᵀH⁻¹‖·(1 − ημ)ᵀ‖y*‖, with ‖B‖ below its Frobenius norm
      const size = length(B.flat()) / Λ[0]!;
      expect(distance(found, implicit(at))).toBeLessThan(size * 0.6 ** steps * length(end));
    }
  });
  it('are what those through the steps tend to', async () => {
    const exact = await gradientOf(await problemWith({ steps: 24, derivatives: 'implicit' }), at);
    const [end, size] = [length(lowerSolution(at)), length(B.flat()) / Λ[0]!];
    for (const steps of [6, 12, 24]) {
      const found = await gradientOf(await problemWith({ steps, derivatives: 'reverse' }), at);
      // y_T and dy_T/dx are off by factors (1 − ημ)ᵀ, of y* and of H⁻¹B
      const off = 0.6 ** steps * size * (2 * end + length(a));
      expect(distance(found, exact)).toBeLessThan(off + rounding(3 * steps + 28));
    }
  });
  it('say what too few products leave', async () => {
    const problem = await problemWith({ steps: 24, derivatives: 'implicit', products: 1 });
    const [down] = await problem.lowerSolutions(at);
    const b = lowerSolution(at).map((y, i) => y - a[i]!);
    const Hb = reflect(reflect(b).map((x, i) => Λ[i]! * x));
    const dot = (v: readonly number[], w: readonly number[]): number =>
      v.reduce((s, x, i) => s + x * w[i]!, 0);
    const α = dot(b, b) / dot(b, Hb);
    const left = length(b.map((x, i) => x - α * Hb[i]!)) / length(b);
    expect(left).toBeGreaterThan(0.1);
    expect(Math.abs(down!.residual! - left)).toBeLessThan(rounding(28));
    // more than it has entries change nothing, and divide nothing by 0
    const more = await problemWith({ steps: 24, derivatives: 'implicit', products: 8 });
    expect(distance(await gradientOf(more, at), implicit(at))).toBeLessThan(rounding(32));
  });
  it('are minimised by any method, with differences for products', async () => {
    const problem = await problemWith({ steps: 24, derivatives: 'implicit' });
    expect('jacobianVector' in problem).toBe(false);
    for (const method of [gda({ stepSize: 0.05 }), lbfgs()]) {
      const { z, status } = await solveAsync(problem, method, { steps: 300, tolerance: 1e-4 });
      expect(status).toBe('converged');
      expect(length(implicit(z))).toBeLessThan(1e-4 * length(implicit([0.5, 0.5])) + rounding(28));
    }
  });
});

it('refuses what it cannot do', async () => {
  const levels = { a: { x: [1] }, b: { y: [1] }, c: { z: [1] } } as const;
  const loss = (): tf.Scalar => tf.scalar(0);
  const three = { levels, losses: { a: loss, b: loss, c: loss }, stepSize: 0.1 };
  await expect(multilevelProblem({ ...three, derivatives: 'implicit' })).rejects.toThrow(
    "derivatives is 'implicit', and levels has a, b, c; expected two levels, or derivatives 'reverse'",
  );
  await expect(multilevelProblem({ ...three, products: 3 })).rejects.toThrow(
    "products is 3; expected none with derivatives 'reverse': they are those of 'implicit'",
  );
  await expect(problemWith({ steps: 2, derivatives: 'implicit', products: 0 })).rejects.toThrow(
    'products is 0; expected a whole number from 1 to 1000',
  );
});

import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { dot, norm, type Asked, type Vector } from '@stillpoint/operators';
import { gaussNewton, lbfgs, solveAsync } from '@stillpoint/optimizers';
import { problemFromResiduals, type CompiledProblem, type NamedDense } from '../src/index.js';

const opened: CompiledProblem[] = [];
const kept = async (making: Promise<CompiledProblem>): Promise<CompiledProblem> => {
  const problem = await making;
  opened.push(problem);
  return problem;
};
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});
const asked: Asked<NamedDense> = { player: undefined, sample: undefined, losses: undefined, buffers: {} };

const m = 16;
const X = Array.from({ length: m }, (_, i) => [Math.cos(i), Math.sin(3 * i), 1]);
const y = X.map(([a, b], i) => 2 * a! - b! + 0.5 + 0.1 * Math.sin(7 * i));

describe('least squares of a linear residual', () => {
  const linear = () =>
    kept(
      problemFromResiduals({
        parameters: { w: [3, 1] },
        data: { X, y },
        residual: ({ w }, sample) => tf.sub(tf.reshape(tf.matMul(sample.X, w), [-1]), sample.y),
      }),
    );
  it('has the loss, gradient and Hessian of (1/2m)‖Xw − y‖²', async () => {
    const problem = await linear();
    const w = Float32Array.of(0.3, -0.2, 0.1);
    const r = X.map((x, i) => x.reduce((sum, a, j) => sum + a * w[j]!, 0) - y[i]!);
    const out = new Float32Array(3);
    const losses = new Float32Array(1);
    await problem.operator(w, out, { ...asked, losses });
    const rounded = 64 * 2 ** -24;
    const F = [0, 1, 2].map((j) => r.reduce((sum, ri, i) => sum + (ri * X[i]![j]!) / m, 0));
    out.forEach((g, j) => expect(Math.abs(g - F[j]!)).toBeLessThan(rounded));
    expect(Math.abs(losses[0]! - r.reduce((sum, ri) => sum + (ri * ri) / (2 * m), 0))).toBeLessThan(rounded);
    const v = Float32Array.of(1, -2, 3);
    await problem.jacobianVector?.(w, v, out, false, asked);
    const Xv = X.map((x) => x.reduce((sum, a, j) => sum + a * v[j]!, 0));
    out.forEach((h, j) =>
      expect(Math.abs(h - Xv.reduce((sum, xv, i) => sum + (xv * X[i]![j]!) / m, 0))).toBeLessThan(
        16 * rounded,
      ),
    );
    expect(problem.terms?.count).toBe(m);
  });
  it('is solved by Gauss–Newton, which contracts by 1 − γ + γ/(1 + σ) along each eigenvalue σ of XᵀX/m', async () => {
    const problem = await linear();
    const run = await solveAsync(problem, gaussNewton({ damping: 'unit' }), { steps: 200 });
    const out = new Float32Array(3);
    await problem.operator(run.z, out, asked);
    // σ ≥ 0.49 here, γ = 0.95: 0.69²⁰⁰ is far below rounding
    expect(norm(out)).toBeLessThan(64 * 2 ** -24);
  });
});

describe('a residual of a network', () => {
  const network = () =>
    kept(
      problemFromResiduals({
        parameters: { w: [3, 5], b: [5], v: [5, 2] },
        data: { X, y },
        residual: ({ w, b, v }, sample) =>
          tf.sub(tf.matMul(tf.tanh(tf.add(tf.matMul(sample.X, w), b)), v), tf.reshape(sample.y, [-1, 1])),
      }),
    );
  it('has products that are transposes of each other, and F = J_rᵀr', async () => {
    const problem = await network();
    const { residual } = problem;
    if (residual === undefined) throw new Error('it has no residual');
    expect(residual.length).toBe(2 * m);
    const z = problem.initialise(1);
    const [r, Jv] = [new Float32Array(residual.length), new Float32Array(residual.length)];
    const [F, JTr, JTu] = [
      new Float32Array(problem.dim),
      new Float32Array(problem.dim),
      new Float32Array(problem.dim),
    ];
    await residual.value(z, r, asked);
    await residual.product(z, r, JTr, true, asked);
    await problem.operator(z, F, asked);
    F.forEach((g, i) => expect(Math.abs(g - JTr[i]!)).toBeLessThan(32 * 2 ** -24 * norm(F)));
    const v = problem.initialise(2);
    const u = Float32Array.from(r, (_, i) => Math.cos(i));
    await residual.product(z, v, Jv, false, asked);
    await residual.product(z, u, JTu, true, asked);
    expect(Math.abs(dot(Jv, u) - dot(v, JTu))).toBeLessThan(64 * 2 ** -24 * norm(Jv) * norm(u));
    // central differences of r along v: truncation h², rounding 2⁻²⁴/h
    const h = 2 ** -7;
    const at = async (t: number): Promise<Vector> => {
      const out = new Float32Array(residual.length);
      await residual.value(
        z.map((x, i) => x + t * v[i]!),
        out,
        asked,
      );
      return out;
    };
    const [plus, minus] = [await at(h), await at(-h)];
    Jv.forEach((d, i) =>
      expect(Math.abs(d - (plus[i]! - minus[i]!) / (2 * h))).toBeLessThan(1e-3 * norm(Jv)),
    );
  });
  it('falls in every step of Gauss–Newton with unit damping, from its own start', async () => {
    const problem = await network();
    const seen: number[] = [];
    for (const steps of [0, 1, 2, 4, 8, 16, 32]) {
      const run = await solveAsync(problem, gaussNewton({ damping: 'unit' }), { steps });
      const losses = new Float32Array(1);
      await problem.losses?.(run.z, losses, asked);
      seen.push(losses[0]!);
    }
    for (const [i, loss] of seen.slice(1).entries()) expect(loss).toBeLessThan(seen[i]!);
  });
  it('is fitted by L-BFGS to the noise in y, of which the mean square is 0.005 and half counts', async () => {
    const problem = await network();
    const run = await solveAsync(problem, lbfgs(), { steps: 50 });
    const losses = new Float32Array(1);
    await problem.losses?.(run.z, losses, asked);
    expect(losses[0]).toBeLessThan(0.0025);
  });
});

it('asks for residuals of draws only where a draw is a batch', async () => {
  const problem = await kept(
    problemFromResiduals({
      name: 'batches',
      parameters: { w: [3, 1] },
      data: { X, y },
      batch: 4,
      residual: ({ w }, sample) => tf.sub(tf.reshape(tf.matMul(sample.X, w), [-1]), sample.y),
    }),
  );
  expect(problem.residual?.length).toBe(4);
  const out = new Float32Array(4);
  const z = problem.initialise(0);
  const sample = problem.draw!(0);
  await problem.residual?.value(z, out, { ...asked, sample });
  expect(out.every((x) => x !== 0)).toBe(true);
  await expect(async () => problem.residual?.value(z, out, asked)).rejects.toThrow(
    'batches: the residual has 16 entries here and 4 on a draw; it can be asked on draws only',
  );
});

it.each([
  ['residual is undefined; expected a function', { parameters: { w: [2] } }],
  ['players.parameters is undefined', { residual: (): tf.Tensor => tf.scalar(1) }],
  ['residual returns 1; expected a tensor', { parameters: { w: [2] }, residual: (): number => 1 }],
  [
    'residual returns a promise; write it without async',
    { parameters: { w: [2] }, residual: async ({ w }: { readonly w: tf.Tensor }) => w },
  ],
  [
    'unknown parameter of own problem "v"',
    { parameters: { w: [2] }, residual: ({ v }: { readonly v: tf.Tensor }) => v },
  ],
  ['unknown option of problemFromResiduals "players"', { players: { w: [2] } }],
])('refuses: %s', async (message, options) => {
  await expect(Reflect.apply(problemFromResiduals, undefined, [options])).rejects.toThrow(message);
});

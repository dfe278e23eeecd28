import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { norm } from '@stillpoint/operators';
import { gda, lbfgs, solveAsync } from '@stillpoint/optimizers';
import { neuralOdeProblem, shootingProblem, start, type EngineProblem } from '../src/index.js';
import { separateMinima, type Separable } from '../src/problems/separate-minima.js';

const opened: EngineProblem[] = [];
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});
const kept = async <P extends EngineProblem>(making: Promise<P>): Promise<P> => {
  const problem = await making;
  opened.push(problem);
  return problem;
};
const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };

const rows = Array.from({ length: 12 }, (_, i) => [Math.cos(3 * i) + (i % 2), Math.sin(5 * i)]);
const options = {
  parameters: { w: start.normal([2, 2], 0.5), b: [2] },
  data: { x: rows, y: rows.map(([a, b]) => [a! - b!, a! + b!]) },
  field: (x: tf.Tensor, { w, b }: { readonly w: tf.Tensor; readonly b: tf.Tensor }) =>
    tf.tanh(tf.add(tf.matMul(x, w), b)),
  terminal: (x: tf.Tensor, { y }: { readonly y: tf.Tensor }) => tf.mean(tf.square(tf.sub(x, y))),
  regularisation: 0.2,
  steps: 4,
} as const;

describe('a control problem of one’s own field', () => {
  it('starts alike at all times, and has the cost written out', async () => {
    const problem = await kept(neuralOdeProblem(options));
    const { w, b } = problem.tensors(problem.start)['control']!;
    expect([problem.dim, w!.length, b!.length]).toEqual([24, 16, 8]);
    for (let k = 1; k < 4; k++) expect(w!.slice(4 * k, 4 * k + 4)).toEqual(w!.slice(0, 4));
    let cost = 0;
    for (const { x: at, y } of rows.map((x, i) => ({ x, y: options.data.y[i]! }))) {
      let x = at;
      for (let k = 0; k < 4; k++)
        x = x.map(
          (xi, j) => xi + Math.tanh(x[0]! * w![4 * k + j]! + x[1]! * w![4 * k + 2 + j]! + b![2 * k + j]!) / 4,
        );
      cost += x.reduce((sum, xi, j) => sum + (xi - y[j]!) ** 2 / 24, 0);
    }
    cost += (0.2 / 4) * problem.start.reduce((sum, entry) => sum + entry * entry, 0);
    const loss = new Float32Array(1);
    await problem.losses!(problem.start, loss, asked);
    expect(Math.abs(loss[0]! - cost)).toBeLessThan(2 ** -18 * cost);
    expect(problem.terms?.count).toBe(12);
  });
  it('shooting stands still where the gradient of the cost vanishes, and comes there', async () => {
    const problem = await kept(shootingProblem(options));
    const { z } = await solveAsync(problem.cost, lbfgs(), { steps: 200, tolerance: 1e-5 });
    const F = new Float32Array(24);
    await problem.operator(z, F, asked);
    // |∇f/dt| over the curvature 2λ, of a gradient of 1e-5
    expect(norm(F)).toBeLessThan(1e-3);
    const shot = await solveAsync(problem, gda({ stepSize: 0.5 }), { steps: 60, tolerance: 1e-5 });
    const gradient = new Float32Array(24);
    await problem.cost.operator(shot.z, gradient, asked);
    expect(norm(gradient) * 4).toBeLessThan(1e-3);
    expect(problem.searches()).toEqual({ converged: expect.any(Number), stalled: 0, rounds: 0 });
  });
  it('says that Newton steps ran out', async () => {
    const problem = await kept(
      shootingProblem({ ...options, regularisation: 0.01, inner: { rounds: 1, tolerance: 1e-7 } }),
    );
    const { ended, rounds } = await problem.shoot(problem.start);
    expect([ended, rounds]).toEqual(['rounds', 1]);
    expect(problem.searches().rounds).toBe(1);
  });
  it('works with one step, and with a field that does not depend on x', async () => {
    const problem = await kept(
      shootingProblem({
        parameters: { u: [2] },
        data: { x: [[0, 0]], y: [[1, -2]] },
        field: (x, { u }) => tf.add(tf.mul(x, 0), u),
        terminal: (x, { y }) => tf.sum(tf.square(tf.sub(x, y))),
        regularisation: 1,
        steps: 1,
      }),
    );
    // min |u − y|² + |u|²: u = y/2; with p = 2(x_1 − y) of θ = 0 the Hamiltonian has its minimum at y
    const { next } = await problem.shoot(Float32Array.of(0, 0));
    expect(Array.from(next)).toEqual([expect.closeTo(1, 5), expect.closeTo(-2, 5)]);
  });
  it('names what is wrong', async () => {
    await expect(neuralOdeProblem({ ...options, regularisation: 0 })).rejects.toThrow(
      'regularisation is 0; expected a number > 0',
    );
    await expect(neuralOdeProblem({ ...options, steps: 1.5 })).rejects.toThrow('steps is 1.5');
    await expect(neuralOdeProblem({ ...options, field: (x: tf.Tensor) => tf.sum(x) })).rejects.toThrow(
      'field returns a tensor of shape []; expected one of the shape of x, [12,2]',
    );
    await expect(neuralOdeProblem({ ...options, terminal: (x: tf.Tensor) => tf.square(x) })).rejects.toThrow(
      'terminal returns a tensor of shape [12,2]; expected a scalar',
    );
    await expect(shootingProblem({ ...options, batch: 3 })).rejects.toThrow('shooting takes all particles');
    await expect(shootingProblem({ ...options, inner: { rounds: 0 } })).rejects.toThrow('inner is');
  });
});

describe('separateMinima', () => {
  const of = (
    value: (x: number, y: number, k: number) => number,
    slope: (x: number, y: number, k: number) => readonly [number, number],
    bend: (x: number, y: number, k: number) => readonly [xx: number, xy: number, yy: number],
  ): Separable => ({
    groups: 2,
    groupOf: Int32Array.of(0, 1, 0, 1), // x of both, y of both
    curvature: 1,
    at: async (τ) => {
      const [g0, g1] = [slope(τ[0]!, τ[2]!, 0), slope(τ[1]!, τ[3]!, 1)];
      return {
        values: Float64Array.of(value(τ[0]!, τ[2]!, 0), value(τ[1]!, τ[3]!, 1)),
        gradient: Float64Array.of(g0[0], g1[0], g0[1], g1[1]),
      };
    },
    product: async (τ, v) => {
      const [a, b] = [bend(τ[0]!, τ[2]!, 0), bend(τ[1]!, τ[3]!, 1)];
      return Float64Array.of(
        a[0] * v[0]! + a[1] * v[2]!,
        b[0] * v[1]! + b[1] * v[3]!,
        a[1] * v[0]! + a[2] * v[2]!,
        b[1] * v[1]! + b[2] * v[3]!,
      );
    },
  });
  const limits = { rounds: 30, tolerance: 1e-5 };
  it('solves quadratics in one Newton step, each group its own', async () => {
    const f = of(
      (x, y, k) => x * x + x * y + y * y - (k + 1) * x,
      (x, y, k) => [2 * x + y - k - 1, x + 2 * y],
      () => [2, 1, 2],
    );
    const τ = Float32Array.of(5, -3, 2, 0);
    expect(await separateMinima(f, τ, limits)).toEqual({ ended: 'converged', rounds: 1 });
    [2 / 3, 4 / 3, -1 / 3, -2 / 3].forEach((x, j) => expect(τ[j]).toBeCloseTo(x, 5));
  });
  it('leaves negative curvature for a minimum, never upwards', async () => {
    const f = of(
      (x, y) => x ** 4 / 4 - (x * x) / 2 + (y * y) / 2,
      (x, y) => [x ** 3 - x, y],
      (x) => [3 * x * x - 1, 0, 1],
    );
    const τ = Float32Array.of(0.1, -0.2, 1, 0);
    expect((await separateMinima(f, τ, limits)).ended).toBe('converged');
    [1, -1, 0, 0].forEach((x, j) => expect(τ[j]).toBeCloseTo(x, 4));
  });
  it('says that no step lowers a function whose gradient is wrong', async () => {
    const f = of(
      (x, y) => x * x + y * y,
      (x, y) => [-2 * x, -2 * y],
      () => [2, 0, 2],
    );
    expect((await separateMinima(f, Float32Array.of(1, 2, 1, 0), limits)).ended).toBe('stalled');
  });
});

import * as tf from '@stillpoint/networks/tf';
import { afterAll, describe, expect, it } from 'vitest';
import { neuralOdeProblem, shootingProblem, type EngineProblem } from '@stillpoint/networks';
import { gda, km, lbfgs, solve, solveAsync } from '@stillpoint/optimizers';
import { neuralOde, neuralOdeShooting } from '@stillpoint/problems';
import type { Vector } from '@stillpoint/operators';
import { ownFrom } from '../src/trial/own-problem.js';

const opened: EngineProblem[] = [];
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});
const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };

// pairs of particles of the closed form as points of the plane: both coordinates have the same θ
const n = 10;
const { inputs, targets } = neuralOde({ particles: n });
const pairs = (values: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: n }, (_, i) => [values[i]!, values[2 * n - 1 - i]!]);
const plane = {
  parameters: { w: [] },
  data: { x: pairs(inputs), y: pairs(targets) },
  field: (x: tf.Tensor, { w }: { readonly w: tf.Tensor }) => tf.tanh(tf.mul(x, w)),
  terminal: (x: tf.Tensor, { y }: { readonly y: tf.Tensor }) => tf.mean(tf.square(tf.sub(x, y))),
  regularisation: 0.1,
} as const;
const exact = neuralOdeShooting({ particles: n });
const apart = (a: Vector, b: Vector): number =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
/** Sums of some hundred terms below 4 in float32, ten layers one after the other. */
const ROUNDED = 2 ** -16;

describe('a field of one’s own in the plane', () => {
  it('that is tanh(θx) has the cost, gradient and solution of the closed form', async () => {
    const problem = await neuralOdeProblem(plane);
    opened.push(problem);
    const θ = Float32Array.from({ length: 10 }, (_, k) => Math.cos(k));
    const [F, own, loss, wanted] = [new Float32Array(10), new Float64Array(10), new Float32Array(1), [0]];
    await problem.operator(θ, F, asked);
    await problem.losses!(θ, loss, asked);
    exact.cost.operator(Float64Array.from(θ), own);
    expect(apart(F, own)).toBeLessThan(ROUNDED);
    const value = Float64Array.from(wanted);
    exact.cost.losses!(Float64Array.from(θ), value);
    expect(Math.abs(loss[0]! - value[0]!)).toBeLessThan(4 * ROUNDED);
    expect(problem.terms?.count).toBe(n);
  });
  it('shooting makes the points of the closed form, and ends where methods on the cost do', async () => {
    const problem = await shootingProblem(plane);
    opened.push(problem);
    const start = Float32Array.from({ length: 10 }, () => 0.5);
    const relaxed = km({ stepSize: 1, innerSteps: 1, weight: 0.5 });
    const [few, closed] = [
      await solveAsync(problem, relaxed, { start, steps: 4, tolerance: 1e-9 }),
      solve(exact, relaxed, { start: Float64Array.from(start), steps: 4, tolerance: 1e-12 }),
    ];
    // the equations are solved to 1e-5 of what cancels in them, below 1, over a curvature above 0.3
    expect(apart(few.z, closed.z)).toBeLessThan(1e-4);
    const solution = solve(exact, gda({ stepSize: 0.5 }), { steps: 60, tolerance: 1e-13 }).z;
    const shot = await solveAsync(problem, relaxed, { start, steps: 30, tolerance: 1e-5 });
    expect(shot.status).toBe('converged');
    expect(apart(shot.z, solution)).toBeLessThan(2e-4);
    const descent = await solveAsync(problem.cost, lbfgs(), { start, steps: 60, tolerance: 1e-5 });
    expect(apart(descent.z, solution)).toBeLessThan(2e-4);
    const { converged, stalled, rounds } = problem.searches();
    expect([converged > 0, stalled, rounds]).toEqual([true, 0, 0]);
  });
  it('in a file for the command line it needs no imports', async () => {
    const own = await ownFrom(
      ({ shootingProblem: shooting }: { readonly shootingProblem: typeof shootingProblem }) =>
        shooting({ ...plane, steps: 3 }),
      'mine.mjs',
    );
    if (!('problem' in own)) throw new Error('a compiled problem was expected');
    opened.push(own.problem);
    expect([own.problem.name, own.problem.dim]).toEqual(['mine.mjs', 3]);
  });
});

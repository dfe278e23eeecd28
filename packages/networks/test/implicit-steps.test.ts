import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '@stillpoint/engine';
import { gaussNewton, implicitGradient, solveAsync } from '@stillpoint/optimizers';
import {
  applyNetwork,
  parametersOf,
  pinn,
  problemFromResiduals,
  type CompiledProblem,
} from '../src/index.js';
import { unflatten } from '../src/network.js';

const network = pinn({ inputs: 1, hidden: [12], lower: [0], upper: [1] });
let problem: CompiledProblem;
/** −u″ = π² sin πx on (0, 1), u(0) = u(1) = 0. The solution is sin πx. */
beforeAll(async () => {
  problem = await problemFromResiduals({
    parameters: parametersOf(network),
    residual: (parameters) => {
      const x = tf.reshape(tf.linspace(0, 1, 13), [13, 1]);
      const u = (at: tf.Tensor): tf.Tensor => applyNetwork(network, parameters, at);
      const slope = tf.grad((s) => tf.sum(u(s)));
      const curvature = tf.grad((s) => tf.sum(slope(s)))(x);
      const equation = tf.add(curvature, tf.mul(Math.PI ** 2, tf.sin(tf.mul(Math.PI, x))));
      return tf.concat([equation, tf.mul(10, u(tf.tensor2d([[0], [1]])))]);
    },
  });
});
afterAll(() => problem.dispose());

const asked = { player: undefined, sample: undefined, losses: undefined, buffers: {} };
async function lossAt(z: Float32Array): Promise<number> {
  const out = new Float32Array(1);
  await problem.losses?.(z, out, asked);
  return out[0]!;
}

describe('implicit gradient steps on a network that an engine computes in float32', () => {
  it.each([1e-2, 1, 1e2, 1e6])('f falls in each step with η = %s', async (stepSize) => {
    const start = problem.initialise(1);
    const points: Float32Array[] = [start];
    await solveAsync(problem, implicitGradient({ stepSize, innerSteps: 10 }), {
      start,
      steps: 4,
      observe: ({ state }) => void points.push(Float32Array.from(state.z)),
    });
    const losses: number[] = [];
    for (const z of points) losses.push(await lossAt(z));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    losses.slice(1).forEach((now, k) => {
      // the method compares sums of squares of 15 entries in float64, the loss is such a sum in float32
      expect(now).toBeLessThanOrEqual(losses[k]! * (1 + 15 * 2 ** -23));
    });
  });

  it('solves the equation, and once at rest a step costs few inner steps and says nothing', async () => {
    const long = { tolerance: 0, steps: 40 };
    const learnt = await solveAsync(problem, gaussNewton(), { ...long, start: problem.initialise(1) });
    const implicit = implicitGradient({ stepSize: 100 });
    const near = await solveAsync(problem, implicit, { ...long, start: learnt.z });
    const rested = await solveAsync(problem, implicit, { tolerance: 0, steps: 5, start: near.z });
    // Newton’s steps come to rounding in a handful; without a stop there each step would take all 50
    expect(rested.figures?.['inner steps']).toBeLessThanOrEqual(5 * 10);
    expect(rested.warnings).toEqual([]);
    const z = Float32Array.from(rested.z);
    const [n, f] = [15, await lossAt(z)];
    const u = await compile(
      (given: { readonly z: tf.Tensor }) => ({
        middle: network.apply(unflatten(given.z, network), tf.tensor2d([[0.5]]), {}),
      }),
      { inputs: { z: [z.length] } },
    );
    const { middle } = await u.run({ z });
    // u − u* has second derivatives of at most √(2nf) at the points, and a tenth of that at the ends
    expect(Math.abs(middle[0]! - 1)).toBeLessThan(Math.sqrt(2 * n * f) * (1 / 8 + 1 / 10));
    expect(f).toBeLessThan(1e-4);
    await u.dispose();
  });
});

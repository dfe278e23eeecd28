import * as tf from '@tensorflow/tfjs-core';
import { compile } from '@stillpoint/engine';
import { describe, expect, it } from 'vitest';
import {
  activation,
  applyNetwork,
  dense,
  mlp,
  parametersOf,
  problemFromLosses,
  sequential,
  spectralNorm,
  unflatten,
} from '../src/index.js';
import { normals } from './numbers.js';

describe('a network as a player', () => {
  const net = sequential({
    inputs: 2,
    layers: [dense({ units: 3, kernel: 'orthogonal' }), activation({ of: 'tanh' }), dense({ units: 1 })],
  });
  it('has the network’s parameters and starts, and the gradient of its loss', async () => {
    const x = normals(8, 1);
    const rows = Array.from({ length: 4 }, (_, i) => [...x.subarray(2 * i, 2 * i + 2)]);
    const problem = await problemFromLosses({
      players: { u: parametersOf(net) },
      data: { x: rows },
      losses: ({ u }, sample) => ({ u: tf.mean(tf.square(applyNetwork(net, u, sample.x))) }),
    });
    expect(problem.blocks?.map(({ name, shape }) => [name, shape])).toEqual(
      net.parameters.map(({ name, shape }) => [`u.${name}`, shape]),
    );
    const z = normals(problem.dim, 2, 0.5);
    const F = new Float32Array(problem.dim);
    await problem.operator(z, F, { player: undefined, sample: undefined, losses: undefined, buffers: {} });
    const direct = await compile(
      (given: { readonly [name in 'p' | 'x']: tf.Tensor }) => ({
        slope: tf.grad((p) => tf.mean(tf.square(net.apply(unflatten(p, net), given.x, {}))))(given.p),
      }),
      { inputs: { p: [problem.dim], x: [4, 2] } },
    );
    const { slope } = await direct.run({ p: z, x });
    F.forEach((g, i) => expect(Math.abs(g - slope[i]!)).toBeLessThan(2 ** -20));
    expect(Math.hypot(...F)).toBeGreaterThan(0.01);
    await Promise.all([problem.dispose(), direct.dispose()]);
  });
  it('refuses a network with buffers, and names a tensor that is missing and examples of another size', () => {
    expect(() => parametersOf(spectralNorm(mlp({ sizes: [2, 3, 1] })))).toThrow(
      'keeps numbers between steps',
    );
    expect(() => applyNetwork(net, {}, tf.zeros([1, 2]))).toThrow('lacks its parameter dense1.kernel');
    const tensors = Object.fromEntries(net.parameters.map(({ name }) => [name, tf.scalar(0)]));
    expect(() => applyNetwork(net, tensors, tf.zeros([4, 3]))).toThrow(
      'is given examples of shape [4,3]; expected [batch, 2]',
    );
  });
});

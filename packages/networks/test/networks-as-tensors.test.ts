import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { solveAsync, gda } from '@stillpoint/optimizers';
import { applyNetwork, mlp, parametersOf, problemFromLosses, spectralNorm } from '../src/index.js';

const net = mlp({ sizes: [2, 3, 1] });

it('a network’s parameters are tensors of a player, beside others, and start as the network’s do', async () => {
  const problem = await problemFromLosses({
    players: { model: { scale: [], ...parametersOf(net) } },
    data: { x: [[1, -2]], y: [[3]] },
    losses: ({ model }, { x, y }) => ({
      model: tf.mean(tf.square(tf.sub(tf.mul(model.scale, applyNetwork(net, model, x)), y))),
    }),
  });
  expect(problem.blocks?.map(({ name, shape }) => [name, shape])).toEqual([
    ['model.scale', []],
    ['model.layers.0.weight', [2, 3]],
    ['model.layers.0.bias', [3]],
    ['model.layers.1.weight', [3, 1]],
    ['model.layers.1.bias', [1]],
  ]);
  const { model } = problem.tensors(problem.start);
  const parameter = net.parameters[2]!;
  const own = new Float32Array(3);
  net.initialise(parameter, own, { seed: 0, purpose: 'start model.layers.1.weight' });
  expect(model!['layers.1.weight']).toEqual(own);
  expect(model!['layers.0.bias']).toEqual(new Float32Array(3));
  // with a scale of 2, weights (1, 1, 1; 0, 1, 2), biases (0, 0, 5) and (1, 1, 1), 1: relu(1, −1, 2) = 3,
  // 2·(3 + 1) = 8
  const z = Float32Array.of(2, 1, 1, 1, 0, 1, 2, 0, 0, 5, 1, 1, 1, 1);
  const losses = new Float64Array(1);
  await problem.losses?.(z, losses, { player: undefined, sample: undefined, losses: undefined, buffers: {} });
  expect(losses[0]).toBe(25);
  const run = await solveAsync(problem, gda({ stepSize: 0.01 }), { start: z, steps: 1 });
  expect(run.ledger.gradients).toEqual([1]);
  await problem.dispose();
});

it('refuses a network that remembers, a missing parameter and examples of another size', () => {
  expect(() => parametersOf(spectralNorm(net))).toThrow('keeps numbers between steps');
  const x = { rank: 2, shape: [4, 3] };
  const tensors = Object.fromEntries(net.parameters.map(({ name }) => [name, {}]));
  expect(() => Reflect.apply(applyNetwork, undefined, [net, {}, x])).toThrow(
    'the network 2-3-1 relu lacks its parameter layers.0.weight',
  );
  expect(() => Reflect.apply(applyNetwork, undefined, [net, tensors, x])).toThrow(
    'is given examples of shape [4,3]; expected [batch, 2]',
  );
});

import { afterAll, describe, expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {
  dcganDiscriminator,
  dcganGenerator,
  mlp,
  network,
  spectralNorm,
  start,
  type Network,
} from '@stillpoint/networks';
import {
  ganGame,
  hinge,
  leastSquares,
  lossFrom,
  nonSaturating,
  type GanGame,
  type GanLoss,
} from '../src/index.js';

const games: GanGame[] = [];
afterAll(async () => {
  for (const game of games) await game.dispose();
});

const ending = (last: (x: tf.Tensor) => tf.Tensor): Network =>
  network({
    inputs: 2,
    outputs: 1,
    parameters: () => ({
      w: start.normal([2, 8], 0.5),
      b: start.constant([8], 0),
      v: start.normal([8, 1], 0.5),
    }),
    apply: ({ w, b, v }, x) => last(tf.matMul(tf.relu(tf.add(tf.matMul(x, w), b)), v)),
  });

async function warned(discriminator: Network, loss: GanLoss): Promise<string | undefined> {
  const image = discriminator.inputs === 64;
  const real = { name: 'zeros', shape: [2], batch: (n: number) => new Float32Array(2 * n) };
  const game = await ganGame({
    generator: image
      ? dcganGenerator({ image: [8, 8, 1], latent: 4, channels: 2, strides: 1 })
      : mlp({ sizes: [2, 8, 2] }),
    discriminator,
    loss,
    data: image ? { name: 'zeros', shape: [8, 8, 1], batch: (n) => new Float32Array(64 * n) } : real,
    batch: 8,
    seed: 1,
  });
  games.push(game);
  return game.boundedScores(game.initialise(1));
}

describe('a D whose outputs are bounded under a loss that reads logits', () => {
  test.each([
    ['sigmoid', (x: tf.Tensor) => tf.sigmoid(x), nonSaturating, /within \[0, 1\], as behind a sigmoid/],
    ['tanh', (x: tf.Tensor) => tf.tanh(x), hinge, /within \[−1, 1\], as behind tanh/],
  ])('%s is found', async (_, last, loss, words) => {
    expect(await warned(ending(last), loss)).toMatch(words);
  });

  test('logits, a least-squares loss and spectral norm pass', async () => {
    expect(
      await warned(
        ending((x) => x),
        nonSaturating,
      ),
    ).toBeUndefined();
    const ofProbabilities: GanLoss = {
      name: 'mine',
      reference: 'none',
      discriminator: (real, fake) => tf.neg(tf.mean(tf.log(tf.mul(real, tf.sub(1, fake))))),
      generator: (fake) => tf.neg(tf.mean(tf.log(fake))),
    };
    const sigmoid = ending((x) => tf.sigmoid(x));
    for (const loss of [leastSquares(), ofProbabilities]) expect(await warned(sigmoid, loss)).toBeUndefined();
    const penalised = lossFrom('non-saturating(penalties=[r1(weight=1)])');
    expect(await warned(sigmoid, penalised)).toContain('within [0, 1]');
    const normalised = spectralNorm(dcganDiscriminator({ image: [8, 8, 1], channels: 2, strides: 1 }));
    expect(await warned(normalised, hinge)).toBeUndefined();
  });
});

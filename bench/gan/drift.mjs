// Why two engines drift apart: gradients at one point and weights after 1 and 5 steps, on two engines, of the
// benchmark's DCGAN with ReLU and with softplus in its place.   node bench/gan/drift.mjs [seeds]
import * as tf from '@tensorflow/tfjs-core';
import { findEngines } from '@stillpoint/engine';
import { ganGame } from '@stillpoint/gans';
import { network, start } from '@stillpoint/networks';
import { uniform } from '@stillpoint/operators';
import { alternatingAdam, alternatingGda, train } from '@stillpoint/optimizers';

const c = 32;
const weight = (shape) => start.normal(shape, 0.05);
const [zero, one] = [(n) => start.constant([n], 0), (n) => start.constant([n], 1)];

function networks(bend, bendLeaky) {
  const generator = network({
    describe: 'G',
    inputs: 64,
    outputs: [28, 28, 1],
    normalised: [2 * c, c],
    parameters: () => ({
      dense: weight([64, 49 * 2 * c]),
      scale0: one(2 * c),
      offset0: zero(2 * c),
      up0: weight([4, 4, c, 2 * c]),
      scale1: one(c),
      offset1: zero(c),
      up1: weight([4, 4, 1, c]),
      bias: zero(1),
    }),
    apply(p, z, { batchNorm }) {
      const n = z.shape[0];
      const small = bend(batchNorm(tf.reshape(tf.matMul(z, p.dense), [n, 7, 7, 2 * c]), p.scale0, p.offset0));
      const large = bend(
        batchNorm(tf.conv2dTranspose(small, p.up0, [n, 14, 14, c], 2, 'same'), p.scale1, p.offset1),
      );
      return tf.tanh(tf.add(tf.conv2dTranspose(large, p.up1, [n, 28, 28, 1], 2, 'same'), p.bias));
    },
  });
  const discriminator = network({
    describe: 'D',
    inputs: [28, 28, 1],
    outputs: 1,
    independent: true,
    parameters: () => ({
      down0: weight([4, 4, 1, c]),
      bias0: zero(c),
      down1: weight([4, 4, c, 2 * c]),
      bias1: zero(2 * c),
      dense: weight([49 * 2 * c, 1]),
      bias: zero(1),
    }),
    apply(p, x) {
      const large = bendLeaky(tf.add(tf.conv2d(x, p.down0, 2, 'same'), p.bias0));
      const small = bendLeaky(tf.add(tf.conv2d(large, p.down1, 2, 'same'), p.bias1));
      return tf.add(tf.matMul(tf.reshape(small, [x.shape[0], -1]), p.dense), p.bias);
    },
  });
  return { generator, discriminator };
}

const data = {
  name: 'noise',
  shape: [28, 28, 1],
  batch: (size, stream) =>
    uniform(new Float32Array(size * 784), { ...stream, purpose: 'data' }).map((u) => 2 * u - 1),
};
const relative = (a, b, from, to) => {
  let [difference, size] = [0, 0];
  for (let i = from; i < to; i++) [difference, size] = [difference + (a[i] - b[i]) ** 2, size + b[i] ** 2];
  return Math.sqrt(difference / size).toExponential(1);
};

const other = (await findEngines(['tensorflow']))[0]?.found ? 'tensorflow' : 'wasm';
const seeds = Number(process.argv[2] ?? 2);
const methods = {
  'Adam, ε = 1e-8': alternatingAdam({ stepSize: 1e-3, beta1: 0.5 }),
  'Adam, ε = 1e-3': alternatingAdam({ stepSize: 1e-3, beta1: 0.5, epsilon: 1e-3 }),
  'gradient steps': alternatingGda({ stepSize: 1e-2 }),
};
console.log(`native against ${other}, ‖difference‖ / ‖value‖ of D and of G`);
const kinds = [
  { name: 'ReLU', bend: tf.relu, bendLeaky: (x) => tf.leakyRelu(x, 0.2) },
  { name: 'softplus', bend: tf.softplus, bendLeaky: tf.softplus },
];
for (const { name, bend, bendLeaky } of kinds) {
  for (let seed = 1; seed <= seeds; seed++) {
    const games = await Promise.all(
      ['native', other].map((engine) =>
        ganGame({ ...networks(bend, bendLeaky), data, batch: 64, seed, engine }),
      ),
    );
    const [
      {
        players: [D, G],
      },
    ] = games;
    const told = (a, b) => `D ${relative(a, b, D.start, D.end)}  G ${relative(a, b, G.start, G.end)}`;
    const z = games[0].initialise(seed);
    const gradients = await Promise.all(
      games.map(async (game) => {
        const out = z.slice();
        await game.operator(z, out, game.draw(0), undefined, { buffers: {}, losses: new Float32Array(2) });
        return out;
      }),
    );
    console.log(`${name}, seed ${seed}: gradient at one point ${told(...gradients)}`);
    for (const [words, method] of Object.entries(methods)) {
      const after = async (steps) =>
        told(
          ...(await Promise.all(
            games.map(async (game) => (await train(game, method, { start: z, steps })).z),
          )),
        );
      console.log(`  ${words.padEnd(16)} weights after 1 step ${await after(1)}, after 5 ${await after(5)}`);
    }
    for (const game of games) await game.dispose();
  }
}

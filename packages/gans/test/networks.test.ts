import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import { compile } from '@stillpoint/engine';
import { normal } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import {
  batchNorm,
  dcganDiscriminator,
  dcganGenerator,
  fromLayersModel,
  ganGame,
  mlp,
  modelFrom,
  network,
  start,
  type Network,
} from '../src/index.js';

const normals = (size: number, call: number, deviation = 1): Float32Array =>
  normal(new Float32Array(size), { seed: 3, purpose: 'test', call }, 0, deviation);
const images = {
  name: 'noise',
  shape: [8, 8, 1],
  batch: (size: number, { call }: { readonly call: number }) => normals(size * 64, 100 + call, 0.3),
};
const norm = (v: Float32Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const relative = (a: Float32Array, b: Float32Array): number =>
  norm(a.map((v, i) => v - (b[i] ?? NaN))) / norm(b);

/** What a network gives for given parameters, on tfjs's cpu backend. */
async function applied(
  net: Network,
  parameters: readonly Float32Array[],
  x: Float32Array,
  batch: number,
): Promise<Float32Array> {
  const run = await compile(
    (inputs) => ({
      y: net.apply(
        net.parameters.map(({ shape }, i) => tf.tensor(parameters[i] ?? [], [...shape])),
        inputs.x,
        {},
      ),
    }),
    { inputs: { x: [batch, net.inputs] }, engine: 'cpu' },
  );
  const { y } = await run.run({ x });
  await run.dispose();
  return y;
}

const started = (net: Network, deviation = 1): Float32Array[] =>
  net.parameters.map((parameter, i) => {
    const values = new Float32Array(parameter.shape.reduce((a, b) => a * b, 1));
    net.initialise(parameter, values, { seed: 1, purpose: parameter.name, call: i });
    return values.map((v) => v * deviation);
  });

describe('batch norm', () => {
  it('gives each channel mean 0 and variance σ²/(σ² + ε), and tells the moments of its batch', async () => {
    const run = await compile(
      ({ h }) => {
        const told: tf.Tensor[] = [];
        const y = batchNorm(h, tf.tensor1d([1, 2]), tf.tensor1d([0, 5]), 0, {
          used: (_, { mean, variance }) => void told.push(mean, variance),
        });
        return { y, mean: told[0] ?? y, variance: told[1] ?? y };
      },
      { inputs: { h: [4, 3, 2, 2] } },
    );
    const h = normals(48, 0, 3).map((v, i) => v + (i % 2));
    const { y, mean, variance } = await run.run({ h });
    for (const channel of [0, 1]) {
      const own = [...h].filter((_, i) => i % 2 === channel);
      const m = own.reduce((a, b) => a + b, 0) / own.length;
      const v = own.reduce((a, b) => a + (b - m) ** 2, 0) / own.length;
      expect(mean[channel]).toBeCloseTo(m, 5);
      expect(variance[channel]).toBeCloseTo(v, 4);
      own.forEach((value, i) =>
        expect(y[2 * i + channel]).toBeCloseTo(
          ((value - m) / Math.sqrt(v + 1e-5)) * (channel + 1) + 5 * channel,
          4,
        ),
      );
    }
    await run.dispose();
  });
});

describe('dcgan', () => {
  it('has the sizes of its description: the 28×28 generator and discriminator of the benchmark', () => {
    const count = ({ parameters }: Network): number =>
      parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // 64·3136 + 2·64 + 16·32·64 + 2·32 + 16·32 + 1;  16·32 + 32 + 16·32·64 + 64 + 3136 + 1
    expect(count(dcganGenerator())).toBe(234_177);
    expect(count(dcganDiscriminator())).toBe(36_513);
    expect([dcganGenerator().outputs, dcganDiscriminator().inputs]).toEqual([784, 784]);
  });
  it('starts with weights of the deviation asked for, scales 1, the rest 0', () => {
    const net = dcganGenerator({ deviation: 0.05 });
    const values = started(net);
    net.parameters.forEach(({ name, shape }, i) => {
      const own = values[i] ?? new Float32Array();
      if (shape.length === 1) return expect([...new Set(own)]).toEqual([name.endsWith('scale') ? 1 : 0]);
      const deviation = Math.sqrt(own.reduce((sum, v) => sum + v * v, 0) / own.length);
      // five standard errors
      return expect(Math.abs(deviation / 0.05 - 1)).toBeLessThan(5 / Math.sqrt(2 * own.length));
    });
  });
  it('treats examples alike: the discriminator’s logit of an image does not depend on its neighbours', async () => {
    const net = dcganDiscriminator({ image: [8, 8, 1], channels: 4 });
    const parameters = started(net, 10);
    const x = normals(3 * 64, 7);
    const all = await applied(net, parameters, x, 3);
    const alone = await applied(net, parameters, x.slice(64, 128), 1);
    expect(alone[0]).toBeCloseTo(all[1] ?? NaN, 5);
    expect(all[0]).not.toBeCloseTo(all[1] ?? NaN, 3);
  });
  it('refuses images whose sides are no multiples of 4, and data that are no images', () => {
    expect(() => dcganGenerator({ image: [30, 28, 1] })).toThrow('a DCGAN for images [30,28,1]');
    expect(() => modelFrom('dcgan', [2])).toThrow(
      'model dcgan makes images; the data have shape [2]; use mlp',
    );
    expect(() => modelFrom('dcgam', [28, 28, 1])).toThrow('did you mean dcgan?');
    expect(() => modelFrom('mlp(generator=[0])', [2])).toThrow('generator');
  });
});

const small = {
  generator: dcganGenerator({ image: [8, 8, 1], latent: 4, channels: 4, deviation: 0.3 }),
  discriminator: dcganDiscriminator({ image: [8, 8, 1], channels: 4, deviation: 0.3 }),
  data: images,
  batch: 16,
  seed: 1,
};

describe('a convolutional GAN', () => {
  it('answers on native and wasm what tfjs computes op by op', async () => {
    const games = await Promise.all(
      (['cpu', 'native', 'wasm'] as const).map((engine) => ganGame({ ...small, engine })),
    );
    const answers: Float32Array[] = [];
    for (const game of games) {
      const out = new Float32Array(game.dim);
      await game.operator(game.initialise(2), out, {
        sample: game.draw(0),
        player: undefined,
        losses: new Float32Array(2),
        buffers: {},
      });
      answers.push(out);
    }
    const [expected = new Float32Array(), ...got] = answers;
    // some 10² roundings of 6e-8 on the way
    for (const out of got) expect(relative(out, expected)).toBeLessThan(1e-5);
    for (const game of games) await game.dispose();
  });
  it('answers a player alone what the joint question answers', async () => {
    const game = await ganGame(small);
    const context = { buffers: {}, losses: new Float32Array(2), player: undefined };
    const z = game.initialise(2);
    const [joint, alone] = [new Float32Array(game.dim), new Float32Array(game.dim)];
    await game.operator(z, joint, { ...context, sample: game.draw(5) });
    const losses = [...context.losses];
    for (const player of [0, 1])
      await game.operator(z, alone, { ...context, sample: game.draw(5, player), player });
    expect(relative(alone, joint)).toBeLessThan(1e-6);
    losses.forEach((loss, i) => expect(context.losses[i]).toBeCloseTo(loss, 5));
    await game.dispose();
  });
  it('samples with moments of the point: each example is a function of its own noise, whatever the count', async () => {
    const game = await ganGame(small);
    const z = game.initialise(2);
    const [few, many] = [await game.sample(z, 3, 9), await game.sample(z, 300, 9)];
    expect(few).toEqual(many.slice(0, 3 * 64));
    // a scale and offset that change nothing about z's moments: doubling the first layer's weights leaves
    // what is sampled
    const { offset = 0, shape = [] } = game.layout.find(({ name }) => name === 'G.dense.weight') ?? {};
    const doubled = z.map((v, i) =>
      i >= offset && i < offset + shape.reduce((a, b) => a * b, 1) ? 2 * v : v,
    );
    const again = await game.sample(doubled, 3, 9);
    expect(relative(again, few)).toBeLessThan(1e-3); // up to ε: 1e-5 against variances of 0.3² · 4
    await game.dispose();
  });
});

describe('a network of one’s own', () => {
  const own = network({
    describe: 'own',
    inputs: 4,
    outputs: [8, 8, 1],
    normalised: [6],
    parameters: () => ({
      weight: start.normal([4, 6], 0.5),
      scale: start.constant([6], 1),
      offset: start.constant([6], 0),
      out: start.normal([6, 64], 0.5),
    }),
    apply: ({ weight, scale, offset, out }, x, help) =>
      tf.tanh(
        tf.reshape(
          tf.matMul(tf.relu(help.batchNorm(tf.matMul(x, weight), scale, offset)), out),
          [-1, 8, 8, 1],
        ),
      ),
  });
  it('plays as a GAN’s generator', async () => {
    const game = await ganGame({ ...small, generator: own });
    const out = new Float32Array(game.dim);
    await game.operator(game.initialise(1), out, {
      sample: game.draw(0),
      player: undefined,
      losses: new Float32Array(2),
      buffers: {},
    });
    expect(out.every(Number.isFinite)).toBe(true);
    expect(out.subarray(game.players[1]?.start).some((v) => v !== 0)).toBe(true);
    expect((await game.sample(game.initialise(1), 5, 1)).length).toBe(5 * 64);
    await game.dispose();
  });
  it('is told what does not fit', async () => {
    expect(() => network({ inputs: 2, outputs: 1, parameters: () => ({}), apply: (_, x) => x })).toThrow(
      'has no parameters',
    );
    expect(() =>
      network({
        inputs: [2, 0],
        outputs: 1,
        parameters: () => ({ w: start.constant([2, 1], 0) }),
        apply: (_, x) => x,
      }),
    ).toThrow('inputs of shape [2,0]');
    const wrong = network({
      describe: 'wrong',
      inputs: 4,
      outputs: [8, 8, 1],
      parameters: () => ({ w: start.normal([4, 7], 1) }),
      apply: ({ w }, x) => tf.matMul(x, w),
    });
    await expect(ganGame({ ...small, generator: wrong })).rejects.toThrow(
      'wrong gave [16,7]; expected [16,8,8,1]',
    );
    const forgot = network({
      describe: 'forgot',
      inputs: 4,
      outputs: 64,
      normalised: [64],
      parameters: () => ({ w: start.normal([4, 64], 1) }),
      apply: ({ w }, x) => tf.matMul(x, w),
    });
    await expect(ganGame({ ...small, generator: forgot })).rejects.toThrow(
      'forgot called batchNorm 0 times; its `normalised` has 1 entries',
    );
  });
});

const tensorOf = (answer: unknown): tf.Tensor => {
  if (!(answer instanceof tf.Tensor)) throw new TypeError('no tensor');
  return answer;
};

describe('a tf.LayersModel', () => {
  const model = (): layers.LayersModel =>
    layers.sequential({
      layers: [
        layers.layers.dense({
          units: 2 * 2 * 6,
          inputShape: [4],
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 1 }),
        }),
        layers.layers.batchNormalization({ momentum: 0.9 }),
        layers.layers.reLU(),
        layers.layers.reshape({ targetShape: [2, 2, 6] }),
        layers.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
        layers.layers.conv2d({
          filters: 5,
          kernelSize: 3,
          padding: 'same',
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 2 }),
        }),
        layers.layers.batchNormalization({}),
        layers.layers.leakyReLU({ alpha: 0.2 }),
        layers.layers.conv2dTranspose({
          filters: 1,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
          activation: 'tanh',
          kernelInitializer: layers.initializers.randomNormal({ stddev: 0.5, seed: 3 }),
        }),
      ],
    });
  it('computes as a network what it computes itself, with the gradient of its own weights', async () => {
    await tf.setBackend('cpu');
    const generator = model();
    const net = fromLayersModel(generator);
    expect(net.parameters.map(({ shape }) => shape)).toEqual(
      generator.trainableWeights.map(({ shape }) => shape),
    );
    const x = normals(16 * 4, 3);
    const expected = tf.tidy(() =>
      tf.variableGrads(() =>
        tf.mean<tf.Scalar>(
          tf.square(tf.sub(tensorOf(generator.apply(tf.tensor(x, [16, 4]), { training: true })), 0.3)),
        ),
      ),
    );
    const gradients = generator.trainableWeights.map((weight) => expected.grads[weight.name]);
    for (const engine of ['native', 'wasm'] as const) {
      const run = await compile(
        ({ z, flat }) => {
          const tensors = tf
            .split(
              flat,
              net.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1)),
            )
            .map((t, i) => tf.reshape(t, net.parameters[i]?.shape.slice() ?? []));
          const { value, grads } = tf.valueAndGrads((...p: tf.Tensor[]) =>
            tf.mean<tf.Scalar>(tf.square(tf.sub(net.apply(p, z, {}), 0.3))),
          )(tensors);
          return { value, gradient: tf.concat(grads.map((g) => tf.reshape(g, [-1]))) };
        },
        {
          inputs: {
            z: [16, 4],
            flat: [net.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)],
          },
          engine,
        },
      );
      const { value, gradient } = await run.run({
        z: x,
        flat: Float32Array.from(
          generator.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]),
        ),
      });
      expect(value[0]).toBeCloseTo(expected.value.dataSync()[0] ?? NaN, 5);
      expect(
        relative(gradient, Float32Array.from(gradients.flatMap((g) => [...(g?.dataSync() ?? [])]))),
      ).toBeLessThan(1e-5);
      await run.dispose();
    }
  });
  it('plays as generator and discriminator, is sampled with measured moments, and is left as it was', async () => {
    await tf.setBackend('cpu');
    const generator = model();
    const discriminator = layers.sequential({
      layers: [
        layers.layers.conv2d({
          filters: 4,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
          inputShape: [8, 8, 1],
        }),
        layers.layers.leakyReLU(),
        layers.layers.flatten(),
        layers.layers.dense({ units: 1 }),
      ],
    });
    const before = generator.getWeights().map((w) => [...w.dataSync()]);
    const game = await ganGame({
      generator: fromLayersModel(generator),
      discriminator: fromLayersModel(discriminator, { independent: true }),
      data: images,
      batch: 16,
      seed: 1,
    });
    const z = game.initialise(1);
    expect(z).toEqual(game.initialise(2));
    const out = new Float32Array(game.dim);
    await game.operator(z, out, {
      sample: game.draw(0),
      player: undefined,
      losses: new Float32Array(2),
      buffers: {},
    });
    expect(out.every(Number.isFinite)).toBe(true);
    const [few, many] = [await game.sample(z, 2, 4), await game.sample(z, 40, 4)];
    expect(few).toEqual(many.slice(0, 2 * 64));
    expect(generator.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
    await game.dispose();
  });
  it('is refused where it cannot be one', () => {
    const two = layers.input({ shape: [2] });
    const outputs = [
      layers.layers.dense({ units: 1 }).apply(two),
      layers.layers.dense({ units: 1 }).apply(two),
    ].filter((x) => x instanceof layers.SymbolicTensor);
    expect(() => fromLayersModel(layers.model({ inputs: two, outputs }))).toThrow(
      'has 2 outputs; expected one',
    );
    const open = layers.sequential({
      layers: [layers.layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [null, 4, 1] })],
    });
    expect(() => fromLayersModel(open)).toThrow('every size but the first must be known');
  });
  it('names what cannot be traced', async () => {
    const dropout = layers.sequential({
      layers: [
        layers.layers.dense({ units: 8, inputShape: [64] }),
        layers.layers.dropout({ rate: 0.5 }),
        layers.layers.dense({ units: 1 }),
      ],
    });
    await expect(ganGame({ ...small, discriminator: fromLayersModel(dropout) })).rejects.toThrow(
      'its numbers would be drawn once and frozen into the graph',
    );
  });
});

it('an mlp of the registry has the sizes asked for', () => {
  const { generator, discriminator } = modelFrom('mlp(latent=3, generator=[5], discriminator=[])', [2]);
  expect(generator.describe).toBe(mlp({ sizes: [3, 5, 2] }).describe);
  expect(discriminator.parameters.map(({ shape }) => shape)).toEqual([[2, 1], [1]]);
});

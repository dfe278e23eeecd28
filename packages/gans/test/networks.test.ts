import { dcganDiscriminator, mlp, spectralNorm } from '@stillpoint/networks';
import { describe, expect, it } from 'vitest';
import { ganGame, modelFrom } from '../src/index.js';
import { normals, relative, small } from './small-gan.js';

describe('a convolutional GAN', () => {
  it('has, on native and wasm, the F that tfjs computes op by op', async () => {
    const games = await Promise.all(
      (['cpu', 'native', 'wasm'] as const).map((engine) => ganGame({ ...small, engine })),
    );
    const results: Float32Array[] = [];
    for (const game of games) {
      const out = new Float32Array(game.dim);
      await game.operator(game.initialise(2), out, {
        sample: game.draw(0),
        player: undefined,
        losses: new Float32Array(2),
        buffers: {},
      });
      results.push(out);
    }
    const [expected = new Float32Array(), ...got] = results;
    // about 100 roundings of 6e-8 each
    for (const out of got) expect(relative(out, expected)).toBeLessThan(1e-5);
    for (const game of games) await game.dispose();
  });
  it('an oracle call for one player returns what the call for both does', async () => {
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
  it('samples with moments measured at z: each example is a function of its own noise, whatever the count', async () => {
    const game = await ganGame(small);
    const z = game.initialise(2);
    const [few, many] = [await game.sample(z, 3, 9), await game.sample(z, 300, 9)];
    expect(few).toEqual(many.slice(0, 3 * 64));
    // a scale and offset that change nothing about z's moments: doubling the first layer's weights leaves
    // what is sampled
    const { offset = 0, shape = [] } = game.blocks.find(({ name }) => name === 'G.dense.weight') ?? {};
    const doubled = z.map((v, i) =>
      i >= offset && i < offset + shape.reduce((a, b) => a * b, 1) ? 2 * v : v,
    );
    const again = await game.sample(doubled, 3, 9);
    expect(relative(again, few)).toBeLessThan(1e-3); // up to ε: 1e-5 against variances of 0.3² · 4
    await game.dispose();
  });
});

it('an mlp of the registry has the sizes asked for', () => {
  const { generator, discriminator } = modelFrom('mlp(latent=3, generator=[5], discriminator=[])', [2]);
  expect(generator.describe).toBe(mlp({ sizes: [3, 5, 2] }).describe);
  expect(discriminator.parameters.map(({ shape }) => shape)).toEqual([[2, 1], [1]]);
});
it('an mlp of the registry starts both networks as asked, and D has the activation asked for', () => {
  const kernel = 'orthogonal(gain=0.8)';
  const { generator, discriminator } = modelFrom(
    `mlp(latent=3, generator=[5], discriminator=[4], activation=relu, kernel="${kernel}")`,
    [2],
  );
  expect(generator.identity).toEqual(mlp({ sizes: [3, 5, 2], kernel }).identity);
  expect(discriminator.identity).toEqual(mlp({ sizes: [2, 4, 1], activation: 'relu', kernel }).identity);
  expect(() => modelFrom('mlp(kernel=orthogonl)', [2])).toThrow('did you mean orthogonal?');
});
it('models refuse data that they cannot make, unknown names and wrong widths', () => {
  expect(() => modelFrom('dcgan', [2])).toThrow('model dcgan makes images; the data have shape [2]; use mlp');
  expect(() => modelFrom('dcgam', [28, 28, 1])).toThrow('did you mean dcgan?');
  expect(() => modelFrom('mlp(generator=[0])', [2])).toThrow('generator');
});

it.each([
  'mlp(generator=[5], discriminator=[4])',
  'dcgan(latent=4, channels=2, normalise=true)',
  'dcgan(latent=4, channels=2, spectralNorm=true)',
  'resnet(latent=4, generatorWidth=4, discriminatorWidth=4)',
  'resnet(latent=4, generatorWidth=4, discriminatorWidth=4, classes=3)',
  'r3gan(latent=4, width=4)',
])('every weight of %s has a gradient on images of 28×28, and samples are drawn', async (spec) => {
  const model = modelFrom(spec, [28, 28, 1]);
  const data = {
    ...small.data,
    shape: [28, 28, 1],
    batch: (n: number) => normals(n * 784, 100, 0.3),
    labels: [0, 1, 2, 1],
    indices: () => [0, 1, 2, 3],
  };
  const game = await ganGame({ ...model, data, batch: 4, seed: 1 });
  // away from the start, at which the kernels of R3GAN that come last in a block are 0
  const z = game.initialise(1).map((x, i) => x + 0.05 * Math.sin(i));
  const buffers = Object.fromEntries(
    (game.buffers ?? []).map(({ name, start = [] }) => [name, Float32Array.from(start)]),
  );
  const F = new Float32Array(game.dim);
  await game.operator(z, F, { sample: game.draw(0), player: undefined, losses: undefined, buffers });
  for (const { name, offset, shape } of game.blocks) {
    const block = F.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
    expect(block.every(Number.isFinite), name).toBe(true);
    // a bias before batch norm changes nothing
    const moves = block.some((v) => v !== 0) || shape.length === 1;
    expect(moves, name).toBe(true);
  }
  expect((await game.sample(z, 2, 1)).length).toBe(2 * 784);
  await game.dispose();
});

it('spectralNorm in the spec of a dcgan is spectralNorm of its discriminator, and excludes batch norm', () => {
  const { discriminator } = modelFrom('dcgan(channels=2, spectralNorm=true)', [8, 8, 1]);
  const plain = dcganDiscriminator({ image: [8, 8, 1], channels: 2 });
  expect(discriminator.identity).toEqual(spectralNorm(plain).identity);
  expect(discriminator.describe).toBe(`${plain.describe}, spectral norm`);
  expect(() => modelFrom('dcgan(channels=2, spectralNorm=true, normalise=true)', [8, 8, 1])).toThrow(
    'a DCGAN with spectralNorm and normalise; expected one of the two',
  );
});

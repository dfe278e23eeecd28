import { describe, expect, it } from 'vitest';
import { distance, dot, l2Ball, norm, normal, svd, type Buffers } from '@stillpoint/operators';
import { gda, train } from '@stillpoint/optimizers';
import { mlp, spectralNorm } from '@stillpoint/networks';
import { ganGame, type GanGame, type GanOptions } from '../src/index.js';

/** Two far Gaussians. */
const data: GanOptions['data'] = {
  name: 'pair',
  shape: [2],
  batch: (size, { seed, call, worker = 0 }) =>
    normal(new Float32Array(2 * size), { seed, purpose: 'pair', call, worker }).map(
      (x, i) => 0.1 * x + (i % 4 < 2 ? 1 : -1),
    ),
};
const discriminator = mlp({ sizes: [2, 6, 1], activation: 'leaky-relu' });
const make = (options: object = {}): Promise<GanGame> =>
  ganGame({
    generator: mlp({ sizes: [2, 5, 2] }),
    discriminator: spectralNorm(discriminator),
    data,
    batch: 8,
    seed: 3,
    ...options,
  });
const startOf = ({ buffers = [] }: GanGame): Buffers =>
  Object.fromEntries(buffers.map(({ name, start = [] }) => [name, Float32Array.from(start)]));
/** The largest singular value of a weight of D, from its block. */
const largest = ({ blocks }: GanGame, z: Float32Array, name: string): number => {
  const {
    offset,
    shape: [rows = 0, columns = 0],
  } = blocks.find((block) => block.name === name)!;
  return svd(Float64Array.from(z.subarray(offset, offset + rows * columns)), rows, columns).values[0]!;
};

describe('spectral norm on D', () => {
  it('remembers a unit vector for each weight, which comes to the largest singular direction as steps go on', async () => {
    const game = await make();
    expect(game.buffers!.map(({ name, length }) => [name, length])).toEqual([
      ['D.layers.0.weight', 6],
      ['D.layers.1.weight', 1],
    ]);
    const [z, buffers] = [game.initialise(2), startOf(game)];
    for (let step = 0; step < 60; step++) await game.advance!(z, buffers);
    const { offset } = game.blocks.find(({ name }) => name === 'D.layers.0.weight')!;
    const v = buffers['D.layers.0.weight']!;
    const Wv = [0, 1].map((row) => dot(v, z.subarray(offset + 6 * row, offset + 6 * row + 6)));
    const σ = largest(game, z, 'D.layers.0.weight');
    expect(Math.abs(norm(v) - 1)).toBeLessThan(8 * 2 ** -24);
    expect(Math.abs(Math.hypot(...Wv) - σ)).toBeLessThan(2 ** -18 * σ);
    await game.dispose();
  });
  it('makes the losses those of W/σ, whatever the scale of W; the gradient is at right angles to W', async () => {
    const game = await make();
    const plain = await ganGame({
      generator: mlp({ sizes: [2, 5, 2] }),
      discriminator,
      data,
      batch: 8,
      seed: 3,
    });
    const [z, buffers, sample] = [game.initialise(2), startOf(game), game.draw(0)];
    for (let step = 0; step < 60; step++) await game.advance!(z, buffers);
    const asked = { sample, player: undefined, losses: undefined, buffers };
    const scaled = z.slice();
    const divided = z.slice();
    for (const name of ['D.layers.0.weight', 'D.layers.1.weight']) {
      const { offset, shape } = game.blocks.find((block) => block.name === name)!;
      const end = offset + shape[0]! * shape[1]!;
      const σ = largest(game, z, name);
      for (let i = offset; i < end; i++) [scaled[i], divided[i]] = [3 * z[i]!, z[i]! / σ];
    }
    const lossesOf = async (of: GanGame, at: Float32Array): Promise<Float32Array> => {
      const out = new Float32Array(2);
      await of.losses!(at, out, asked);
      return out;
    };
    const found = await lossesOf(game, z);
    expect(distance(found, await lossesOf(game, scaled))).toBeLessThan(2 ** -20);
    expect(distance(found, await lossesOf(plain, divided))).toBeLessThan(2 ** -16);
    const F = new Float32Array(game.dim);
    await game.operator(z, F, asked);
    for (const name of ['D.layers.0.weight', 'D.layers.1.weight']) {
      const { offset, shape } = game.blocks.find((block) => block.name === name)!;
      const [W, g] = [z, F].map((vector) => vector.subarray(offset, offset + shape[0]! * shape[1]!));
      const along = g!.reduce((sum, x, i) => sum + x * W![i]!, 0);
      expect(Math.abs(along)).toBeLessThan(2 ** -18 * norm(g!) * norm(W!));
    }
    await Promise.all([game.dispose(), plain.dispose()]);
  });
  it('moves once a step, and goes on bit for bit from a checkpoint', async () => {
    const game = await make();
    const run = (steps: number, from?: object) =>
      train(game, gda({ stepSize: 0.05 }), { start: game.initialise(1), steps, ...from });
    const whole = await run(9);
    const half = await run(4);
    const rest = await run(9, { from: half.checkpoint });
    expect(rest.z).toEqual(whole.z);
    expect(rest.checkpoint.buffers).toEqual(whole.checkpoint.buffers);
    expect(half.checkpoint.buffers).not.toEqual(whole.checkpoint.buffers);
    await game.dispose();
  });
  it('is refused where it cannot be', async () => {
    expect(() => spectralNorm(spectralNorm(discriminator))).toThrow('has buffers of its own');
    await expect(make({ generator: spectralNorm(mlp({ sizes: [2, 5, 2] })) })).rejects.toThrow(
      'has buffers, which sampling does not know; expected them in the discriminator only',
    );
  });
});

describe('a constraint on a player of a GAN', () => {
  it('clips the weights of D, after every step, and leaves G alone', async () => {
    const game = await make({ constraint: { D: 'box(lower=-0.01, upper=0.01)' } });
    const { z } = await train(game, gda({ stepSize: 0.05 }), { start: game.initialise(1), steps: 5 });
    const [D, G] = game.players.map(({ start, end }) => z.subarray(start, end));
    expect(Math.max(...D!.map(Math.abs))).toBe(Math.fround(0.01));
    expect(Math.max(...G!.map(Math.abs))).toBeGreaterThan(0.1);
    await game.dispose();
  });
  it('is part of the identity, and refused for a player that there is not', async () => {
    const [one, other] = [await make(), await make({ constraint: { D: 'box(lower=-0.01, upper=0.01)' } })];
    expect(one.identity).not.toEqual(other.identity);
    const identities = [1, 2].map(
      async (radius) => (await make({ constraint: { G: l2Ball({ radius }) } })).identity,
    );
    expect(await identities[0]).not.toEqual(await identities[1]);
    await expect(make({ constraint: { E: 'simplex' } })).rejects.toThrow('unknown player of a GAN "E"');
    await expect(make({ constraint: 'box' })).rejects.toThrow('expected sets by player');
    await Promise.all([one.dispose(), other.dispose()]);
  });
});

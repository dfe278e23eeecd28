import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '@stillpoint/engine';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  norm,
  normal,
  unpack,
  pack,
  type Asked,
} from '@stillpoint/operators';
import { spaceFor, train } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { countParameters, mlp } from '@stillpoint/networks';
import { ganGame, nonSaturating, type GanGame, type GanOptions } from '../src/index.js';

/** Two far Gaussians: enough to train on. */
const data: GanOptions['data'] = {
  name: 'pair',
  shape: [2],
  batch: (size, { seed, call, worker = 0 }) =>
    normal(new Float32Array(2 * size), { seed, purpose: 'pair', call, worker }).map(
      (x, i) => 0.1 * x + (i % 4 < 2 ? 1 : -1),
    ),
};
const networks = {
  generator: mlp({ sizes: [2, 16, 2] }),
  discriminator: mlp({ sizes: [2, 16, 1], activation: 'leaky-relu' }),
};
const make = (options: Partial<GanOptions> = {}): Promise<GanGame> =>
  ganGame({ ...networks, data, batch: 8, seed: 3, ...options });
const asked = <S>(sample: S, player?: number, losses = new Float32Array(2).fill(NaN)): Asked<S> => ({
  sample,
  player,
  losses,
  buffers: {},
});

describe('the options of ganGame', () => {
  it.each<readonly [Readonly<Record<string, unknown>>, string]>([
    [{ seed: undefined }, 'seed is undefined; expected a whole number from 0 to 4294967295'],
    [{ seed: 2 ** 32 }, 'seed is 4294967296'],
    [
      { generator: { predict: () => 0, layers: [] } },
      'generator is a tfjs model; expected fromLayersModel(model)',
    ],
    [{ discriminator: undefined }, 'discriminator is undefined; expected a network'],
    [{ data: new Float32Array(4) }, 'data is a Float32Array of 16 bytes; expected a data set'],
    [{ loss: 'hinge' }, 'loss is "hinge"; expected a loss'],
    [{ batch: 1.5 }, 'batch is 1.5'],
    [{ latent: 2 }, 'unknown option of ganGame "latent"'],
  ])('refuses %j', async (wrong, message) => {
    await expect(make(wrong)).rejects.toThrow(message);
  });
});

describe('mlp', () => {
  it('names and counts its parameters', () => {
    expect(networks.discriminator.parameters).toEqual([
      { name: 'layers.0.weight', shape: [2, 16] },
      { name: 'layers.0.bias', shape: [16] },
      { name: 'layers.1.weight', shape: [16, 1] },
      { name: 'layers.1.bias', shape: [1] },
    ]);
    expect(
      countParameters(mlp({ sizes: [2, 128, 128, 2] })) + countParameters(mlp({ sizes: [2, 128, 128, 1] })),
    ).toBe(34_179);
  });
  it('computes its formula', async () => {
    const net = mlp({ sizes: [2, 2, 1], output: 'tanh' });
    const run = await compile(
      ({ x }: { readonly x: tf.Tensor }) => ({
        y: net.apply(
          [
            tf.tensor2d([
              [1, -1],
              [2, 0],
            ]),
            tf.tensor1d([0.5, 0.25]),
            tf.tensor2d([[2], [3]]),
            tf.tensor1d([-1]),
          ],
          x,
          {},
        ),
      }),
      { inputs: { x: [1, 2] }, engine: 'cpu' },
    );
    const { y } = await run.run({ x: Float32Array.of(1, -0.2) });
    const h = [Math.max(0, 1 - 0.4 + 0.5), Math.max(0, -1 + 0.25)];
    expect(y[0]).toBeCloseTo(Math.tanh(2 * (h[0] ?? 0) + 3 * (h[1] ?? 0) - 1), 6);
    await run.dispose();
  });
  it('leaky ReLU multiplies values below 0 by a fifth', async () => {
    const net = mlp({ sizes: [1, 1, 1], activation: 'leaky-relu' });
    const run = await compile(
      ({ x }: { readonly x: tf.Tensor }) => ({
        y: net.apply([tf.tensor2d([[1]]), tf.tensor1d([0]), tf.tensor2d([[1]]), tf.tensor1d([0])], x, {}),
      }),
      { inputs: { x: [2, 1] } },
    );
    const { y } = await run.run({ x: Float32Array.of(3, -3) });
    expect(y[0]).toBe(3);
    expect(y[1]).toBeCloseTo(-0.6, 6);
    await run.dispose();
  });
  it('refuses fewer than two sizes', () => expect(() => mlp({ sizes: [2] })).toThrow('an mlp of sizes [2]'));
});

/** Published test values of TF-GAN and torchgan (their unit tests). */
describe('non-saturating loss', () => {
  const evaluate = async (real: readonly number[], fake: readonly number[]): Promise<readonly number[]> => {
    const run = await compile(
      ({ r, f }: { readonly r: tf.Tensor; readonly f: tf.Tensor }) => ({
        d: nonSaturating.discriminator(r, f),
        g: nonSaturating.generator(f),
      }),
      { inputs: { r: [4, 1], f: [4, 1] } },
    );
    const { d, g } = await run.run({ r: Float32Array.from(real), f: Float32Array.from(fake) });
    await run.dispose();
    return [d[0] ?? NaN, g[0] ?? NaN];
  };
  it.each([
    ['TF-GAN', [-5, 1.4, 12.5, 2.7], [10, 4.4, -5.5, 3.6], 5.83387, 1.38582],
    ['torchgan', [1.3, 2.9, 8.4, 6.3], [4.8, 1.2, -3.5, 5.9], 3.1251488, 0.9509912],
  ])('%s', async (_, real, fake, d, g) => {
    const [foundD, foundG] = await evaluate(real, fake);
    expect(foundD).toBeCloseTo(d, 5);
    expect(foundG).toBeCloseTo(g, 5);
  });
});

describe('a GAN as a game', () => {
  let game: GanGame;
  let z: Float32Array;
  beforeAll(async () => {
    game = await make();
    z = game.initialise(5);
  });
  afterAll(() => game.dispose());

  it('lists D before G, in slices that cover the flat vector without holes', () => {
    expect(game.players.map(({ name }) => name)).toEqual(['D', 'G']);
    let end = 0;
    for (const { offset, shape } of game.blocks) {
      expect(offset).toBe(end);
      end += shape.reduce((a, b) => a * b, 1);
    }
    expect(end).toBe(game.dim);
    expect(game.players[1]?.start).toBe(countParameters(networks.discriminator));
  });
  it('starts as a pure function of the seed, each parameter with its own numbers', () => {
    expect(game.initialise(5)).toEqual(z);
    expect(game.initialise(6)).not.toEqual(z);
    expect(z.slice(0, 32)).not.toEqual(
      z.slice(countParameters(networks.discriminator), countParameters(networks.discriminator) + 32),
    );
  });
  it('an oracle call for both players returns what the two single calls do, with the losses', async () => {
    const [joint, alone] = [new Float32Array(game.dim), new Float32Array(game.dim)];
    const [both, single] = [new Float32Array(2).fill(NaN), new Float32Array(2).fill(NaN)];
    await game.operator(z, joint, asked(game.draw(4), undefined, both));
    await game.operator(z, alone, asked(game.draw(4, 0), 0, single));
    expect(Number.isNaN(single[1])).toBe(true);
    await game.operator(z, alone, asked(game.draw(4, 1), 1, single));
    // Two graphs may add up in different orders: 8 rows of 16 terms.
    joint.forEach((x, i) =>
      expect(Math.abs(x - (alone[i] ?? NaN))).toBeLessThanOrEqual(
        8 * 16 * 2 ** -24 * Math.max(1, norm(joint)),
      ),
    );
    const expected = new Float32Array(2);
    await game.losses?.(z, expected, asked(game.draw(4)));
    for (const p of [0, 1]) {
      expect(both[p]).toBeCloseTo(expected[p] ?? NaN, 6);
      expect(single[p]).toBeCloseTo(expected[p] ?? NaN, 6);
    }
  });
  it('F is the gradient of each player’s own loss (central differences)', async () => {
    const F = new Float32Array(game.dim);
    const sample = game.draw(0);
    await game.operator(z, F, asked(sample));
    const h = 2 ** -7;
    const [up, down] = [new Float32Array(2), new Float32Array(2)];
    for (const [p, { start, end }] of game.players.entries()) {
      // Along the player's gradient itself: the derivative is its norm, well above float32's rounding of the
      // loss.
      const g = F.slice(start, end);
      const length = norm(g);
      const moved = (s: number): Float32Array =>
        z.map((x, i) => (i >= start && i < end ? x + (s * (g[i - start] ?? 0)) / length : x));
      await game.losses?.(moved(h), up, asked(sample));
      await game.losses?.(moved(-h), down, asked(sample));
      // kinks of ReLU and h²
      expect(Math.abs(((up[p] ?? 0) - (down[p] ?? 0)) / (2 * h) - length) / length).toBeLessThan(2e-2);
    }
  });
  it('draws as a pure function of (call, player, worker), with separate noise for D and G', () => {
    expect(game.draw(2)).toEqual(game.draw(2));
    expect(game.draw(2, 0)).toEqual({ D: game.draw(2).D });
    expect(game.draw(2).D?.noise).not.toEqual(game.draw(2).G?.noise);
    expect(game.draw(2, 1, 1)).not.toEqual(game.draw(2, 1, 0));
  });
  it('samples as a pure function of z, count and seed; fewer examples are the first of more', async () => {
    const many = await game.sample(z, 300, 1);
    expect(many).toHaveLength(600);
    expect(await game.sample(z, 300, 1)).toEqual(many);
    expect(await game.sample(z, 7, 1)).toEqual(many.slice(0, 14));
    expect(await game.sample(z, 7, 2)).not.toEqual(many.slice(0, 14));
  });
  it('refuses networks, samples and vectors that do not fit, with a reason', async () => {
    await expect(make({ generator: mlp({ sizes: [2, 4, 3] }) })).rejects.toThrow(
      'pair has examples of 2 numbers; the generator makes 3, the discriminator takes 2',
    );
    await expect(make({ discriminator: mlp({ sizes: [2, 4, 2] }) })).rejects.toThrow(
      '2 outputs; expected 1 logit',
    );
    await expect(make({ batch: 0 })).rejects.toThrow('batch is 0');
    await expect(
      game.operator(new Float64Array(game.dim), new Float64Array(game.dim), asked(game.draw(0))),
    ).rejects.toThrow('runs in float32');
    await expect(game.operator(z, new Float32Array(game.dim), asked(game.draw(0, 1), 0))).rejects.toThrow(
      'no part D.real: it was drawn for the other player alone',
    );
  });
  it.each([
    'alternating-adam(stepSize=0.002, beta1=0.5)',
    'lookahead(extra-adam(stepSize=0.002), steps=3)',
    'rapp-adam(stepSize=0.002)',
  ])('%s: saving, loading and continuing equals an uninterrupted run, bit for bit', async (spec) => {
    const method = methodFrom(spec);
    const full = await train(game, method, { start: z, steps: 12 });
    const half = decodeCheckpoint(
      encodeCheckpoint((await train(game, method, { start: z, steps: 5 })).checkpoint),
    );
    const from = { ...half, state: unpack(pack(half.state), method.init(spaceFor(game, z), z)) };
    const other = await make();
    const rest = await train(other, methodFrom(spec), { start: z, steps: 12, from });
    await other.dispose();
    expect(new Uint8Array(rest.z.buffer)).toEqual(new Uint8Array(full.z.buffer));
    expect(rest.checkpoint.ledger).toEqual(full.checkpoint.ledger);
  });
});

describe('engines', () => {
  it.each(['native', 'wasm'] as const)(
    '%s agrees with cpu on the gradient at one point to 1e-5',
    async (engine) => {
      const [fast, reference] = await Promise.all([make({ engine }), make({ engine: 'cpu' })]);
      const z = fast.initialise(1);
      const [a, b] = [new Float32Array(fast.dim), new Float32Array(fast.dim)];
      await fast.operator(z, a, asked(fast.draw(0)));
      await reference.operator(z, b, asked(reference.draw(0)));
      expect(norm(a.map((x, i) => x - (b[i] ?? 0)))).toBeLessThan(1e-5 * norm(b));
      expect(fast.engine).toMatchObject({ name: engine, threads: 1 });
      await Promise.all([fast.dispose(), reference.dispose()]);
    },
  );
});
